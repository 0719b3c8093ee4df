/** Scripts about reads, and about answers that get lost. */
import { BRIEF_MS, carriesEntries, type Field } from '../field'
import { begin } from './begin'
import type { Script } from './script'

const isLeader = (field: Field, node: number, since: number) => () =>
  field.saw('role', (event) => event.node === node && event.role === 'leader', since)

/** n2 leads, does not know that n1 committed x=2, and cannot commit anything itself; its heartbeats are answered. */
const newLeaderReads: Script = {
  nodes: 3,
  settings: { heartbeatMs: 400 },
  async play(field) {
    await begin(field)
    // What follows reaches n2's log, and no heartbeat tells it that it is committed.
    await field.hold(1, [2, 3], ['AppendEntries'])
    const write = field.put('x', '2')
    for (const node of [2, 3]) {
      await field.until(() => field.held(1, node).some(carriesEntries))
      const message = field.held(1, node).find(carriesEntries)
      if (message !== undefined) await field.cluster.release(message)
    }
    await write
    await field.until(() => [2, 3].every((node) => field.lastIndex(node) === field.lastIndex(1)))
    await field.cluster.kill(1)
    await field.hold(2, [3], ['AppendEntries'])
    await field.elect(2)
    const read = field.get('x', { via: 2, timeoutMs: BRIEF_MS })
    const deadline = performance.now() + BRIEF_MS
    while (performance.now() < deadline) {
      const [first] = field.held(2, 3)
      // Nobody knows yet whether it is a heartbeat, or brings the entry that must not be committed.
      if (first?.count === undefined) {
        await field.pause(10)
        continue
      }
      await (first.count === 0 ? field.cluster.release(first) : field.cluster.dropHeld(first)).catch(() => undefined)
      await field.until(() => !field.held(2, 3).some(({ id }) => id === first.id), 500)
    }
    await read
  },
}

/** n1 hands over to n2, and hears nothing more. */
const leaseAndTransfer: Script = {
  nodes: 3,
  settings: { leaseReads: true, checkQuorum: true, electionTimeoutMs: 8000 },
  async play(field) {
    // With leases, a voter waits for an election timeout of its own clock after its start: the second time that it runs out is later.
    await field.cut(1, 2, 3)
    await field.cut(2, 3)
    for (const node of [2, 2, 3, 3]) await field.cluster.fire(node)
    await field.mend(1, 2, 3)
    await field.mend(2, 3)
    await field.elect(1, 12_000)
    await field.put('x', '1')
    await field.until(() => [2, 3].every((node) => field.commitIndex(node) === field.lastIndex(1)))
    const since = field.mark
    await field.block(2, [1])
    await field.block(3, [1])
    const transfer = field.cluster.transferLeadership(2).catch(() => undefined)
    await field.until(isLeader(field, 2, since))
    await field.put('x', '2', { via: 2 })
    await field.get('x', { via: 1, consistency: 'lease', timeoutMs: 800 })
    await field.mend(1, 2, 3)
    await transfer
  },
}

/** n3 hears no entries, and can ask the leader all the same. */
const followerBehind: Script = {
  nodes: 3,
  async play(field) {
    await begin(field)
    await field.block(1, [3], ['AppendEntries'])
    await field.put('x', '2')
    await field.get('x', { via: 3, timeoutMs: BRIEF_MS })
  },
}

/** Everybody has the entry, and n1 dies before it can answer; the client asks n2 again. */
const answerLost: Script = {
  nodes: 3,
  async play(field) {
    await field.elect(1)
    await field.append('x', 'a')
    await field.hold(2, [1], ['AppendEntriesReply'])
    await field.hold(3, [1], ['AppendEntriesReply'])
    const before = field.lastIndex(1)
    const again = field.append('x', 'b', { timeoutMs: 8000 })
    await field.until(() => [2, 3].every((node) => field.lastIndex(node) > before))
    await field.cluster.kill(1)
    await field.elect(2)
    await again
    await field.get('x')
  },
}

export const readScripts = {
  'new-leader-reads': newLeaderReads,
  'lease-and-transfer': leaseAndTransfer,
  'follower-behind': followerBehind,
  'answer-lost': answerLost,
}
