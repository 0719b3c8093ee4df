/** A cluster's life as a user sees it: elections, replication, faults, recovery. */
import { expect, test } from './shell'

const all = [1, 2, 3, 4, 5]

test('five nodes, a hundred writes, a killed leader, and everyone agrees in the end', async ({ shell }) => {
  const { window } = shell
  await window.startFive()
  await window.leader(all)

  await window.openClientTab()
  const writes = Array.from({ length: 100 }, (_, at) => [`k${at + 1}`, `v${at + 1}`] as const)
  for (const [key, value] of writes.slice(0, 3)) await window.send(key, value)
  await window.sendMany(writes.slice(3))
  const calls = window.page.getByTestId('client-call')
  await expect(calls).toHaveCount(100)
  await expect(calls.and(window.page.locator('[data-outcome="pending"]'))).toHaveCount(0)
  // Where the time of some was over before they were answered, as on a busy machine, they are made again.
  const answered = await calls.evaluateAll((made) =>
    made
      .filter((call) => (call as HTMLElement).dataset.outcome === 'ok')
      .map((call) => (call as HTMLElement).dataset.key),
  )
  for (const [key, value] of writes) if (!answered.includes(key)) await window.put(key, value)
  await window.converged(all, 101)

  // On a busy machine leadership may have moved meanwhile.
  const { node: first, term } = await window.leading(all)
  await window.command(`Kill n${first}`)
  await expect(window.node(first)).toHaveAttribute('data-standing', 'killed')
  const rest = all.filter((id) => id !== first)
  await window.leader(rest, term)
  await window.put('after', 'the kill')

  await window.command(`Start n${first}`)
  await window.converged(all, 103)
  expect(await window.get('k57')).toBe('v57')
  expect(await window.get('after')).toBe('the kill')

  // The logs side by side are as long as the ring says; a new leader may still add to them.
  for (const id of all) {
    await expect
      .poll(async () => Number(await window.row(id).getAttribute('data-last')) - (await window.data(id)).last)
      .toBe(0)
  }
})

test('a partition 2 | 3: the minority does not get its entry committed; healed, the logs converge', async ({
  shell,
}) => {
  const { window } = shell
  // As the paper has it: without CheckQuorum a leader that is cut off leads on, in its own eyes.
  await window.createSteady('preVote', 'checkQuorum')
  await window.leader(all)
  await window.openClientTab()
  await window.put('before', 'x')
  const { node: old, term, last: agreed } = await window.settled(all, 2)

  const friend = all.find((id) => id !== old) ?? 0
  const minority = [old, friend].toSorted()
  const majority = all.filter((id) => !minority.includes(id))
  await window.partition(minority)

  await window.openClientTab()
  await window.chooseVia(old)
  await window.send('lost', 'on the minority side')
  const next = await window.leader(majority, term)
  await window.chooseVia('any')
  await window.put('won', 'on the majority side')

  // The old leader has the entry on its disk, and knows nothing more as committed than before.
  await expect.poll(async () => (await window.data(old)).last).toBeGreaterThan(agreed)
  expect((await window.data(old)).commit).toBe(agreed)
  expect((await window.data(friend)).commit).toBe(agreed)
  await expect(window.call('put', 'lost')).not.toHaveAttribute('data-outcome', 'ok')
  // The client may hear of its write before the window hears of the node's.
  await expect.poll(async () => (await window.data(next)).commit).toBeGreaterThan(agreed)

  await window.command('Heal everything')
  await expect(window.page.getByTestId('cut-chip')).toBeHidden()
  await window.converged(all, agreed + 2)
  expect(await window.get('won')).toBe('on the majority side')
})

test('with CheckQuorum a leader that is cut off from the majority steps down', { tag: '@browser-only' }, async ({
  shell,
}) => {
  const { window } = shell
  await window.startFive()
  const { node: old, term } = await window.leading(all)
  const friend = all.find((id) => id !== old) ?? 0
  const minority = [old, friend].toSorted()
  await window.partition(minority)
  await window.leader(
    all.filter((id) => !minority.includes(id)),
    term,
  )
  await expect(window.node(old)).not.toHaveAttribute('data-role', 'leader')
  await window.command('Heal everything')
  await window.converged(all, 2)
  // Whoever leads now, on a busy machine perhaps a third one: the old term is over, for the old leader, too.
  await window.leader(all, term)
  await expect.poll(async () => (await window.data(old)).term).toBeGreaterThan(term)
})

test('a paused node stands still and catches up after it is resumed', { tag: '@electron-only' }, async ({ shell }) => {
  const { window } = shell
  await window.startFive()
  const leader = await window.leader(all)
  const sleeper = all.find((id) => id !== leader) ?? 0
  await window.openClientTab()
  await window.put('a', '1')
  await window.converged(all, 2)

  await window.command(`Pause n${sleeper}`)
  await expect(window.node(sleeper)).toHaveAttribute('data-standing', 'paused')
  const before = (await window.data(sleeper)).last
  await window.put('b', '2')
  await window.put('c', '3')
  // What it had said before it stood still may be told late; of what came afterwards it has nothing.
  const others = all.filter((id) => id !== sleeper)
  const last = await window.converged(others, before + 2)
  expect((await window.data(sleeper)).last).toBeLessThanOrEqual(last - 2)

  await window.command(`Resume n${sleeper}`)
  await expect(window.node(sleeper)).toHaveAttribute('data-standing', 'running')
  await window.converged(all, last)
})
