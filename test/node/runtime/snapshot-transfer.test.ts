/** Snapshots between servers. */
import { expect, test } from 'vitest'
import type { SnapshotFiles } from '../../../main/node/disk/api'
import { SnapshotSender } from '../../../main/node/runtime/snapshot-transfer'
import type { InstallSnapshot, SnapshotMeta } from '../../../main/raft/types'

const configuration = { voters: [1], outgoing: [], learners: [], learnersNext: [], witnesses: [] }
const snapshot: SnapshotMeta = { index: 5, term: 1, configuration, bytes: 10, checksum: 0 }
function frame(to: number, offset: number, bytes = 10) {
  const message: InstallSnapshot = {
    type: 'InstallSnapshot',
    from: 1,
    to,
    term: 1,
    snapshot: { ...snapshot, bytes },
    offset,
    data: new Uint8Array(),
    done: false,
    round: 0,
  }
  return { type: 'message', id: offset, inReplyTo: 0, sentAt: 0, message } as const
}

test('one read at a time for each peer, and the latest of those that wait', async () => {
  const reads: { offset: number; finish: (data: Uint8Array | undefined) => void }[] = []
  const left: string[] = []
  const sender = new SnapshotSender(
    {
      read: (_: unknown, offset: number, length: number) =>
        new Promise((resolve) => {
          const done = offset + length >= 10
          reads.push({ offset, finish: (data) => resolve(data && { data, done }) })
        }),
    } as unknown as SnapshotFiles,
    4,
    ({ message }) => {
      if (message.type === 'InstallSnapshot') {
        left.push(`${message.to}: ${message.offset}+${message.data.length}${message.done ? ' done' : ''}`)
      }
    },
    () => left.push('failed'),
  )
  for (const offset of [0, 1, 2, 8]) sender.fill(frame(2, offset))
  sender.fill(frame(3, 4))
  expect(reads.map(({ offset }) => offset)).toEqual([0, 4])
  reads[0]!.finish(new Uint8Array(4))
  await expect.poll(() => reads.length).toBe(3)
  expect(reads[2]!.offset).toBe(8)
  reads[2]!.finish(new Uint8Array(2))
  reads[1]!.finish(undefined)
  await expect.poll(() => left).toEqual(['2: 0+4', '2: 8+2 done'])
  sender.fill(frame(3, 4))
  await expect.poll(() => reads.length).toBe(4)
  // A witness gets the fact alone.
  sender.fill(frame(4, 0, 0))
  expect(left.at(-1)).toBe('4: 0+0 done')
})
