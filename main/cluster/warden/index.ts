/**
 * The warden: a small process beside the workbench, in a session of its own, that holds one end of a channel. When the
 * channel closes without a goodbye, the workbench was killed; a stopped (SIGSTOP) node can't notice that by itself, so
 * the warden ends every node, removes the sockets and the lock, and goes too.
 *
 * Arguments: the cluster's directory and the token of the lock. What to end stands in the cluster's register
 * (`leftovers.ts`), so a warden that died can be replaced at any time without telling the new one anything.
 */
import { cleanUpAfter } from '../leftovers'
import { GOODBYE, WATCHING } from './protocol'

const [cluster, token] = process.argv.slice(2)
if (cluster === undefined || token === undefined || process.send === undefined) {
  process.stderr.write('The warden is started by the workbench only.\n')
  process.exit(2)
}

// Neither Ctrl-C nor a closing terminal nor a polite kill may take the warden before the workbench.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => undefined)

process.on('message', (message) => {
  if (message === GOODBYE) process.exit(0)
})

async function takeOver(lockedDirectory: string, lockToken: string): Promise<void> {
  await cleanUpAfter(lockedDirectory, lockToken)
  process.exit(0)
}
process.once('disconnect', () => takeOver(cluster, token))
// The workbench may have died while this program was being loaded, before anybody listened.
if (process.connected) process.send(WATCHING, () => undefined)
else await takeOver(cluster, token)
