/**
 * `npm run screenshots`: takes the pictures of the documentation anew, from a real cluster: in a 2 | 3 partition, with held
 * messages and rules of links, at a breakpoint, and under load. Each picture is a real run, so small things (who leads,
 * which term) differ from one to the next. Names of pictures may be given: only those are taken.
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

const ALL = [1, 2, 3, 4, 5]
/** Name of a picture, and how it comes about. */
const STORIES = { workbench: partitioned, held: heldMessages, breakpoint, load: underLoad }

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
  const wanted = process.argv.slice(2)
  for (const [name, story] of Object.entries(STORIES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    await story(page)
    for (const { theme, language } of [
      { theme: 'dark', language: 'en' },
      { theme: 'light', language: 'zh' },
    ]) {
      await show(page, theme, language)
      const file = `${name}-${theme}${language === 'en' ? '' : `-${language}`}.png`
      await page.screenshot({ path: join(images, file) })
      console.log(`docs/images/${file}`)
    }
    await restore(page)
  }
  await browser.close()
} finally {
  server.kill('SIGTERM')
  await ended
  rmSync(home, { recursive: true, force: true })
}

/** Back to a whole cluster that runs, in English, for the next picture. */
async function restore(page) {
  await show(page, 'dark', 'en')
  await page.keyboard.press('Escape')
  await run(page, 'Back to live', false)
  await run(page, 'Heal everything', false)
  await page.locator('[data-testid^="node-"][data-standing="running"]').nth(4).waitFor()
  await leaderOf(page, ALL, 0)
}

/** A command by its words; one that makes no sense now is left out when it need not be there. */
async function run(page, words, needed = true) {
  await page.keyboard.press('Control+k')
  const palette = page.getByTestId('palette')
  await palette.getByRole('combobox').fill(words)
  const option = palette.getByRole('option').filter({ hasText: words }).first()
  const there = needed || (await option.isVisible())
  if (there) await option.click()
  else await page.keyboard.press('Escape')
  await palette.waitFor({ state: 'hidden' })
}

/** Two nodes stand for election at once; their requests wait to be released. */
async function heldMessages(page) {
  const leader = await leaderOf(page, ALL, 0)
  const rest = ALL.filter((id) => id !== leader)
  await run(page, `Kill n${leader}`)
  await run(page, 'Step mode')
  for (const id of rest.slice(0, 2)) await run(page, `Fire the timer of n${id}`)
  await page.getByTestId('tab-links').click()
  await page.waitForTimeout(1500)
}

/** The cluster stands still where a node has become leader, before it tells anybody. */
async function breakpoint(page) {
  const leader = await leaderOf(page, ALL, 0)
  const term = Number(await page.getByTestId(`node-${leader}`).getAttribute('data-term'))
  await page.getByTestId('tab-breakpoints').click()
  const field = page.getByTestId('breakpoint-text')
  for (const text of ['entry truncated', 'vote refused', `role = leader and term > ${term}`]) {
    await field.fill(text)
    await field.press('Escape')
    await page.getByTestId('breakpoint-set').click()
    await page.locator('[data-hits]').filter({ hasText: text }).waitFor()
  }
  await page.getByLabel(/^Breakpoint 2/).click()
  await run(page, `Kill n${leader}`)
  await page.getByTestId('hit-banner').waitFor()
  await page.getByTestId(`node-${await page.getByTestId('hit-banner').getAttribute('data-node')}`).click()
}

/** Clients call while a node is killed, links are slow, and everything is healed again. */
async function underLoad(page) {
  await run(page, 'Start a workload…')
  await page.getByTestId('workload-send').click()
  await page.getByTestId('plot-throughput').waitFor()
  await page.waitForTimeout(7000)
  await run(page, `Kill n${await leaderOf(page, ALL, 0)}`)
  await page.waitForTimeout(5000)
  await run(page, 'Heal everything')
  await page.waitForTimeout(5000)
  await run(page, 'Links: Slow')
  await page.waitForTimeout(5000)
  await run(page, 'Heal everything')
  await page.waitForTimeout(4000)
}

/** Some writes, then a partition with the leader on the smaller side, writes on both sides, a new leader. */
async function partitioned(page) {
  const leader = await leaderOf(page, ALL, 0)
  await page.getByRole('tab', { name: /^Client/ }).click()
  for (const [key, value] of Object.entries({ x: 3, y: 1, z: 9, a: 2, b: 0 })) await put(page, key, String(value))
  const friend = leader === 1 ? 2 : leader - 1
  const others = ALL.filter((id) => id !== leader && id !== friend)
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
