/** A scenario of the library, step by step to its end, and the beginning of the first lesson: by keyboard alone. */
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
  const leader = await shell.window.leader([1, 2, 3, 4, 5])
  const other = leader === 1 ? 2 : 1
  await page.keyboard.press(String(other))
  await expect(page.getByTestId('tour-hint')).toContainText('That one follows')
  await page.keyboard.press(String(await shell.window.leader([1, 2, 3, 4, 5])))
  await expect(tour).toHaveAttribute('data-reached', 'true')
  await page.keyboard.press('F9')
  await expect(tour).toHaveAttribute('data-step', 'vote')
  await page.getByTestId('guide-close').press('Enter')
  await expect(tour).toBeHidden()
})
