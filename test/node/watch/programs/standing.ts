/** Stands once, as a node does at a breakpoint, and prints what it was told and for how long it stood; or that it can't. */
import { openStop } from '../../../../main/node/watch/stop'

const stood = openStop()?.stand({ type: 'stopped', breakpoint: 3, event: 7, kind: 'role' })
process.stdout.write(`${JSON.stringify(stood ?? 'nobody gives orders')}\n`)
