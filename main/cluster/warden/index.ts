/**
 * The warden: a small process beside the workbench, in a session of its own, that holds one end of a pipe. When the pipe
 * closes, the workbench has ended, in whatever way; a stopped (SIGSTOP) node can't notice that by itself, so for every
 * cluster that was not put away before, the warden ends every node, removes the sockets and the lock; then it goes too.
 *
 * It is told which clusters those are. What to end stands in each one's register (`leftovers.ts`), so a warden that died
 * can be replaced at any time. Its argument is the directory of the cluster with which it was started: it is there for
 * whoever reads a list of processes.
 */
import { cleanUpAfter } from '../leftovers'
import { hearAsked, say, type Watched } from './protocol'

if (process.argv[2] === undefined) {
  process.stderr.write('The warden is started by the workbench only.\n')
  process.exit(2)
}

// Neither Ctrl-C nor a closing terminal nor a polite kill may take the warden before the workbench.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => undefined)
// The workbench's end is heard at the other pipe, behind all that it said.
for (const pipe of [process.stdin, process.stdout]) pipe.on('error', () => undefined)

const watched = new Map<string, Watched>()

hearAsked(process.stdin, (asked) => {
  switch (asked.type) {
    case 'watch':
      watched.set(asked.token, asked)
      say(process.stdout, { type: 'watching', token: asked.token })
      break
    case 'forget':
      watched.delete(asked.token)
      break
  }
})

process.stdin.once('close', async () => {
  // What one of them refuses is left to the next workbench, and keeps no other waiting.
  await Promise.allSettled([...watched.values()].map(({ directory, token }) => cleanUpAfter(directory, token)))
  process.exit(0)
})
