/** What only the browser host has: several tabs on one workbench, and a connection that can be lost. */

import { expect, test } from './shell'
import { Window } from './window'

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

test('when the workbench is gone, the window says so and keeps the last moment', async ({ shell }) => {
  await shell.window.startFive()
  await shell.window.leader([1, 2, 3, 4, 5])
  await shell.stopHost?.()
  await expect(shell.window.page.getByTestId('disconnected')).toBeVisible()
  await expect(shell.window.node(1)).toBeVisible()
})
