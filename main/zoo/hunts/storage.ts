/** Scripts about snapshots. */
import { BRIEF_MS } from '../field'
import type { Script } from './script'

/** n1 starts from a snapshot and the entries behind it. */
const startFromSnapshot: Script = {
  nodes: 3,
  settings: { sessions: false },
  async play(field) {
    await field.elect(1)
    for (const piece of ['a', 'b', 'c']) await field.append('x', piece)
    await field.until(() => field.commitIndex(1) === field.lastIndex(1))
    await field.cluster.snapshot(1)
    await field.crash(1)
    await field.elect(1)
    await field.get('x')
  },
}

/** n3 gets a snapshot, then entries, then a copy of the snapshot. */
const snapshotAgain: Script = {
  nodes: 3,
  settings: { trailingEntries: 0 },
  async play(field) {
    await field.elect(1)
    await field.cut(3, 1, 2)
    for (const piece of ['a', 'b', 'c']) await field.append('x', piece)
    await field.cluster.snapshot(1)
    await field.hold(1, [3], ['InstallSnapshot'])
    // The cuts go, the hold stays.
    await field.mendCuts()
    await field.until(() => field.held(1, 3).length > 0)
    const [first] = field.held(1, 3)
    if (first === undefined) return
    await field.cluster.duplicateHeld(first)
    await field.until(() => field.held(1, 3).some(({ id }) => id < 0))
    const copy = field.held(1, 3).find(({ id }) => id < 0)
    await field.cluster.release(first)
    await field.until(() => field.saw('snapshot', (event) => event.node === 3 && event.stage === 'installed'))
    for (const piece of ['d', 'e', 'f']) await field.append('x', piece)
    await field.until(() => field.commitIndex(3) === field.lastIndex(1))
    const since = field.mark
    if (copy !== undefined) await field.cluster.release(copy)
    await field.until(
      () => field.saw('snapshot', (event) => event.node === 3 && event.stage === 'installed', since),
      BRIEF_MS,
    )
  },
}

export const storageScripts = {
  'start-from-snapshot': startFromSnapshot,
  'snapshot-again': snapshotAgain,
}
