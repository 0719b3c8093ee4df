/** Entry of a node process: `node node.js <Launch as JSON>`, or `node node.js @<file with it>` where that is long. */
import { readFileSync, rmSync } from 'node:fs'
import { LAUNCH_FILE, type Launch, launchSchema } from './contract/launch'
import { NodeProcess } from './process'
import { EXIT_FATAL } from './supervision'

function textOf(argument: string): string {
  if (!argument.startsWith(LAUNCH_FILE)) return argument
  const path = argument.slice(LAUNCH_FILE.length)
  const text = readFileSync(path, 'utf8')
  rmSync(path, { force: true })
  return text
}

function readLaunch(argument: string | undefined): Launch {
  try {
    return launchSchema.parse(JSON.parse(textOf(argument ?? '')))
  } catch (error) {
    const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error)
    process.stderr.write(`node: the launch argument cannot be used: ${reason}\n`)
    process.exit(EXIT_FATAL)
  }
}

const node = new NodeProcess(readLaunch(process.argv[2]))
process.on('uncaughtException', (error) => node.fatal(error))
process.on('SIGTERM', () => node.stop())
// Ctrl-C in a terminal reaches the whole group; the supervisor hears it too, and stops its nodes in order.
process.on('SIGINT', () => {})
process.on('SIGHUP', () => {})
node.run().catch((error: unknown) => node.fatal(error))
