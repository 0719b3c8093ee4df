/**
 * `npm start`: installs and builds what is missing, then opens the workbench: Electron, else a window of an installed
 * browser, else an address to open. `npm start -- RECORDING` opens a recording.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuilt, ensureDependencies, nodeProgram, root } from './setup.mjs'

ensureDependencies()
ensureBuilt()

const child = spawn(nodeProgram(), [join(root, 'out', 'main', 'cli.js'), 'open', ...process.argv.slice(2)], {
  stdio: 'inherit',
  // A person types paths relative to where they stand, not to the project.
  cwd: process.env.INIT_CWD ?? process.cwd(),
})
// The child decides how to end; this process only passes its status on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 3 : 0)
})
