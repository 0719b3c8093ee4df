/** Who belongs to the cluster, who leads it, and what its log has let go of, as a user changes and sees it. */
import { expect, test } from './shell'

const all = [1, 2, 3, 4, 5]

test('a node joins, is handed leadership, takes a snapshot, and the old leader leaves', async ({ shell }) => {
  const { window } = shell
  await window.createSteady()
  const first = await window.leader(all)
  await window.openClientTab()
  for (const key of ['a', 'b', 'c']) await window.put(key, `value of ${key}`)

  // It learns first, then it votes: two configurations in the log.
  await window.command('Add a node: voter')
  await expect(window.node(6)).toHaveAttribute('data-belongs', 'voter', { timeout: 30_000 })
  await window.converged([...all, 6], 6)

  // A leader gives it up after an election timeout, which may be short on a busy machine: then it is asked once more.
  await expect(async () => {
    await window.leader([...all, 6])
    if ((await window.data(6)).role !== 'leader') await window.command('Hand leadership to n6')
    await expect(window.node(6)).toHaveAttribute('data-role', 'leader', { timeout: 10_000 })
  }).toPass()

  await window.command('Take a snapshot of n6')
  await expect(window.toast('n6 has a snapshot of everything up to')).toBeVisible()

  await window.command(`Remove n${first}`)
  await window.page.getByRole('button', { name: 'Remove', exact: true }).click()
  const rest = [...all, 6].filter((id) => id !== first)
  await expect(window.toast(`n${first} has left the cluster`)).toBeVisible({ timeout: 30_000 })
  await window.openClientTab()
  await window.put('after', 'the change')
  await window.converged(rest, 8)
  expect(await window.get('b')).toBe('value of b')
})
