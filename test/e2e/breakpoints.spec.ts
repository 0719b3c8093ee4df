/** The whole cluster stands still at an event, on real processes: written in the editor, stepped, continued. */
import { readFileSync } from 'node:fs'
import { expect, processesOf, test } from './shell'
import type { Window } from './window'

const all = [1, 2, 3, 4, 5]

/** T: stopped by a signal, as /proc tells it. */
function standing(home: string): string[] {
  return processesOf(home).map((pid) => {
    try {
      return /^\d+ \(.*\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? ''
    } catch {
      return ''
    }
  })
}
async function openTab(window: Window): Promise<void> {
  await window.page.getByTestId('tab-breakpoints').click()
}
async function setBreakpoint(window: Window, text: string): Promise<void> {
  await openTab(window)
  await window.page.getByTestId('breakpoint-text').fill(text)
  await window.page.getByTestId('breakpoint-text').press('Escape')
  await window.page.getByTestId('breakpoint-set').click()
  await expect(window.page.locator('[data-testid^="breakpoint-"][data-hits]').filter({ hasText: text })).toBeVisible()
}
const banner = (window: Window) => window.page.getByTestId('hit-banner')

test('the cluster stops where a node becomes leader, before anybody hears of it, steps, and goes on', async ({
  shell,
}) => {
  test.setTimeout(180_000)
  const { window } = shell
  await window.createSteady()
  const { node: first, term, last } = await window.settled(all)
  await setBreakpoint(window, `role = leader and term > ${term}`)
  await window.command(`Kill n${first}`)
  await expect(banner(window)).toBeVisible()
  const next = Number(await banner(window).getAttribute('data-node'))
  expect(all.filter((id) => id !== first)).toContain(next)
  await expect(window.page.getByTestId('hit-title')).toHaveText(`n${next} hit breakpoint 1`)
  await expect(window.page.getByTestId(`stands-${next}`)).toHaveAttribute('data-standing', 'here')
  await expect(window.page.getByTestId(`stands-${first}`)).toHaveAttribute('data-standing', 'down')
  await expect(window.page.getByTestId('state-pill')).toHaveAttribute('data-state', 'stopped')
  await expect(window.page.getByTestId('status-stopped')).toBeVisible()
  await expect.poll(() => standing(shell.home).filter((state) => state === 'T').length).toBe(4)

  // It has not told anybody: the entry with which it begins is in no log, its own neither. What a node said before it
  // stood, that it votes for instance, may be shown a little later.
  const others = all.filter((id) => id !== first && id !== next)
  await window.page.waitForTimeout(1_200)
  const seen = await Promise.all(others.concat(next).map((id) => window.data(id)))
  for (const node of seen) expect(node).toMatchObject({ last, commit: last })
  for (const node of seen.slice(0, -1)) expect(node.role).not.toBe('leader')

  await window.page.getByTestId(`step-${next}`).click()
  await expect(window.page.getByTestId('hit-title')).toHaveText(`n${next} made a step`)

  // On a busy machine one may have to be elected again: that would stop all of them once more.
  await openTab(window)
  const remove = window.page.getByLabel('Remove breakpoint 1')
  await remove.click()
  await expect(remove).toBeHidden()
  await expect(window.node(next)).toHaveAttribute('data-role', 'leader')
  await window.page.keyboard.press('F8')
  await expect(banner(window)).toBeHidden()
  // Now they hear of it: the entry with which a leader begins is in all logs of those that live.
  await window.converged(others.concat(next), last + 1)
  await window.leader(others.concat(next), term)
  await window.openClientTab()
  await window.put('after', 'the stop')

  await window.command('Stop the whole cluster now')
  await expect(window.page.getByTestId('hit-title')).toHaveText('The cluster was stopped')
  await window.page.getByTestId('continue').click()
  await expect(banner(window)).toBeHidden()
})

test('the editor completes, points at what is wrong, and the workbench refuses what can never be', {
  tag: '@browser-only',
}, async ({ shell }) => {
  test.setTimeout(180_000)
  const { window } = shell
  await window.startFive()
  await window.leader(all)
  await openTab(window)
  const field = window.page.getByTestId('breakpoint-text')
  await field.pressSequentially('comm')
  await expect(window.page.getByTestId('completions').getByRole('option').first()).toContainText('commit')
  await field.fill('n7: truncated')
  await expect(window.page.getByTestId('breakpoint-underline')).toHaveText('n7')
  await expect(window.page.getByTestId('breakpoint-says')).toContainText('There is no node n7.')
  await field.fill('truncated and received')
  await expect(window.page.getByTestId('breakpoint-underline')).toHaveText('received')
  await expect(window.page.getByTestId('breakpoint-set')).toBeDisabled()
  await field.fill('n2: commitIndex >= 4')
  await field.press('Enter')
  await expect(window.page.getByTestId('breakpoint-1')).toContainText('n2: commitIndex >= 4')
  await window.openClientTab()
  for (const key of ['a', 'b', 'c', 'd']) await window.send(key, 'x')
  await expect(banner(window)).toHaveAttribute('data-node', '2')
  await window.page.getByTestId('continue').click()
  await expect(banner(window)).toBeHidden()
  await window.converged(all, 5)
})
