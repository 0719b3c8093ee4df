/** What becomes of a membership change whose answers are refusals and silence. Real clusters: membership.process.test.ts. */
import { describe, expect, test } from 'vitest'
import { Membership } from '../../main/cluster/supervisor/membership'
import type { ReportedEvent } from '../../main/node/contract/events'
import { Problem } from '../../main/node/contract/problem'

type Answer = number | 'silence' | 'nobody' | (string & {})

/** A cluster that answers as scripted: an index, a refusal's reason, silence, or nobody leads. */
function scripted(answers: readonly Answer[], running: readonly number[] = [1, 2, 3]) {
  const left = [...answers]
  let asked = 0
  const membership = new Membership({
    admin: async (action, { timeoutMs }) => {
      expect(action.type).toBe('change')
      asked++
      const answer = left.shift()
      if (typeof answer === 'number') return answer
      if (answer === undefined) throw new Error('asked once more than expected')
      if (answer === 'silence') throw new Problem('call-unknown', { millis: timeoutMs })
      if (answer === 'nobody') throw new Problem('no-leader', { millis: timeoutMs })
      throw new Problem('change-refused', { reason: answer, node: 4 })
    },
    isRunning: (node) => running.includes(node),
    now: () => performance.now(),
    closing: new AbortController().signal,
  })
  return { membership, asked: () => asked }
}

function configuration(index: number, voters: string, more: Partial<ReportedEvent<'configuration'>> = {}) {
  const lists = { voters, outgoing: '', learners: '', learnersNext: '', witnesses: '' }
  return { kind: 'configuration', node: 1, n: 1, t: 1, index, standing: 'committed', ...lists, ...more } as const
}

const refused = (reason: string) => expect.objectContaining({ code: 'change-refused', details: { reason, node: 4 } })
const add = [{ node: 4, role: 'learner' }] as const
const remove = [{ node: 4, role: 'removed' }] as const

describe('a change', () => {
  test.each([
    ['is done', [7], 7],
    ['waits for a new leader to commit something', ['no-commit-in-term', 'no-commit-in-term', 7], 7],
    ['is asked again when the leader was lost before it was in the log', ['leadership-lost', 7], 7],
    ['is asked again when nobody answered, also while there is no leader', ['silence', 'nobody', 'nobody', 7], 7],
    ['had taken effect when the leader was lost', ['leadership-lost', 'already-so'], 5],
    ['is waited for when it may be under way', ['silence', 'change-in-progress', 'no-commit-in-term', 'already-so'], 5],
  ] as const)('%s: %j', async (_, answers, index) => {
    const { membership, asked } = scripted(answers)
    membership.saw(configuration(5, '1,2,3'))
    expect(await membership.change(add, 'auto')).toBe(index)
    expect(asked()).toBe(answers.length)
  })

  test.each(['already-so', 'change-in-progress', 'transferring', 'unknown-node', 'not-caught-up', 'no-voters'])(
    'is refused at once: %s',
    async (reason) => {
      const { membership, asked } = scripted([reason])
      await expect(membership.change(add, 'auto')).rejects.toThrow(refused(reason))
      expect(asked()).toBe(1)
    },
  )

  test('that the next leader refuses has not taken effect, whatever the last one did', async () => {
    const { membership } = scripted(['silence', 'would-lose-majority'])
    await expect(membership.change(add, 'auto')).rejects.toThrow(refused('would-lose-majority'))
  })

  test('is not begun without a leader', async () => {
    const { membership } = scripted(['nobody'])
    await expect(membership.change(add, 'auto')).rejects.toThrow(expect.objectContaining({ code: 'no-leader' }))
  })
})

describe('bringing a node where it shall be', () => {
  test.each([
    ['it is there', add, ['already-so']],
    ['it is gone', remove, ['unknown-node']],
    ['others go first', remove, ['change-in-progress', 'transferring', 'change-in-progress', 9]],
  ] as const)('%s', async (_, [{ node, role }], answers) => {
    const { membership, asked } = scripted(answers)
    await membership.bring(node, role)
    expect(asked()).toBe(answers.length)
  })

  test('a node that nobody knows can not be promoted', async () => {
    const { membership } = scripted(['unknown-node'])
    await expect(membership.bring(4, 'voter')).rejects.toThrow(refused('unknown-node'))
  })
})

describe('the majority that would be left', () => {
  const change = (
    running: readonly number[],
    role: 'removed' | 'voter' | 'learner',
    event = configuration(3, '1,2,3'),
  ) => {
    const { membership } = scripted([8], running)
    membership.saw(event)
    return membership.change([{ node: 3, role }], 'auto')
  }

  test('must run, whatever the leader has noticed by now', async () => {
    expect(await change([1, 2], 'removed')).toBe(8)
    await expect(change([1, 3], 'removed')).rejects.toThrow(expect.objectContaining({ code: 'change-refused' }))
    await expect(change([1], 'learner')).rejects.toThrow(expect.objectContaining({ code: 'change-refused' }))
    expect(await change([1, 3], 'voter', configuration(3, '1,2'))).toBe(8)
    await expect(change([1], 'voter', configuration(3, '1'))).rejects.toThrow(Problem)
  })

  test('is left to the leader within a joint configuration, and as long as nothing was heard', async () => {
    expect(await change([], 'removed', configuration(3, '1,2,3', { outgoing: '1,2' }))).toBe(8)
    const { membership } = scripted([8], [])
    expect(await membership.change(remove, 'auto')).toBe(8)
  })

  test('is that of the newest configuration that any running node goes by', async () => {
    const { membership } = scripted([8], [1])
    membership.saw(configuration(3, '1,2,3', { node: 1 }))
    membership.saw(configuration(6, '1', { node: 1, standing: 'appended' }))
    // Its owner died before anybody else had it.
    membership.saw(configuration(7, '1,2', { node: 2, standing: 'appended' }))
    expect(await membership.change([{ node: 4, role: 'learner' }], 'auto')).toBe(8)
  })
})
