/** What only the browser host has: several tabs on one workbench, and a connection that can be lost. */

import { expect, processesOf, test } from './shell'
import { Window } from './window'

// Here everything moves, as it does for most people.
test.use({ motion: 'no-preference' })

test('two tabs show the same cluster', async ({ shell }) => {
  await shell.window.startFive()
  const leader = await shell.window.leader([1, 2, 3, 4, 5])
  const page = await shell.secondWindow?.()
  if (!page) throw new Error('the browser host has no second window')
  const second = new Window(page)
  await expect(second.node(leader)).toHaveAttribute('data-role', 'leader')
  await second.openClientTab()
  await second.put('from', 'the second tab')
  await expect(shell.window.row(leader)).toHaveAttribute('data-last', String((await second.data(leader)).last))
})

test('a killed workbench: the window says so and keeps the last moment, and no process stays behind', async ({
  shell,
}) => {
  await shell.window.startFive()
  await shell.window.leader([1, 2, 3, 4, 5])
  await shell.killHost?.()
  await expect(shell.window.page.getByTestId('disconnected')).toBeVisible()
  await expect(shell.window.node(1)).toBeVisible()
  await expect.poll(() => processesOf(shell.home)).toEqual([])
})
