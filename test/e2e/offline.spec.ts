/** An exported page, opened from a file without network: the window, over what the page holds. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BrowserContext, Page } from '@playwright/test'
import { createFile } from '../../main/timeline/recorder/write-loop'
import { makeEventBlock, RecordingWriter } from '../../main/timeline/recording/writer'
import { lifeOf } from '../timeline/support/traces'
import { test as base, expect } from './shell'

const root = resolve(import.meta.dirname, '../..')
const nodeProgram = join(root, 'node_modules/.bin/node')
const MAX_BYTES = 5 << 20

const test = base.extend<{ directory: string; alone: BrowserContext }>({
  alone: async ({ chrome }, use) => {
    if (chrome === null) throw new Error('a page is opened in a browser')
    const context = await chrome.newContext({ viewport: { width: 1440, height: 900 }, offline: true })
    await use(context)
    await context.close()
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern here
  directory: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'rw-page-'))
    await use(directory)
    rmSync(directory, { recursive: true, force: true })
  },
})

/** A recording of more than 10,000 events, and its page. */
async function pageOf(directory: string, ...options: string[]): Promise<string> {
  const recording = join(directory, 'a.raftrec')
  const header = { clusterId: 'c1', clusterName: 'Travelling', began: '2026-01-02T03:04:05.000Z', origin: '0' }
  const writer = await RecordingWriter.create(await createFile(recording), header)
  const events = lifeOf(1_150)
  expect(events.length).toBeGreaterThan(10_000)
  for (let at = 0; at < events.length; at += 1024) {
    const [first, ...rest] = events.slice(at, at + 1024)
    if (first !== undefined) writer.append(makeEventBlock([first, ...rest]))
  }
  await writer.finish(() => undefined)
  await writer.close()
  const out = join(directory, 'a.html')
  const args = ['out/main/cli.js', 'export', recording, '--format', 'html', '--out', out, ...options]
  execFileSync(nodeProgram, args, { cwd: root, stdio: 'pipe' })
  return out
}

/** Everything that a page must not do: complain, fail, or ask anybody for anything. */
function watch(page: Page): string[] {
  const seen: string[] = []
  page.on('console', (message) => seen.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => seen.push(`error: ${error.message}`))
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) seen.push(request.url())
  })
  return seen
}

/** Pixels of the diagram that differ from its corner: something is drawn. */
async function inked(page: Page): Promise<number> {
  return page
    .locator('.timeline canvas')
    .first()
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
      let different = 0
      for (let at = 0; at < data.length; at += 4) {
        if (data[at] !== data[0] || data[at + 1] !== data[1] || data[at + 2] !== data[2]) different++
      }
      return different
    })
}

test('opens from a file, offline: diagram, moments and inspector, and no way to act @browser-only', async ({
  alone,
  directory,
}) => {
  const path = await pageOf(directory)
  expect(statSync(path).size).toBeLessThan(MAX_BYTES)
  const page = await alone.newPage()
  const seen = watch(page)
  const address = pathToFileURL(path).href
  await page.goto(address)

  await expect(page.getByTestId('state-pill')).toContainText('Recording')
  await expect(page).toHaveTitle(/Travelling|demo/)
  await expect(page.getByTestId('node-1')).toHaveAttribute('data-role', 'leader')
  await expect.poll(() => inked(page)).toBeGreaterThan(2_000)

  // Its end: all 1,150 entries. Then a moment near the beginning: hardly any.
  await expect(page.getByTestId('node-2')).toHaveAttribute('data-last', '1150')
  await page.getByTestId('node-2').click()
  const inspector = page.locator('.right')
  await expect(inspector).toContainText('n2')
  await expect(inspector).toContainText('1150')
  await page.keyboard.press('Home')
  for (let step = 0; step < 12; step++) await page.keyboard.press('ArrowRight')
  await expect(inspector).not.toContainText('1150')
  await expect(page.getByTestId('node-2')).toHaveAttribute('data-last', /^[0-3]$/)

  // Nothing acts: neither menus nor keys nor the palette.
  await expect(page.getByTestId('cluster-menu')).toHaveCount(0)
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByTestId('palette').getByRole('combobox').fill('Kill')
  await expect(page.getByTestId('palette').getByText('Kill n1')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.keyboard.press('ControlOrMeta+e')
  await expect(page.getByTestId('export-dialog')).toHaveCount(0)
  await page.getByTestId('notes').click()
  await expect(page.locator('.notes-popover')).toBeVisible()
  await expect(page.getByTestId('note-text')).toHaveCount(0)

  expect(seen).toEqual([address])
})

test('speaks the language and has the theme that it was exported with @browser-only', async ({ alone, directory }) => {
  const path = await pageOf(directory, '--lang', 'zh', '--theme', 'light', '--from', '1ms', '--to', '2ms')
  const page = await alone.newPage()
  const seen = watch(page)
  const address = pathToFileURL(path).href
  await page.goto(address)
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await expect(page.getByTestId('state-pill')).toContainText('录制')
  await expect(page.getByTestId('node-1')).toHaveAttribute('data-role', 'leader')
  expect(seen).toEqual([address])
})
