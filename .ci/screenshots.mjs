/**
 * `npm run screenshots`: takes the pictures of the documentation anew, from a real cluster in a 2 | 3 partition. Each
 * picture is a real run, so small things (who leads, which term) differ from one to the next.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ensureBrowser, ensureBuilt, ensureDependencies, nodeProgram, root } from './setup.mjs'

ensureDependencies()
const executablePath = ensureBrowser()
ensureBuilt()
const { chromium } = await import('playwright')

const images = join(root, 'docs', 'images')
mkdirSync(images, { recursive: true })
const home = mkdtempSync(join(tmpdir(), 'rw-shot-'))
const program = join(root, 'out', 'main', 'cli.js')
const server = spawn(nodeProgram(), [program, 'serve', '--port', '0', '--home', home, '--nodes', '5'], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const ended = new Promise((done) => server.once('exit', done))

try {
  const address = await new Promise((found, failed) => {
    createInterface({ input: server.stdout }).on('line', (line) => {
      const match = /https?:\/\/\S+token=\S+/.exec(line)
      if (match) found(match[0])
    })
    server.once('exit', () => failed(new Error('the workbench ended before it gave an address')))
  })
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' })
  await page.goto(address)
  await story(page)
  for (const { name, theme, language } of [
    { name: 'workbench-dark', theme: 'dark', language: 'en' },
    { name: 'workbench-light-zh', theme: 'light', language: 'zh' },
  ]) {
    await show(page, theme, language)
    await page.screenshot({ path: join(images, `${name}.png`) })
    console.log(`docs/images/${name}.png`)
  }
  await browser.close()
} finally {
  server.kill('SIGTERM')
  await ended
  rmSync(home, { recursive: true, force: true })
}

/** Some writes, then a partition with the leader on the smaller side, writes on both sides, a new leader. */
async function story(page) {
  const leader = await leaderOf(page, [1, 2, 3, 4, 5], 0)
  await page.getByRole('tab', { name: /^Client/ }).click()
  for (const [key, value] of Object.entries({ x: 3, y: 1, z: 9, a: 2, b: 0 })) await put(page, key, String(value))
  const friend = leader === 1 ? 2 : leader - 1
  const others = [1, 2, 3, 4, 5].filter((id) => id !== leader && id !== friend)
  const term = Number(await page.getByTestId(`node-${leader}`).getAttribute('data-term'))
  await page.getByTestId(`node-${leader}`).focus()
  for (const key of ['p', String(leader), String(friend), 'Enter']) await page.keyboard.press(key)
  await page.getByTestId('cut-chip').waitFor()
  await page.getByRole('tab', { name: /^Client/ }).click()
  await page.getByLabel('via').selectOption(String(leader))
  await send(page, 'z', '4')
  const next = await leaderOf(page, others, term)
  await page.getByLabel('via').selectOption('0')
  await put(page, 'c', '5')
  await page.getByTestId(`node-${next}`).click()
  await page.getByRole('tab', { name: /^Faults/ }).click()
  await page.getByTestId('toast').getByRole('button').last().click()
  await page.waitForTimeout(300)
  // Hold the moment: both pictures show the same one.
  await page.getByTestId('play-pause').click()
}

async function leaderOf(page, among, after) {
  for (;;) {
    for (const id of among) {
      const node = page.getByTestId(`node-${id}`)
      const [role, term] = [await node.getAttribute('data-role'), Number(await node.getAttribute('data-term'))]
      if (role === 'leader' && term > after) return id
    }
    await page.waitForTimeout(100)
  }
}

async function send(page, key, value) {
  await page.getByRole('button', { name: 'put', exact: true }).click()
  await page.getByTestId('client-key').fill(key)
  await page.getByTestId('client-value').fill(value)
  await page.keyboard.press('Enter')
}

async function put(page, key, value) {
  await send(page, key, value)
  await page.locator(`[data-testid="client-call"][data-key="${key}"][data-outcome="ok"]`).first().waitFor()
}

async function show(page, theme, language) {
  while ((await page.locator('html').getAttribute('data-theme')) !== theme) {
    await page.getByTestId('theme-switch').click()
    await page.waitForTimeout(300)
  }
  while (!(await page.locator('html').getAttribute('lang'))?.startsWith(language)) {
    await page.getByTestId('language-switch').click()
    await page.waitForTimeout(300)
  }
  await page.mouse.move(720, 10)
  await page.waitForTimeout(700)
}
