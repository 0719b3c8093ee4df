/** Scripts about changes of the membership. */
import { BRIEF_MS, type Field } from '../field'
import { begin } from './begin'
import type { Script } from './script'

const appendedConfiguration = (field: Field, node: number, since: number) => () =>
  field.saw('configuration', (event) => event.node === node && event.standing === 'appended', since)

/** The bug of 2015, with four servers: n1 removes n4, n2 removes n1, and the two majorities do not meet. */
const twoChangesApart: Script = {
  nodes: 4,
  async play(field) {
    await begin(field)
    await field.cut(1, 2, 3, 4)
    let since = field.mark
    const first = field.change([{ node: 4, role: 'removed' }])
    await field.until(appendedConfiguration(field, 1, since))
    // Who asked for it gives up at last, and asks no other leader for the same.
    await first
    await field.cluster.kill(1)
    await field.block(2, [3, 4], ['AppendEntries'])
    await field.elect(2)
    since = field.mark
    field.change([{ node: 1, role: 'removed' }])
    const isChanged = await field.until(appendedConfiguration(field, 2, since), 2000)
    if (!isChanged) return
    const reached = field.lastIndex(2)
    await field.mend(2, 4)
    await field.until(() => field.commitIndex(2) >= reached, 2000)
    await field.cluster.kill(2)
    await field.start(1)
    await field.mend(1, 3)
    await field.elect(1, 2500)
  },
}

const twoChangesAtOnce: Script = {
  nodes: 5,
  async play(field) {
    await begin(field)
    await field.block(1, [2, 3, 4, 5], ['AppendEntries'])
    const since = field.mark
    field.change([{ node: 5, role: 'removed' }])
    await field.until(appendedConfiguration(field, 1, since))
    const next = field.mark
    field.change([{ node: 4, role: 'removed' }])
    await field.until(appendedConfiguration(field, 1, next), BRIEF_MS)
  },
}

const leaderRemovesItself: Script = {
  nodes: 3,
  async play(field) {
    await begin(field)
    const before = field.commitIndex(1)
    await field.block(1, [3], ['AppendEntries'])
    field.change([{ node: 1, role: 'removed' }])
    await field.until(() => field.commitIndex(1) > before, BRIEF_MS)
  },
}

const leaderWithLearners: Script = {
  nodes: 5,
  async play(field) {
    await begin(field)
    await field.cluster.changeMembership(
      [
        { node: 4, role: 'learner' },
        { node: 5, role: 'learner' },
      ],
      'joint',
    )
    await field.until(() => [2, 3].every((node) => field.commitIndex(node) === field.lastIndex(1)), 2000)
    await field.block(1, [2, 3], ['AppendEntries'])
    await field.put('x', '2', { timeoutMs: BRIEF_MS })
  },
}

/** From five to two voters, of which the others hear nothing. */
const newHalfOnly: Script = {
  nodes: 5,
  async play(field) {
    await begin(field)
    const before = field.commitIndex(1)
    await field.block(1, [3, 4, 5], ['AppendEntries'])
    field.change([
      { node: 3, role: 'removed' },
      { node: 4, role: 'removed' },
      { node: 5, role: 'removed' },
    ])
    await field.until(() => field.commitIndex(1) > before, BRIEF_MS)
  },
}

/** An entry before the joint configuration is committed, and that one is not. */
const commitBeforeJoint: Script = {
  nodes: 3,
  settings: { maxBatchBytes: 1, heartbeatMs: 5000 },
  async play(field) {
    await field.elect(1)
    await field.put('x', '1')
    await field.until(() => [2, 3].every((node) => field.lastIndex(node) === field.lastIndex(1)))
    await field.cut(1, 3)
    await field.hold(2, [1], ['AppendEntriesReply'])
    const before = field.lastIndex(1)
    const write = field.put('x', '2', { timeoutMs: 4000 })
    await field.until(() => field.lastIndex(2) > before)
    const since = field.mark
    field.change([{ node: 3, role: 'learner' }], 'joint')
    await field.until(appendedConfiguration(field, 1, since))
    const next = field.mark
    await field.until(() => field.held(2, 1).length > 0)
    const [first] = field.held(2, 1)
    if (first !== undefined) await field.cluster.release(first)
    await write
    await field.until(appendedConfiguration(field, 1, next), BRIEF_MS)
  },
}

export const membershipScripts = {
  'two-changes-apart': twoChangesApart,
  'two-changes-at-once': twoChangesAtOnce,
  'leader-removes-itself': leaderRemovesItself,
  'leader-with-learners': leaderWithLearners,
  'new-half-only': newHalfOnly,
  'commit-before-joint': commitBeforeJoint,
}
