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
  await window.converged(all, 101)

  // On a busy machine leadership may have moved meanwhile.
  const first = await window.leader(all)
  const { term } = await window.data(first)
  await window.command(`Kill n${first}`)
  await expect(window.node(first)).toHaveAttribute('data-standing', 'killed')
  const rest = all.filter((id) => id !== first)
  const second = await window.leader(rest, term)
  expect(second).not.toBe(first)
  await window.put('after', 'the kill')

  await window.command(`Start n${first}`)
  const last = await window.converged(all, 103)
  expect(await window.get('k57')).toBe('v57')
  expect(await window.get('after')).toBe('the kill')

  // The logs side by side show the same terms, cell by cell.
  for (const id of all) {
    await expect(window.row(id)).toHaveAttribute('data-last', String((await window.data(id)).last))
  }
  expect(last).toBeGreaterThanOrEqual(103)
})

test('a partition 2 | 3: the minority does not get its entry committed; healed, the logs converge', async ({
  shell,
}) => {
  const { window } = shell
  // As the paper has it: without CheckQuorum a leader that is cut off leads on, in its own eyes.
  await window.createSteady('preVote', 'checkQuorum')
  const old = await window.leader(all)
  await window.openClientTab()
  await window.put('before', 'x')
  const agreed = await window.converged(all, 2)
  const { term } = await window.data(old)

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
  expect((await window.data(next)).commit).toBeGreaterThan(agreed)

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
  const old = await window.leader(all)
  const { term } = await window.data(old)
  const friend = all.find((id) => id !== old) ?? 0
  const minority = [old, friend].toSorted()
  await window.partition(minority)
  const next = await window.leader(
    all.filter((id) => !minority.includes(id)),
    term,
  )
  await expect(window.node(old)).not.toHaveAttribute('data-role', 'leader')
  await window.command('Heal everything')
  await window.converged(all, 2)
  expect(await window.leader(all, term)).toBe(next)
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
  expect((await window.data(sleeper)).last).toBe(before)

  await window.command(`Resume n${sleeper}`)
  await expect(window.node(sleeper)).toHaveAttribute('data-standing', 'running')
  await window.converged(all, before + 2)
})
