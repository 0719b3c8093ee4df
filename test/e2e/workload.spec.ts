/** A workload and a nemesis on real processes: plans, plots with the faults as bands, the table, and the recording after. */
import { expect, test } from './shell'
import type { Window } from './window'

const all = [1, 2, 3, 4, 5]
/** Clients, five nodes and a browser share one machine: what they do together takes its time. */
const BUSY = { timeout: 60_000 }
const rows = (window: Window) => window.page.getByTestId('load-table').locator('tbody tr')

test('clients call by a plan; what they see is plotted, tabled with the faults, and found in the recording', async ({
  shell,
}) => {
  test.setTimeout(300_000)
  const { window } = shell
  const { page } = window
  await window.startFive()
  const leader = await window.leader(all)
  await page.getByTestId('tab-load').click()
  await page.getByTestId('plan-workload').click()
  const dialog = page.getByTestId('workload-dialog')
  await dialog.getByTestId('load-clients').fill('0')
  await expect(dialog.getByTestId('workload-wrong')).toContainText('Clients: a whole number, 1 to 1000')
  await expect(dialog.getByTestId('workload-send')).toBeDisabled()
  await dialog.getByTestId('pace-open').click()
  await dialog.getByTestId('load-rate').fill('40')
  await dialog.getByTestId('workload-send').click()
  await expect(dialog).toBeHidden(BUSY)
  await expect(page.getByTestId('plot-throughput')).toBeVisible(BUSY)
  await expect
    .poll(async () => Number(await page.getByTestId('workload-1').getAttribute('data-ok')), BUSY)
    .toBeGreaterThan(50)
  // Something is drawn, not only axes; a little later than it is counted.
  const inked = () =>
    page
      .getByTestId('plot-throughput')
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => {
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
        let n = 0
        for (let at = 3; at < pixels.length; at += 4) if (pixels[at] !== 0) n++
        return n
      })
  await expect.poll(inked, BUSY).toBeGreaterThan(1000)

  await window.command(`Kill n${leader}`)
  await page.getByTestId('load-as-table').click()
  await expect(
    rows(window)
      .filter({ hasText: `n${leader}` })
      .first(),
  ).toBeVisible()
  // The others have elected one of them, and answers come again.
  await expect(rows(window).first().locator('td').first()).not.toHaveText('0', BUSY)
  await window.command(`Start n${leader} from its disk`)
  await page.getByTestId('stop-workload-1').click()
  await expect(page.getByTestId('workload-1')).toBeHidden(BUSY)

  await window.command('Close the cluster')
  await expect(page.getByTestId('state-pill')).toHaveAttribute('data-state', 'none')
  await window.command('Open recording')
  await expect(page.getByTestId('state-pill')).toHaveAttribute('data-state', 'recording', BUSY)
  await expect(page.getByTestId('load-panel')).toBeVisible()
  await page.getByTestId('span-all').click()
  await expect(page.getByTestId('plot-latency')).toBeVisible(BUSY)
  await page.getByTestId('load-as-table').click()
  await expect(
    rows(window)
      .filter({ hasText: `n${leader}` })
      .first(),
  ).toBeVisible(BUSY)
})

test('a nemesis shows its schedule first, the same for the same seed, and heals everything when it is stopped', {
  tag: '@electron-only',
}, async ({ shell }) => {
  test.setTimeout(300_000)
  const { window } = shell
  const { page } = window
  await window.startFive()
  await window.leader(all)
  await window.command('Start a nemesis…')
  const dialog = page.getByTestId('nemesis-dialog')
  const schedule = () => dialog.getByTestId('schedule-table').locator('tbody').innerText()
  const previewed = (seed: string) =>
    expect(async () => {
      await dialog.getByTestId('nemesis-seed').fill(seed)
      await expect(dialog.getByTestId('preview-count')).toContainText(/\d+ faults/)
    }).toPass()
  await dialog.getByTestId('rate-process').fill('60')
  // As long as it says how many, they are those of what is written above.
  await previewed('7')
  const first = await schedule()
  await dialog.getByTestId('nemesis-seed').fill('8')
  await expect.poll(schedule).not.toBe(first)
  await dialog.getByTestId('nemesis-seed').fill('7')
  await expect.poll(schedule).toBe(first)

  await dialog.getByTestId('nemesis-down').fill('5')
  await expect(dialog.getByTestId('preview-problem')).toBeVisible()
  await dialog.getByTestId('nemesis-down').fill('')
  await expect(dialog.getByTestId('preview-problem')).toBeHidden()
  await dialog.getByTestId('nemesis-send').click()
  await expect(dialog).toBeHidden()
  await expect
    .poll(async () => Number(await page.getByTestId('nemesis').getAttribute('data-steps')), BUSY)
    .toBeGreaterThan(1)
  await page.getByTestId('stop-nemesis').click()
  await expect(page.getByTestId('nemesis')).toBeHidden({ timeout: 60_000 })
  await expect(page.locator('[data-testid^="node-"][data-standing="running"]')).toHaveCount(5, { timeout: 30_000 })
  await window.openClientTab()
  await window.put('after', 'the nemesis')
})
