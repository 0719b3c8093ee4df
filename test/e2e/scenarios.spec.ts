/**
 * A scenario of the library, step by step to its end, and the beginning of the first lesson: by keyboard alone. And one of one's
 * own: what is done by hand becomes a file, which is opened, changed and played.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './shell'

test('a scenario plays step by step, tells each step, can be looked around in, and is judged', async ({ shell }) => {
  test.setTimeout(180_000)
  const { page } = shell.window
  await page.keyboard.press('Shift+S')
  const search = page.getByTestId('gallery-search')
  await search.fill('election-step-by-step')
  await expect(page.getByTestId('gallery-item')).toContainText('An election, step by step')
  await search.press('Enter')

  const scenario = page.getByTestId('scenario')
  await expect(scenario).toHaveAttribute('data-phase', 'paused')
  await expect(scenario).toHaveAttribute('data-at', '0')
  await expect(page.getByTestId('narration')).toContainText('Every server starts as a follower.')
  for (const id of [1, 2, 3]) {
    await expect(shell.window.node(id)).toHaveAttribute('data-standing', 'running')
    await expect(shell.window.node(id)).toHaveAttribute('data-clock', 'manual')
  }
  const steps = await page.locator('[data-testid^="guide-step-"]').count()

  // One step at a time, until somebody stands for election; nothing goes on by itself.
  for (let at = 1; at <= 3; at++) {
    await page.keyboard.press('F9')
    await expect(scenario).toHaveAttribute('data-at', String(at))
    await expect(scenario).toHaveAttribute('data-phase', 'paused')
  }
  await expect(shell.window.node(1)).toHaveAttribute('data-role', 'candidate')
  await expect(page.getByTestId('guide-spoken')).toContainText('The request reaches n2.')

  // Looking around in the past changes nothing: it goes on from where it stands.
  await page.getByTestId('guide-step-0').getByRole('button').press('Enter')
  await expect(shell.window.node(1)).toHaveAttribute('data-role', 'follower')
  await page.keyboard.press('l')
  await expect(shell.window.node(1)).toHaveAttribute('data-role', 'candidate')

  await page.getByTestId('language-switch').press('Enter')
  await expect(page.getByTestId('narration')).toContainText('请求到达 n2')
  await page.getByTestId('language-switch').press('Enter')

  for (let at = 4; at <= steps; at++) {
    await page.keyboard.press('F9')
    if (at < steps) await expect(scenario).toHaveAttribute('data-at', String(at))
    if (at < steps) await expect(scenario).toHaveAttribute('data-phase', 'paused')
  }
  await expect(scenario).toHaveAttribute('data-phase', 'ended')
  await expect(page.getByTestId('outcome')).toHaveText('Everything is as expected')
  await expect(scenario).toHaveAttribute('data-outcome', 'holds')
  await expect(page.getByTestId('judged-conforms')).toHaveAttribute('data-standing', 'holds')

  // The first lesson, on a cluster that it starts.
  await page.keyboard.press('Shift+S')
  await page.getByTestId('begin-first-election').press('Enter')
  const tour = page.getByTestId('tour')
  await expect(tour).toHaveAttribute('data-reached', 'false')
  await page.getByTestId('tour-start-cluster').press('Enter')
  await expect(tour).toHaveAttribute('data-reached', 'true')
  await page.keyboard.press('F9')
  // On a busy machine another one may lead by the time its digit is pressed: then the step is begun again.
  const all = [1, 2, 3, 4, 5]
  await expect(async () => {
    await page.keyboard.press((await shell.window.leader(all)) === 1 ? '2' : '1')
    if ((await tour.getAttribute('data-reached')) === 'true') {
      await page.keyboard.press('Shift+F9')
      await page.keyboard.press('F9')
    }
    await expect(page.getByTestId('tour-hint')).toContainText('That one follows', { timeout: 5_000 })
  }).toPass()
  await expect(async () => {
    await page.keyboard.press(String(await shell.window.leader(all)))
    await expect(tour).toHaveAttribute('data-reached', 'true', { timeout: 5_000 })
  }).toPass()
  await page.keyboard.press('F9')
  await expect(tour).toHaveAttribute('data-step', 'vote')
  await page.getByTestId('guide-close').press('Enter')
  await expect(tour).toBeHidden()
})

test('what is done by hand is recorded, saved as a file, opened, edited, and played again', async ({ shell }) => {
  test.setTimeout(180_000)
  const { window } = shell
  const { page } = window
  const all = [1, 2, 3, 4, 5]
  await window.createSteady()
  const leader = await window.leader(all)
  const victim = leader === 1 ? 2 : 1
  await window.command('Record what I do as a scenario')
  await expect(page.getByTestId('recording-scenario')).toBeVisible()
  await window.openClientTab()
  await window.put('by-hand', 'one')
  await window.command(`Kill n${victim}`)
  await expect(window.node(victim)).toHaveAttribute('data-standing', 'killed')
  await window.openClientTab()
  await window.put('by-hand', 'two')
  await page.getByTestId('recording-scenario').click()

  // Everything that was done stands there, and it is saved as it stands there.
  const dialog = page.getByTestId('scenario-text')
  const area = dialog.getByTestId('scenario-area')
  await expect(dialog.getByTestId('scenario-fine')).toContainText('Recorded by hand')
  await expect(page.getByTestId('recording-scenario')).toBeHidden()
  const written = await area.inputValue()
  expect(written).toMatch(/put: .*by-hand.*one.*kill: .*put: .*by-hand.*two/s)
  const saved = await shell.save(() => dialog.getByTestId('scenario-save').click())
  expect(saved).toBe(written)
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(dialog).toBeHidden()

  // Opened again, it is edited: what is wrong is said with its place, and it is not played before that is right.
  const path = join(shell.home, 'recorded.yaml')
  writeFileSync(path, saved)
  const asked = page.waitForEvent('filechooser')
  await window.command('Open a scenario file…')
  await (await asked).setFiles(path)
  await expect(area).toHaveValue(saved)
  await area.fill(saved.replace('kill:', 'kil:'))
  await expect(dialog.getByTestId('scenario-fault')).toContainText('kil')
  await expect(dialog.getByTestId('scenario-play')).toBeDisabled()
  await area.fill(saved.replace('Recorded by hand', 'A follower dies'))
  await expect(dialog.getByTestId('scenario-fine')).toContainText('A follower dies')
  await dialog.getByTestId('scenario-play').click()

  const scenario = page.getByTestId('scenario')
  await expect(scenario).toHaveAttribute('data-phase', 'paused')
  await expect(scenario).toContainText('A follower dies')
  await page.keyboard.press('Shift+F9')
  await expect(scenario).toHaveAttribute('data-phase', 'ended', { timeout: 60_000 })
  await expect(scenario).toHaveAttribute('data-outcome', 'holds')
  await expect(page.locator('[data-testid^="node-"][data-standing="killed"]')).toHaveCount(1)
})
