/** What a timeline is for: why something happened, what changed between two moments, a word about it, and another way from there. */
import { expect, test } from './shell'

const all = [1, 2, 3, 4, 5]

test('why the next one leads, what changed since, a note of it, and a branch that goes on from there @browser-only', async ({
  shell,
}) => {
  const { window } = shell
  const { page } = window
  await window.createSteady()
  await window.leader(all)
  await window.openClientTab()
  await window.put('before', 'x')
  const { node: old, term } = await window.settled(all, 2)
  await window.command(`Kill n${old}`)
  const rest = all.filter((id) => id !== old)
  const next = await window.leader(rest, term)
  await window.put('after', 'y')

  // Why: from the votes back to what silenced the old one.
  await page.getByTestId('timeline-filter').fill('kind = role and role = leader')
  await page.getByTestId('timeline-table-tab').click()
  // Not simply the last of them: on a busy machine there may be yet another by now.
  const rows = page.getByTestId('timeline-table').locator('tr[data-seq]')
  await rows
    .filter({ hasText: `n${next}` })
    .last()
    .click()
  const causes = page.getByTestId('causes')
  await expect(causes).toContainText(`n${next}`)
  await expect(causes.locator('.step')).not.toHaveCount(0)
  await expect(causes.locator('.chain')).toContainText(`n${old}`)
  await expect(page.getByTestId('causes-past')).toContainText(/\d/)

  // What changed from there to now.
  await window.command('Bookmark this moment')
  await page.getByTestId('note-text').fill('a new leader')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('note-text')).toBeHidden()
  await window.command('Compare: set A to this moment')
  await page.getByTestId('timeline-filter').fill('')
  await window.command('Back to live')
  await window.command('Compare two moments')
  const diff = page.getByTestId('diff')
  await expect(diff).toContainText('after')
  await window.command('Compare two moments')
  await expect(diff).toBeHidden()

  // Another way: real processes go on from the moment with the note.
  await page.getByTestId('notes').click()
  const note = page.getByTestId('note-list').locator('li').filter({ hasText: 'a new leader' })
  await note.locator('.jump').click()
  await window.command('Fork from here')
  const dialog = page.getByTestId('fork-dialog')
  await expect(dialog.getByTestId('fork-disks').locator('tbody tr')).toHaveCount(5)
  await dialog.getByTestId('fork-send').click()
  await expect(dialog).toBeHidden({ timeout: 60_000 })
  await window.leader(all, term)
  await window.openClientTab()
  expect(await window.get('before')).toBe('x')
  await window.put('other', 'way')
  await window.command('Show branches')
  const tree = page.getByTestId('branches-dialog')
  await expect(tree.locator('.branch.cluster')).toHaveCount(2)
})
