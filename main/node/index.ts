/** Entry of a node process: `node node.js <Launch as JSON>`. */
import { type Launch, launchSchema } from './contract/launch'
import { NodeProcess } from './process'
import { EXIT_FATAL } from './supervision'

function readLaunch(argument: string | undefined): Launch {
  try {
    return launchSchema.parse(JSON.parse(argument ?? ''))
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
