import { beforeEach, describe, expect, test } from 'vitest'
import type { EventView } from '../../../preload/contract'
import { ProblemError } from '../../../renderer/stores/door'
import { createEventMemory } from '../../../renderer/stores/events'
import { FakeDoor } from '../support/fake-door'
import { problemView } from '../support/samples'

const DAMAGE = { from: 40, to: 50 } as const
const at = (t: number) => ({ kind: 'note', seq: t, t, node: 0, n: t, text: '' }) as EventView

let door: FakeDoor
let memory: ReturnType<typeof createEventMemory>
const asked = () => door.inputsOf('timeline.events').map(({ fromT, toT }) => [fromT, toT])
beforeEach(() => {
  door = new FakeDoor()
  door.on('timeline.events', ({ fromT = 0, toT = 0 }) => {
    if (fromT < DAMAGE.to && toT > DAMAGE.from) {
      throw new ProblemError(problemView('recording-corrupt', 'Damaged at byte 7.', { offset: 7 }))
    }
    return [at(fromT)]
  })
  memory = createEventMemory(
    {
      connection: door.connection,
      retryAt: door.retryAt,
      retryNow: () => undefined,
      subscribe: (name, listener) => door.subscribe(name, listener),
      async call(name, input) {
        const answer = await door.call(name, input)
        if (!answer.ok) throw new ProblemError(answer.problem)
        return answer.value
      },
    },
    () => 'recording',
  )
})

describe('a recording with a damaged block', () => {
  test('shows what lies beside the damage, without the margin that reaches into it', async () => {
    await memory.ensure(20, 40)
    expect(asked()).toEqual([
      [10, 50],
      [20, 40],
    ])
    expect(memory.problem.value).toBe('')
    expect(memory.holds(20, 40)).toBe(true)
  })

  test('says what cannot be read, asks for it once, and says no more of it elsewhere', async () => {
    await memory.ensure(60, 80)
    await memory.ensure(41, 45)
    expect(memory.problem.value).toBe('Damaged at byte 7.')
    const before = asked().length
    await memory.ensure(41, 45)
    expect(asked()).toHaveLength(before)
    await memory.ensure(60, 70)
    expect(memory.problem.value).toBe('')
  })
})

test('what failed for another reason is asked for again', async () => {
  door.on('timeline.events', () => {
    throw new ProblemError(problemView('internal', 'Nobody is there.'))
  })
  for (let times = 0; times < 2; times++) await memory.ensure(60, 80)
  expect(memory.problem.value).toBe('Nobody is there.')
  expect(asked()).toHaveLength(2)
})
