/** Scripts about votes and terms. */
import { inspectNode } from '../../cluster/inspect'
import { BRIEF_MS, type Field } from '../field'
import type { Script } from './script'

const isLeader = (field: Field, node: number) => () =>
  field.saw('role', (event) => event.node === node && event.role === 'leader')

/** n1 is elected by n2 alone; n2 then loses what it does not have on disk, and n3, which heard nothing, asks it in the same term. */
async function electAgain(field: Field, prepare: () => Promise<void>, lose: () => Promise<unknown>): Promise<void> {
  await field.cut(3, 1)
  await field.block(1, [2], ['AppendEntries'])
  await prepare()
  await field.stand(1)
  await lose()
  await field.cut(1, 2)
  await field.stand(3)
  await field.until(isLeader(field, 3), BRIEF_MS)
}

const secondCandidate: Script = {
  nodes: 3,
  async play(field) {
    await electAgain(
      field,
      async () => undefined,
      async () => {
        await field.until(isLeader(field, 1))
        await field.crash(2)
      },
    )
  },
}

const slowVoter: Script = {
  nodes: 3,
  async play(field) {
    let slow = 0
    await electAgain(
      field,
      async () => {
        slow = await field.slowDisk(2, 4000)
      },
      async () => {
        await field.until(isLeader(field, 1), BRIEF_MS)
        await field.cluster.kill(2)
        await field.cluster.endFault(slow)
        await field.start(2)
      },
    )
  },
}

const failingVoter: Script = {
  nodes: 3,
  async play(field) {
    await electAgain(
      field,
      async () => void (await field.fault(2, { type: 'disk-error', code: 'EIO', count: 1 })),
      async () => {
        await field.until(isLeader(field, 1), BRIEF_MS)
        if (field.cluster.standing(2) === 'running') await field.cluster.kill(2)
        await field.start(2)
      },
    )
  },
}

/** The candidate itself loses its vote. */
const slowCandidate: Script = {
  nodes: 3,
  async play(field) {
    await field.cut(3, 1, 2)
    await field.block(1, [2], ['AppendEntries'])
    const slow = await field.slowDisk(1, 4000)
    await field.stand(1)
    await field.until(isLeader(field, 1), BRIEF_MS)
    await field.cluster.kill(1)
    await field.cluster.endFault(slow)
    await field.start(1)
    await field.mend(3, 1)
    await field.cut(2, 1)
    await field.stand(3)
    await field.until(isLeader(field, 3), BRIEF_MS)
  },
}

const ordinary: Script = {
  nodes: 3,
  async play(field) {
    await field.elect(1)
    await field.put('x', '1')
    await field.elect(2)
    await field.put('x', '2')
    await field.get('x')
  },
}

/** n3 missed what n1 and n2 committed, and stands. */
const lateCandidate: Script = {
  nodes: 3,
  async play(field) {
    await field.elect(1)
    await field.put('x', '1')
    await field.cut(3, 1, 2)
    await field.put('x', '2')
    // It has told what it committed.
    await field.until(() => field.commitIndex(1) === field.lastIndex(1))
    await field.cluster.kill(1)
    await field.mend(3, 2)
    await field.elect(3, BRIEF_MS)
  },
}

/** As before, and n2, whose vote decides, has a flipped bit in the middle of its log. */
const damagedVoter: Script = {
  nodes: 3,
  async play(field) {
    await field.elect(1)
    await field.put('x', '1')
    await field.until(() => field.lastIndex(3) === field.lastIndex(1))
    await field.cut(3, 1, 2)
    for (const value of ['2', '3', '4']) await field.put('x', value)
    await field.until(() => field.lastIndex(2) === field.lastIndex(1))
    await field.cluster.stop(2)
    await damageEntry(field, 2, field.lastIndex(3) + 1)
    const starts = await field.start(2)
    await field.cluster.kill(1)
    await field.mend(3, 2)
    if (starts) await field.elect(3, BRIEF_MS)
  },
}

async function damageEntry(field: Field, node: number, index: number): Promise<void> {
  const { files } = await inspectNode(field.cluster.dataDir(node))
  for (const { name, records } of files) {
    const record = records.find((each) => each.type === 'entry' && each.index === index)
    if (record === undefined) continue
    await field.cluster.flipBit(node, { file: name, record: record.number })
    return
  }
}

/** n1, cut off, has more entries than the others, of an older term; then it stands. */
const longerOldLog: Script = {
  nodes: 3,
  settings: { sessions: false },
  async play(field) {
    await field.elect(1)
    await field.put('x', '1')
    await field.cut(1, 2, 3)
    const lost = ['a', 'b', 'c', 'd'].map((value) => field.put('y', value, { via: 1, timeoutMs: 300 }))
    await Promise.all(lost)
    await field.elect(2)
    await field.put('x', '2')
    await field.crash(1)
    await field.cluster.kill(2)
    await field.mend(1, 3)
    await field.elect(1, BRIEF_MS)
  },
}

/** Two halves of four nodes, each with a candidate. */
const halves: Script = {
  nodes: 4,
  async play(field) {
    await field.cut(1, 3, 4)
    await field.cut(2, 3, 4)
    await Promise.all([field.stand(1), field.stand(3)])
    await field.until(() => isLeader(field, 1)() && isLeader(field, 3)(), BRIEF_MS)
  },
}

/** n1 commits with n2 and dies before n2 hears that. */
const heirWithoutCommit: Script = {
  nodes: 3,
  settings: { heartbeatMs: 5000 },
  async play(field) {
    await field.elect(1)
    await field.put('x', '1')
    await field.until(() => field.commitIndex(1) === field.lastIndex(1))
    await field.cluster.kill(1)
    await field.elect(2)
    await field.get('x', { timeoutMs: BRIEF_MS })
  },
}

export const electionScripts = {
  'second-candidate': secondCandidate,
  'slow-voter': slowVoter,
  'failing-voter': failingVoter,
  'slow-candidate': slowCandidate,
  ordinary,
  'late-candidate': lateCandidate,
  'damaged-voter': damagedVoter,
  'longer-old-log': longerOldLog,
  halves,
  'heir-without-commit': heirWithoutCommit,
}
