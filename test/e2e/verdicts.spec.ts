/** A bug that somebody switches on is caught while he looks: its proof on the timeline, its report as a page; and a history of others. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from '@playwright/test'
import { expect, test } from './shell'
import type { Window } from './window'

const all = [1, 2, 3]
const MAX_REPORT_BYTES = 5 << 20

/** From the settings of a new cluster; its leader stays where it is, on a busy machine and without its followers, too. */
async function createWithBug(window: Window, bug: string): Promise<void> {
  const { page } = window
  await window.command('New cluster…')
  const dialog = page.getByTestId('create-dialog')
  await dialog.getByRole('button', { name: '3 nodes' }).click()
  await dialog.getByTestId('create-advanced').click()
  await dialog.locator('[data-setting="electionTimeoutMs"]').getByRole('spinbutton').fill('1000')
  await dialog.locator('[data-setting="checkQuorum"]').getByRole('switch').click()
  await dialog.getByRole('tab', { name: 'Bug zoo' }).click()
  await dialog.getByTestId('setting-bug').selectOption({ label: bug })
  await dialog.getByTestId('create-submit').click()
  await expect(dialog).toBeHidden()
  await expect(page.locator('[data-testid^="node-"][data-standing="running"]')).toHaveCount(all.length)
}

/** What somebody sees who opens a page from a file, without a network; it asks nobody for anything. */
async function readOffline(browser: Browser, text: string, look: (body: string) => void): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'rw-report-'))
  const path = join(directory, 'report.html')
  writeFileSync(path, text)
  const context = await browser.newContext({ offline: true })
  try {
    const page = await context.newPage()
    const seen: string[] = []
    page.on('console', (message) => seen.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => seen.push(`error: ${error.message}`))
    page.on('request', (request) => seen.push(request.url()))
    const address = pathToFileURL(path).href
    await page.goto(address)
    await expect(page.locator('figure svg').first()).toBeVisible()
    look(await page.locator('body').innerText())
    expect(seen).toEqual([address])
  } finally {
    await context.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

test('a bug switched on in the settings: broken, proved on the timeline, drawn, and taken away as a page', async ({
  shell,
  chrome,
}) => {
  const { window } = shell
  const { page } = window
  const bug = 'Clients are answered when the leader has appended'
  await createWithBug(window, bug)
  await expect(page.getByTestId('status-bug')).toContainText(bug)
  await window.leader(all)
  await window.openClientTab()
  await window.put('x', 'before')
  const { node: old, term, last } = await window.settled(all, 2)
  const rest = all.filter((id) => id !== old)

  // Alone, it tells a client that a write is done; the others go on without it.
  await window.partition([old])
  await window.openClientTab()
  await window.chooseVia(old)
  await window.put('x', 'lost')
  const chip = page.getByTestId('verdict-chip')
  await expect(chip).toHaveAttribute('data-standing', 'broken')
  await window.leader(rest, term)
  // Until both have an entry of the new term, the old one could be elected again, and its entry kept.
  await window.converged(rest, last + 1)
  await window.command('Heal everything')
  await window.openClientTab()
  await window.chooseVia('any')
  expect(await window.get('x')).toBe('before')

  await chip.click()
  const panel = page.getByTestId('verdicts-panel')
  const check = panel.getByTestId('check-answered-is-committed')
  await expect(check).toHaveAttribute('data-standing', 'broken')
  const sentence = await check.locator('.sentence').first().innerText()
  expect(sentence).toContain(`Node ${old} answered`)

  // No order explains what the clients were told. Its drawing stands above the others, which it pushes down when it comes.
  const history = panel.getByTestId('check-history')
  await expect(history).toHaveAttribute('data-standing', 'broken')
  const drawing = history.getByTestId('counterexample').locator('svg')
  await expect(drawing).toContainText('lost')
  await expect(drawing).toContainText('before')

  // Where it broke: the last of the events that prove it is selected, and the moment after it pinned.
  const proof = check.locator('.event').last()
  const seq = Number(await proof.getAttribute('data-seq'))
  await proof.click()
  await expect(page.getByTestId('state-pill')).toHaveAttribute('data-state', 'pinned')
  await expect(proof).toHaveClass(/\bhere\b/)
  await expect(window.node(old)).toHaveAttribute('data-role', 'leader')
  await expect(page.getByTestId('causes').locator('.step').first()).toBeVisible()
  await page.getByTestId('timeline-table-tab').click()
  const row = page.getByTestId('timeline-table').locator(`tr[data-seq="${seq}"]`)
  await expect(row).toHaveAttribute('aria-current', 'true')

  const report = await shell.save(() => page.getByTestId('verdicts-report').click())
  expect(Buffer.byteLength(report)).toBeLessThanOrEqual(MAX_REPORT_BYTES)
  if (chrome === null) {
    expect(report).toContain('It does not hold.')
    return
  }
  await readOffline(chrome, report, (body) => {
    expect(body).toContain('It does not hold.')
    expect(body).toContain(sentence)
    expect(body).toContain(bug)
  })
})

/** A register: 2 was read after 1 had taken its place, and before anybody could have written it again. */
const ILLEGAL = [
  'INFO  [2026-01-02 03:04:05,000] jepsen worker 0 - jepsen.util 0\t:invoke\t:write\t2',
  'INFO  [2026-01-02 03:04:05,100] jepsen worker 0 - jepsen.util 0\t:ok\t:write\t2',
  'INFO  [2026-01-02 03:04:05,200] jepsen worker 1 - jepsen.util 1\t:invoke\t:write\t1',
  'INFO  [2026-01-02 03:04:05,300] jepsen worker 1 - jepsen.util 1\t:ok\t:write\t1',
  'INFO  [2026-01-02 03:04:05,400] jepsen worker 2 - jepsen.util 2\t:invoke\t:read\tnil',
  'INFO  [2026-01-02 03:04:05,500] jepsen worker 2 - jepsen.util 2\t:ok\t:read\t2',
]

test('a history that Jepsen logged, brought as a file: illegal, drawn and told as a table', async ({ shell }) => {
  const { page } = shell.window
  const path = join(shell.home, 'register.log')
  writeFileSync(path, `${ILLEGAL.join('\n')}\n`)
  if (shell.answerOpenDialog === undefined) {
    const asked = page.waitForEvent('filechooser')
    await shell.window.command('Open file…')
    await (await asked).setFiles(path)
  } else {
    await shell.answerOpenDialog(path)
    await shell.window.command('Open a recording file…')
  }
  await expect(page.getByTestId('state-pill')).toContainText('Recording')
  await expect(page.getByTestId('verdict-chip')).toHaveAttribute('data-standing', 'broken')
  await page.getByTestId('verdict-chip').click()
  const drawn = page.getByTestId('counterexample')
  await expect(drawn.locator('svg')).toContainText('no place')
  await drawn.getByTestId('counterexample-table').click()
  const stuck = drawn.locator('tbody tr.stuck')
  await expect(stuck).toContainText('get register')
  await stuck.getByRole('button').click()
  await expect(page.getByTestId('causes')).toBeVisible()
})
