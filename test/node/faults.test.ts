import { describe, expect, test } from 'vitest'
import { nodeFaultSchema } from '../../main/node/contract/conditions'
import type { NamedMessage } from '../../main/node/contract/frames'
import { realFiles } from '../../main/node/disk/files'
import { Mortal } from './disk/mortal'

const vote = (id: number): NamedMessage => ({
  type: 'message',
  id,
  inReplyTo: 0,
  message: { type: 'RequestVoteReply', from: 1, to: 2, term: 3, voteGranted: true },
})
const append = (id: number): NamedMessage => ({
  type: 'message',
  id,
  inReplyTo: 0,
  message: {
    type: 'AppendEntries',
    from: 1,
    to: 3,
    term: 3,
    prevLogIndex: 0,
    prevLogTerm: 0,
    entries: [],
    leaderCommit: 0,
    round: 1,
    quiesce: false,
  },
})

/** Sends as the loop of a node does; which ones left. */
function sendAll({ faults }: Mortal, frames: readonly NamedMessage[]): number[] {
  const left: number[] = []
  for (const frame of frames) {
    if (!faults.sending(frame)) continue
    left.push(frame.id)
    faults.sent(frame)
  }
  return left
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('crash points of messages', () => {
  test('before the second vote: the first left, the second did not, nor did anything after it', async () => {
    const mortal = new Mortal()
    mortal.arm({ type: 'crash-point', point: 'before-send', messages: ['RequestVoteReply'], nth: 2 })
    expect(sendAll(mortal, [append(1), vote(2), append(3), vote(4), append(5), vote(6)])).toEqual([1, 2, 3])
    expect(mortal.struck).toEqual([
      { fault: 1, type: 'crash-point', left: 0, detail: { message: 'RequestVoteReply', id: 4, peer: 2 } },
    ])
    // Within the call: nothing else happens first.
    expect(mortal.log).toEqual(['halt', 'tell', 'flush', 'kill'])
  })

  test('after the second message of any type: it left, and nothing after it', async () => {
    const mortal = new Mortal()
    mortal.arm({ type: 'crash-point', point: 'after-send', messages: [], nth: 2 })
    expect(sendAll(mortal, [append(1), vote(2), append(3)])).toEqual([1, 2])
    expect(mortal.struck).toMatchObject([{ left: 0, detail: { message: 'RequestVoteReply', id: 2, peer: 2 } }])
    expect(mortal.isDead).toBe(true)
  })

  test('when the system does not take everything at once, the node takes part in nothing and waits for that', async () => {
    const mortal = new Mortal()
    mortal.takesAll = false
    mortal.arm({ type: 'crash-point', point: 'after-send', messages: [], nth: 1 })
    expect(sendAll(mortal, [vote(1), vote(2)])).toEqual([1])
    expect(mortal.isDead).toBe(false)
    await settled()
    expect(mortal.log).toEqual(['halt', 'tell', 'flush', 'said', 'flush', 'kill'])
  })

  test('each waits for its own, and one that was disarmed for nothing', () => {
    const mortal = new Mortal()
    const first = mortal.arm({ type: 'crash-point', point: 'before-send', messages: [], nth: 1 })
    mortal.arm({ type: 'crash-point', point: 'before-send', messages: ['InstallSnapshot'], nth: 1 })
    mortal.faults.disarm(first)
    mortal.faults.disarm(first)
    mortal.faults.disarm(77)
    expect(sendAll(mortal, [vote(1), append(2), vote(3)])).toEqual([1, 2, 3])
    expect(mortal.isDead).toBe(false)
  })

  test('one with the same number takes the place of the other, and counts anew', () => {
    const mortal = new Mortal()
    const fault = { type: 'crash-point', point: 'before-send', messages: [], nth: 3 } as const
    mortal.faults.arm({ id: 9, fault: { ...fault, messages: [] } })
    expect(sendAll(mortal, [vote(1), vote(2)])).toEqual([1, 2])
    mortal.faults.arm({ id: 9, fault: { ...fault, messages: [] } })
    expect(sendAll(mortal, [vote(3), vote(4), vote(5)])).toEqual([3, 4])
    expect(mortal.struck).toMatchObject([{ fault: 9 }])
  })

  test('faults of the disk do not look at messages', () => {
    const mortal = new Mortal()
    mortal.arm({ type: 'disk-error', code: 'EIO', count: null })
    mortal.arm({ type: 'crash-point', point: 'after-write', messages: [], nth: 1 })
    expect(sendAll(mortal, [vote(1)])).toEqual([1])
    expect(mortal.faults.isIdle).toBe(false)
  })
})

test('without files yet, a power loss takes nothing but the process', async () => {
  const mortal = new Mortal()
  mortal.arm({ type: 'power-loss', at: 'now', seed: 1 })
  await expect(mortal.dead).rejects.toThrow()
  expect(mortal.struck).toEqual([{ fault: 1, type: 'power-loss', left: 0, detail: { names: 0, files: 0 } }])
})

test('what was healed leaves nothing behind: the disk is asked for nothing again', () => {
  const mortal = new Mortal()
  const ids = [
    mortal.arm({ type: 'slow-disk', delayMs: 5, jitterMs: 0, seed: 0 }),
    mortal.arm({ type: 'torn-write', keepBytes: null, seed: 0 }),
    mortal.arm({ type: 'power-loss', at: 'next-write', seed: 0 }),
  ]
  mortal.faults.files(realFiles)
  expect(mortal.faults.isIdle).toBe(false)
  for (const id of ids) mortal.faults.disarm(id)
  expect(mortal.faults.isIdle).toBe(true)
  expect(mortal.isDead).toBe(false)
})

test.each([
  { type: 'crash-point', point: 'before-lunch', messages: [], nth: 1 },
  { type: 'crash-point', point: 'before-send', messages: ['Gossip'], nth: 1 },
  { type: 'crash-point', point: 'before-send', messages: [], nth: 0 },
  { type: 'slow-disk', delayMs: -1, jitterMs: 0, seed: 0 },
  { type: 'slow-disk', delayMs: 60_001, jitterMs: 0, seed: 0 },
  { type: 'disk-error', code: 'EPERM', count: 1 },
  { type: 'disk-error', code: 'EIO', count: 1.5 },
  { type: 'torn-write', keepBytes: -1, seed: 0 },
  { type: 'power-loss', at: 'noon', seed: 0 },
  { type: 'power-loss', at: 'now', seed: 2 ** 32 },
])('refused before it reaches a node: %j', (fault) => {
  expect(nodeFaultSchema.safeParse(fault).success).toBe(false)
})
