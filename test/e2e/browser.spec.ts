/** What only the browser host has: several tabs on one workbench, and a connection that can be lost. */

import { expect, processesOf, test } from './shell'
import { Window } from './window'

// Here everything moves, as it does for most people.
test.use({ motion: 'no-preference' })

const all = [1, 2, 3, 4, 5]

test('two tabs show the same cluster', async ({ shell }) => {
  await shell.window.startFive()
  await shell.window.leader(all)
  const page = await shell.secondWindow?.()
  if (!page) throw new Error('the browser host has no second window')
  const second = new Window(page)
  await second.leader(all)
  await second.openClientTab()
  await second.put('from', 'the second tab')
  await shell.window.openClientTab()
  await expect(shell.window.call('put', 'from')).toHaveAttribute('data-outcome', 'ok')
  // Each is told for itself, and neither at the same moment as the other.
  const shown = (window: Window) => Promise.all(all.map((id) => window.data(id)))
  await expect(async () => expect(await shown(shell.window)).toEqual(await shown(second))).toPass({ timeout: 30_000 })
})

test('a killed workbench: the window says so and keeps the last moment, and no process stays behind', async ({
  shell,
}) => {
  await shell.window.startFive()
  await shell.window.leader(all)
  await shell.killHost?.()
  await expect(shell.window.page.getByTestId('disconnected')).toBeVisible()
  await expect(shell.window.node(1)).toBeVisible()
  await expect.poll(() => processesOf(shell.home)).toEqual([])
})
