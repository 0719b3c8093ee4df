import { expect, test } from 'vitest'
import { Problem } from '../../main/node/contract/problem'
import { problemView } from '../../main/workbench/problems'
import { Tasks } from '../../main/workbench/tasks'
import type { TaskView } from '../../preload/contract'

const never = new AbortController().signal
const make = () => {
  const tasks = new Tasks((thrown) => problemView(thrown, 'en'))
  const told: (readonly TaskView[])[] = []
  tasks.subscribe((value) => told.push(value))
  return { tasks, told, last: () => told.at(-1)?.at(-1) }
}
const wish = { kind: 'export', what: 'a.csv', path: '/a.csv' } as const

test('work is told from its beginning to its end, with what it left out', async () => {
  const { tasks, told, last } = make()
  expect(told).toEqual([[]])
  const leftOut = [{ reason: 'too-long', events: 3 }] as const
  const result = await tasks.run(wish, never, async (task) => {
    expect(last()).toMatchObject({ ...wish, state: 'running', done: 0, total: 0 })
    task.expect(10)
    task.progress(4)
    return { events: 7, leftOut }
  })
  expect(result.events).toBe(7)
  expect(last()).toMatchObject({ state: 'done', done: 7, total: 10, leftOut })
})

test('cancelling aborts that work only; the end says so', async () => {
  const { tasks, told, last } = make()
  const begun = Promise.withResolvers<void>()
  const waiting = tasks.run(wish, never, async ({ signal }) => {
    begun.resolve()
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  await begun.promise
  const id = last()?.id ?? 0
  tasks.cancel(id + 1)
  expect(last()?.state).toBe('running')
  tasks.cancel(id)
  await expect(waiting).rejects.toThrow(/abort/i)
  expect(last()).toMatchObject({ state: 'cancelled', problem: null })
  const tellings = told.length
  tasks.cancel(id)
  expect(told.length).toBe(tellings)
})

test('the end of everything cancels, and failures carry their sentence', async () => {
  const { tasks, last } = make()
  const ending = new AbortController()
  const waiting = tasks.run(wish, ending.signal, ({ signal }) => {
    ending.abort()
    return Promise.reject(signal.reason)
  })
  await expect(waiting).rejects.toThrow()
  expect(last()?.state).toBe('cancelled')
  const failing = tasks.run(wish, never, () =>
    Promise.reject(new Problem('export-failed', { path: '/a.csv', reason: 'ENOSPC' })),
  )
  await expect(failing).rejects.toThrow()
  expect(last()).toMatchObject({ state: 'failed', problem: { code: 'export-failed' } })
})

test('only the last ends are kept; what runs always is', async () => {
  const { tasks, told } = make()
  const hold = Promise.withResolvers<void>()
  const held = tasks.run({ ...wish, what: 'held' }, never, () => hold.promise)
  for (let at = 0; at < 40; at++) await tasks.run({ ...wish, what: `${at}` }, never, async () => undefined)
  const names = told.at(-1)?.map(({ what }) => what) ?? []
  expect(names[0]).toBe('held')
  expect(names.at(-1)).toBe('39')
  expect(names.length).toBeLessThan(20)
  hold.resolve()
  await held
})
