/** The headless command line: `raft-workbench COMMAND`. It also holds the browser host. */
import { join, resolve } from 'node:path'
import { version } from '../../package.json'
import { readLanguage } from '../workbench/headless'
import { homeDirectory } from '../workbench/home'
import { terminalLanguage } from '../workbench/language'
import { KEEP_WINDOW, keepWindow } from './launch/window-keeper'
import { run } from './program'
import { createTerminal } from './terminal'

const built = import.meta.dirname
const places = {
  app: resolve(built, '../..'),
  cli: import.meta.filename,
  pages: resolve(built, '../renderer'),
  programs: {
    node: join(built, 'node.cjs'),
    warden: join(built, 'warden.js'),
    recorder: join(built, 'recorder.js'),
    judge: join(built, 'judge.js'),
    page: join(built, 'offline.html'),
  },
  version,
}

// A reader that has seen enough (`| head`) ends us without a complaint.
process.stdout.on('error', (trouble: NodeJS.ErrnoException) => {
  process.exit(trouble.code === 'EPIPE' ? 0 : 3)
})

const args = process.argv.slice(2)
const [first, profile, browser, ...browserArguments] = args
if (first === KEEP_WINDOW && profile && browser) {
  await keepWindow(profile, browser, browserArguments)
  process.exit()
}
const asked = args.find((_, at) => args[at - 1] === '--home') ?? args.find((arg) => arg.startsWith('--home='))?.slice(7)
const chosen = await readLanguage(homeDirectory(asked))
const language = chosen === 'system' ? terminalLanguage(process.env) : chosen
process.exitCode = await run(args, places, createTerminal(language, process.stdout, process.stderr))
