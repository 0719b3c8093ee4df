/** Scripts about copies of entries, and when they are committed. */
import { BRIEF_MS, carriesEntries, type Field } from '../field'
import { begin } from './begin'
import type { Script } from './script'

/** Lets one held message after the other pass (or drops it), the first one first, until `done`. */
async function letPass(
  field: Field,
  from: number,
  to: number,
  passes: (count: number) => boolean,
  done: () => boolean,
  withinMs: number,
): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (!done() && performance.now() < deadline) {
    const [first] = field.held(from, to)
    // What it carries may not be told yet: to take it for a heartbeat would let pass what must not.
    if (first?.count === undefined) {
      await field.pause(5)
      continue
    }
    const way = passes(first.count) ? field.cluster.release(first) : field.cluster.dropHeld(first)
    await way.catch(() => undefined)
    await field.until(() => !field.held(from, to).some(({ id }) => id === first.id), 500)
  }
  return done()
}

/** Figure 8 with three nodes: (a) to (d2). */
const figure8: Script = {
  nodes: 3,
  settings: { maxBatchBytes: 1, maxInFlight: 1 },
  async play(field) {
    await begin(field)
    const base = field.lastIndex(1)
    // (a) n1 alone has another entry.
    await field.cut(1, 2, 3)
    await field.put('x', '2', { via: 1, timeoutMs: 300 })
    // (b) n2 leads with n3's vote, and alone has the entry of its term at the same index.
    await field.block(2, [3], ['AppendEntries'])
    await field.elect(2)
    await field.crash(2)
    await field.cut(2, 1, 3)
    // (c) n1 leads again, and its old entry, without one of its new term, reaches n3.
    await field.crash(1)
    await field.mend(1, 3)
    await field.hold(1, [3], ['AppendEntries'])
    await field.elect(1)
    const hasOld = () => field.lastIndex(3) > base
    await letPass(field, 1, 3, () => true, hasOld, 4000)
    await field.until(() => field.commitIndex(1) > base, BRIEF_MS)
    // (d) n2 is elected, because its last term is later than n3's, and overwrites it.
    await field.cluster.kill(1)
    await field.mend(2, 3)
    await field.elect(2)
    await field.get('x', { timeoutMs: BRIEF_MS })
  },
}

const slowFollowers: Script = {
  nodes: 3,
  async play(field) {
    await begin(field)
    await Promise.all([field.slowDisk(2, 1500), field.slowDisk(3, 1500)])
    await field.put('x', '2')
  },
}

const slowLeader: Script = {
  nodes: 3,
  async play(field) {
    await begin(field)
    await field.cut(3, 1, 2)
    await field.slowDisk(1, 1500)
    await field.put('x', '2')
  },
}

/** n1 leads on, cut off; n2 is elected; clients ask both. */
const leaderCutOff: Script = {
  nodes: 3,
  async play(field) {
    await begin(field)
    await field.cut(1, 2, 3)
    await field.put('y', 'lost', { via: 1, timeoutMs: 500 })
    await field.elect(2)
    await field.put('x', '2', { via: 2 })
    await field.put('y', 'kept', { via: 2 })
    await field.get('x', { via: 1, timeoutMs: 500 })
    await field.mend(1, 2, 3)
    await field.get('y', { via: 2 })
    await field.until(() => field.lastIndex(1) === field.lastIndex(2), BRIEF_MS)
  },
}

/** n1 has entries of its own where n2 and n3 committed others, and hears only n2's heartbeats. */
const heartbeatOverConflict: Script = {
  nodes: 3,
  settings: { sessions: false },
  async play(field) {
    await begin(field)
    const base = field.commitIndex(1)
    await field.cut(1, 2, 3)
    await Promise.all(['a', 'b', 'c', 'd'].map((value) => field.put('y', value, { via: 1, timeoutMs: 300 })))
    await field.until(() => field.lastIndex(1) >= base + 4, BRIEF_MS)
    await field.elect(2)
    await field.put('x', '2', { via: 2 })
    await field.hold(2, [1], ['AppendEntries'])
    await field.mendCuts()
    await letPass(
      field,
      2,
      1,
      (count) => count === 0,
      () => field.commitIndex(1) > base,
      2500,
    )
  },
}

/** n1 has entries of an old term behind the last common one; n3, just elected, sends it what comes after. */
const conflictBehind: Script = {
  nodes: 3,
  settings: { sessions: false },
  async play(field) {
    await begin(field)
    await field.cut(1, 2, 3)
    await Promise.all(['a', 'b', 'c', 'd'].map((value) => field.put('y', value, { via: 1, timeoutMs: 300 })))
    await field.elect(2)
    await field.put('x', '2', { via: 2 })
    await field.put('x', '3', { via: 2 })
    await field.until(() => field.lastIndex(3) === field.lastIndex(2))
    await field.crash(1)
    await field.cluster.kill(2)
    await field.mend(1, 3)
    await field.elect(3)
    await field.put('x', '4', { via: 3, timeoutMs: 2000 })
    await field.until(() => field.commitIndex(1) >= field.commitIndex(3), BRIEF_MS)
  },
}

/** A copy of a message comes after the next one, and cuts away what that brought and the leader counted. */
const messageAgain: Script = {
  nodes: 3,
  settings: { sessions: false, maxBatchBytes: 1, heartbeatMs: 5000 },
  async play(field) {
    await field.elect(1)
    await field.put('x', '1')
    await field.until(() => field.lastIndex(2) === field.lastIndex(1) && field.lastIndex(3) === field.lastIndex(1))
    const base = field.lastIndex(1)
    await field.cut(3, 1, 2)
    await field.hold(1, [2], ['AppendEntries'])
    const writes = [field.put('x', '2'), field.put('y', '1')]
    const isHeld = () => field.held(1, 2).filter(carriesEntries).length >= 2
    await field.until(isHeld)
    const [first] = field.held(1, 2).filter(carriesEntries)
    if (first === undefined) return
    await field.cluster.duplicateHeld(first)
    await field.until(() => field.held(1, 2).some(({ id }) => id < 0))
    const copy = field.held(1, 2).find(({ id }) => id < 0)
    for (const each of field.held(1, 2).filter(({ id }) => id >= 0)) await field.cluster.release(each)
    await field.until(() => field.commitIndex(1) >= base + 2)
    await Promise.all(writes)
    if (copy !== undefined) await field.cluster.release(copy)
    await field.until(() => field.lastIndex(2) < base + 2, 500)
    await field.cluster.kill(1)
    await field.mend(3, 2)
    await field.elect(2)
    await field.get('y', { timeoutMs: BRIEF_MS })
  },
}

export const replicationScripts = {
  'figure-8': figure8,
  'slow-followers': slowFollowers,
  'slow-leader': slowLeader,
  'leader-cut-off': leaderCutOff,
  'heartbeat-over-conflict': heartbeatOverConflict,
  'conflict-behind': conflictBehind,
  'message-again': messageAgain,
}
