/**
 * `npm run screenshots`: takes the pictures of the documentation anew. Each story is a real run on a cluster of its own: a
 * 2 | 3 partition, rules of links, held messages, a breakpoint, clients under a nemesis; small things (who leads, which
 * term) differ from one to the next. Names of stories may be given: only those are told. With `--all` every theme, language
 * and size is taken of them, into `out/screenshots`. A story that fails says where, and the others go on.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ensureBrowser, ensureBuilt, ensureDependencies, nodeProgram, root } from './setup.mjs'

ensureDependencies()
const executablePath = ensureBrowser()
ensureBuilt()
const { chromium } = await import('playwright')

const ALL = [1, 2, 3, 4, 5]
/** Milliseconds that a state may take to come on a busy machine. */
const PATIENCE = 180_000
const SIZE = { width: 1440, height: 900 }
/** How each picture comes about, and which of them the documentation has. */
const STORIES = {
  workbench: { tell: partitioned, taken: ['dark', 'light-zh'] },
  links: { tell: linkRules, taken: ['dark', 'light-zh'] },
  held: { tell: heldMessages, taken: ['dark', 'light-zh'], without: ['preVote'] },
  breakpoint: { tell: breakpoint, taken: ['dark', 'light-zh'] },
  // The plots, without the timeline of the last second.
  load: { tell: underLoad, taken: ['dark', 'light-zh'], height: 562 },
  causes: { tell: causes, taken: ['dark', 'light-zh'] },
  difference: { tell: difference, taken: ['dark', 'light-zh'], without: ['preVote', 'checkQuorum'] },
  branches: { tell: branches, taken: ['dark', 'light-zh'], key: 'Shift+T' },
  // Made by hand: nobody else has a cluster with two leaders in a term.
  violation: { open: (page) => brought(page, 'two-leaders.jsonl'), tell: violation, taken: ['dark', 'light-zh'] },
  illegal: { open: (page) => brought(page, 'stale-read.edn'), tell: illegal, taken: ['light', 'dark-zh'] },
  scenario: { open: playing, tell: scenario, taken: ['dark', 'light-zh'] },
  tour: { tell: tour, taken: ['light', 'light-zh'] },
  // A recording of a million events: all of it, some seconds, single messages.
  'million-all': { open: million, tell: (page) => zoomed(page, 0), taken: [] },
  'million-near': { open: million, tell: (page) => zoomed(page, 22), taken: [] },
  'million-messages': { open: million, tell: (page) => zoomed(page, 58), taken: [] },
  // What is seen only when something is large, slow or broken.
  arriving: { open: arriving, tell: () => undefined, taken: [] },
  exporting: { open: million, tell: exporting, taken: [] },
  damaged: { open: damaged, tell: () => undefined, taken: [] },
  refused: { open: refused, tell: () => undefined, taken: [], toasts: true },
  undecided: { open: undecided, tell: () => undefined, taken: [] },
}

const words = process.argv.slice(2)
const everything = words.includes('--all')
const wanted = words.filter((word) => word !== '--all')
const unknown = wanted.filter((name) => !(name in STORIES))
if (unknown.length > 0) {
  console.error(`Unknown story: ${unknown.join(', ')}. Known: ${Object.keys(STORIES).join(', ')}.`)
  process.exit(2)
}
const images = everything ? join(root, 'out', 'screenshots') : join(root, 'docs', 'images')
mkdirSync(images, { recursive: true })

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})
try {
  for (const [name, story] of Object.entries(STORIES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    try {
      await told(name, story)
    } catch (trouble) {
      console.error(`The story “${name}” did not come through: ${trouble.message.split('\n', 4).join(' ')}`)
      process.exitCode = 1
    }
  }
} finally {
  await browser.close()
}

/** Tells a story in a workbench of its own, and takes its pictures. */
async function told(name, { open, tell, taken, without = [], height, key, toasts = false }) {
  const home = mkdtempSync(join(tmpdir(), 'rw-shot-'))
  const program = join(root, 'out', 'main', 'cli.js')
  const server = spawn(nodeProgram(), [program, 'serve', '--port', '0', '--home', home], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = new Promise((done) => server.once('exit', done))
  // What moves would be caught at any place; without motion the machine has its time for the cluster.
  const context = await browser.newContext({ viewport: SIZE, colorScheme: 'dark', reducedMotion: 'reduce' })
  try {
    context.setDefaultTimeout(PATIENCE)
    const page = await context.newPage()
    await page.goto(await addressOf(server))
    if (open === undefined) await create(page, without)
    else await open(page)
    await tell(page)
    await take(page, name, taken, { height, key, toasts })
  } finally {
    await context.close()
    server.kill('SIGTERM')
    await ended
    rmSync(home, { recursive: true, force: true })
  }
}

function addressOf(server) {
  return new Promise((found, failed) => {
    createInterface({ input: server.stdout }).on('line', (line) => {
      const match = /https?:\/\/\S+token=\S+/.exec(line)
      if (match) found(match[0])
    })
    server.once('exit', () => failed(new Error('the workbench ended before it gave an address')))
  })
}

/**
 * `height`: in the documentation, only so much from the top. `key`: opens the dialog that is shown, which Escape closes.
 * `toasts`: they are what is shown.
 */
async function take(page, name, taken, { height = SIZE.height, key, toasts }) {
  const languages = [
    ['en', ''],
    ['zh', '-zh'],
  ]
  const sizes = everything ? [SIZE, { width: 1280, height: 800 }, { width: 2560, height: 1440 }] : [SIZE]
  for (const theme of ['dark', 'light']) {
    for (const [language, ending] of languages) {
      if (!everything && !taken.includes(`${theme}${ending}`)) continue
      if (key !== undefined) await page.keyboard.press('Escape')
      await show(page, theme, language, toasts)
      if (key !== undefined) await page.keyboard.press(key)
      for (const size of sizes) {
        await page.setViewportSize(size)
        // Two pictures later everything stands in its new place.
        await page.waitForTimeout(1_200)
        const file = `${name}-${theme}${ending}${size === SIZE ? '' : `-${size.width}`}.png`
        const clip = everything ? undefined : { x: 0, y: 0, width: SIZE.width, height }
        await page.screenshot({ path: join(images, file), clip })
        console.log(join(images, file).slice(root.length + 1))
      }
      await page.setViewportSize(SIZE)
    }
  }
}

/** Five nodes whose leader stays where it is on a busy machine, too; `without`: settings that are switched off. */
async function create(page, without) {
  await page.getByTestId('start-cluster').waitFor()
  await run(page, 'New cluster…')
  const dialog = page.getByTestId('create-dialog')
  await dialog.getByTestId('create-advanced').click()
  await dialog.locator('[data-setting="electionTimeoutMs"]').getByRole('spinbutton').fill('1000')
  for (const name of without) await dialog.locator(`[data-setting="${name}"]`).getByRole('switch').click()
  await dialog.getByTestId('create-submit').click()
  await page
    .locator('[data-testid^="node-"][data-standing="running"]')
    .nth(ALL.length - 1)
    .waitFor()
  await leaderOf(page, ALL, 0)
}

/** A command by its words. */
async function run(page, command) {
  await page.keyboard.press('Control+k')
  const palette = page.getByTestId('palette')
  await palette.getByRole('combobox').fill(command)
  await palette.getByRole('option').filter({ hasText: command }).first().click()
  await palette.waitFor({ state: 'hidden' })
}

/** Some writes, then a partition with the leader on the smaller side, writes on both sides, a new leader. */
async function partitioned(page) {
  const leader = await leaderOf(page, ALL, 0)
  await openClient(page)
  for (const [key, value] of Object.entries({ x: 3, y: 1, z: 9, a: 2, b: 0 })) await put(page, key, String(value))
  const friend = leader === 1 ? 2 : leader - 1
  const others = ALL.filter((id) => id !== leader && id !== friend)
  const { term } = await dataOf(page, leader)
  await page.getByTestId(`node-${leader}`).focus()
  for (const key of ['p', String(leader), String(friend), 'Enter']) await page.keyboard.press(key)
  await page.getByTestId('cut-chip').waitFor()
  await openClient(page)
  await page.getByLabel('via').selectOption(String(leader))
  await send(page, 'z', '4')
  const next = await leaderOf(page, others, term)
  await page.getByLabel('via').selectOption('0')
  await put(page, 'c', '5')
  await look(page, next)
  await page.getByRole('tab', { name: /^Faults/ }).click()
  // Hold the moment: all pictures show the same one.
  await page.getByTestId('play-pause').click()
}

/** A scenario of the library, from the gallery. */
async function playing(page) {
  await page.getByTestId('start-cluster').waitFor()
  await page.keyboard.press('Shift+S')
  await page.getByTestId('gallery-search').fill('competing-candidates-late-replies')
  await page.getByTestId('gallery-item').waitFor()
  await page.keyboard.press('Enter')
  await page.locator('[data-testid="scenario"][data-phase="paused"]').waitFor()
}

/** It plays until two stand for election and their requests wait. */
async function scenario(page) {
  const atStep = (at) => page.locator(`[data-testid="scenario"][data-phase="paused"][data-at="${at}"]`).waitFor()
  for (let at = 1; at <= 6; at++) {
    await page.keyboard.press('F9')
    await atStep(at)
  }
  await look(page, 1)
}

/** The first lesson: somebody else than the leader was killed, and the hint says so. */
async function tour(page) {
  await run(page, 'Lesson: The first election')
  for (let step = 0; step < 3; step++) await page.keyboard.press('F9')
  await page.locator('[data-testid="tour"][data-step="kill"]').waitFor()
  const leader = await leaderOf(page, ALL, 0)
  const other = ALL.find((id) => id !== leader)
  await page.getByTestId(`node-${other}`).focus()
  await run(page, `Kill n${other}`)
  await page.getByTestId('tour-hint').waitFor()
  await look(page, leader)
}

/** A rule of every kind in the matrix: cut, held, shaped for one kind of message; the editor is open on the last. */
async function linkRules(page) {
  await makeRoom(page)
  const leader = await leaderOf(page, ALL, 0)
  const [a, b, c, d] = ALL.filter((id) => id !== leader)
  await page.getByTestId('tab-links').click()
  const choose = (from, to) => page.getByTestId(`link-${from}-${to}`).click()
  await choose(a, b)
  await page.getByTestId('links-cut').click()
  await choose(c, d)
  await page.getByTestId('links-hold').click()
  for (const [from, to, fields] of [
    [leader, c, { delayMs: '20', jitterMs: '5' }],
    [d, leader, { delayMs: '0', duplicatePercent: '50' }],
    [leader, a, { dropPercent: '20', delayMs: '5' }],
  ]) {
    await choose(from, to)
    await page.getByTestId('rule-add').click()
    await page.getByTestId('rule-1-shape').click()
    for (const [field, value] of Object.entries(fields)) await page.getByTestId(`rule-1-${field}`).fill(value)
    await page.getByTestId('rules-apply').click()
    await page.locator(`[data-testid="link-${from}-${to}"][data-kind="shaped"]`).waitFor()
  }
  await openClient(page)
  for (const [key, value] of Object.entries({ x: 3, y: 1, z: 9 })) await put(page, key, String(value))
  await look(page, leader)
  await page.getByTestId('tab-links').click()
  await choose(leader, a)
}

/** Two nodes stand for election at once; their requests wait to be released, and one is looked into. */
async function heldMessages(page) {
  const leader = await leaderOf(page, ALL, 0)
  await openClient(page)
  for (const [key, value] of Object.entries({ x: 3, y: 1 })) await put(page, key, String(value))
  const [one, two, three] = ALL.filter((id) => id !== leader)
  // Time first: else somebody might be elected before it stands.
  await run(page, 'Step mode')
  for (const id of ALL) await page.locator(`[data-testid="node-${id}"][data-clock="manual"]`).waitFor()
  await run(page, `Kill n${leader}`)
  await page.locator(`[data-testid="node-${leader}"][data-standing="killed"]`).waitFor()
  await dropAll(page)
  for (const id of [one, two]) {
    await page.getByTestId(`fire-${id}`).click()
    await page.locator(`[data-testid="node-${id}"][data-role="candidate"]`).waitFor()
  }
  const row = page.locator(`tr[data-from="${one}"][data-to="${three}"]`).last()
  await row.waitFor()
  await page.getByTestId('tab-links').click()
  await look(page, one)
  await row.click()
  await page.getByTestId('held-hex').waitFor()
}

/** Into a node: by key, for nodes may lie one over the other. */
async function look(page, node) {
  await page.getByTestId(`node-${node}`).focus()
  await page.keyboard.press('Enter')
}

/** What waits is dropped, until nothing does. */
async function dropAll(page) {
  const button = page.getByTestId('drop-all')
  while ((await page.getByTestId('held-panel').getAttribute('data-count')) !== '0') {
    // Nothing may be left by the time it is clicked.
    await button.click({ timeout: 2_000 }).catch(() => undefined)
  }
}

/** The cluster stands still where a node has become leader, before it tells anybody. */
async function breakpoint(page) {
  await makeRoom(page)
  const leader = await leaderOf(page, ALL, 0)
  await openClient(page)
  for (const [key, value] of Object.entries({ x: 3, y: 1, z: 9 })) await put(page, key, String(value))
  const { term } = await dataOf(page, leader)
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
  await look(page, await page.getByTestId('hit-banner').getAttribute('data-node'))
}

/** Clients call by a plan while a nemesis kills, cuts and slows; then everything is whole again. */
async function underLoad(page) {
  await run(page, 'Start a workload…')
  await page.getByTestId('pace-open').click()
  await page.getByTestId('load-rate').fill('60')
  await page.getByTestId('workload-send').click()
  await page.getByTestId('plot-throughput').waitFor()
  await answered(page, 300)
  await run(page, 'Start a nemesis…')
  const dialog = page.getByTestId('nemesis-dialog')
  await dialog.getByTestId('nemesis-seed').fill('7')
  await dialog.getByTestId('nemesis-duration').fill('40')
  await dialog.getByTestId('rate-process').fill('10')
  await dialog.getByTestId('nemesis-send').click()
  await page.getByTestId('nemesis').waitFor()
  await page.getByTestId('nemesis').waitFor({ state: 'hidden' })
  const before = Number(await page.getByTestId('workload-1').getAttribute('data-ok'))
  await answered(page, before + 300)
  await page.getByTestId('span-all').click()
  await look(page, await leaderOf(page, ALL, 0))
}

/** A leader is killed; why the next one leads is asked. */
async function causes(page) {
  const leader = await leaderOf(page, ALL, 0)
  await openClient(page)
  for (const [key, value] of Object.entries({ x: 3, y: 1 })) await put(page, key, String(value))
  const { term } = await dataOf(page, leader)
  await run(page, `Kill n${leader}`)
  await leaderOf(page, ALL, term)
  await page.getByTestId('timeline-filter').fill('kind = role and role = leader')
  await page.getByTestId('timeline-table-tab').click()
  await page.getByTestId('timeline-table').locator('tr[data-seq]').last().click()
  await page.getByTestId('causes').locator('.step').nth(3).waitFor()
  await page.getByTestId('timeline-filter').fill('')
  await page.getByTestId('timeline-diagram-tab').click()
}

/** An entry that only the old leader's side has gives way to another. */
async function difference(page) {
  const leader = await leaderOf(page, ALL, 0)
  await openClient(page)
  for (const [key, value] of Object.entries({ x: 3, y: 1 })) await put(page, key, String(value))
  const friend = leader === 1 ? 2 : 1
  const others = ALL.filter((id) => id !== leader && id !== friend)
  const { term } = await dataOf(page, leader)
  await page.getByTestId(`node-${leader}`).focus()
  for (const key of ['p', String(leader), String(friend), 'Enter']) await page.keyboard.press(key)
  await page.getByTestId('cut-chip').waitFor()
  await openClient(page)
  await page.getByLabel('via').selectOption(String(leader))
  for (const value of ['4', '5']) await send(page, 'lost', value)
  await leaderOf(page, others, term)
  await page.getByLabel('via').selectOption('0')
  await put(page, 'c', '5')
  await page.getByTestId('play-pause').click()
  await run(page, 'Compare: set A to this moment')
  await run(page, 'Back to live')
  await run(page, 'Heal everything')
  await put(page, 'healed', '1')
  await run(page, 'Compare two moments')
  await page.getByTestId('diff').waitFor()
}

/** Two branches from one moment, and one from a branch, as a tree. */
async function branches(page) {
  await leaderOf(page, ALL, 0)
  for (const key of ['x', 'y', 'z']) {
    await openClient(page)
    await put(page, key, '1')
    await run(page, 'Fork from here')
    await page.getByTestId('fork-disks').waitFor()
    await page.getByTestId('fork-send').click()
    await page.getByTestId('fork-dialog').waitFor({ state: 'hidden' })
    await page
      .locator('[data-testid^="node-"][data-standing="running"]')
      .nth(ALL.length - 1)
      .waitFor()
    await leaderOf(page, ALL, 0)
  }
}

/** Opens a recording of a million events. */
async function million(page) {
  await withRecording('million', 1_000_000, async (path) => {
    await bring(page, path)
    await page.getByTestId('state-pill').filter({ hasText: 'Recording' }).waitFor()
  })
}

/** A recording that is made from a seed by the parts that every recording is made with, for as long as `use` takes. */
async function withRecording(name, events, use) {
  await import('./typescript.mjs')
  const { LIFE } = await import('../test/bench/timeline/life.ts')
  const { makeRecording } = await import('../test/bench/timeline/make.ts')
  await withFolder(async (folder) => {
    const path = join(folder, `${name}.raftrec`)
    await makeRecording(path, { ...LIFE, events }, new AbortController().signal)
    await use(path)
  })
}

async function withFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'rw-shot-'))
  try {
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As somebody brings a file: the window takes it whole, and opens it. */
async function bring(page, path) {
  await page.getByTestId('start-cluster').waitFor()
  const asked = page.waitForEvent('filechooser')
  await run(page, 'Open file…')
  await (await asked).setFiles(path)
}

/** A large file comes in over a slow line. */
async function arriving(page) {
  const line = await page.context().newCDPSession(page)
  await line.send('Network.enable')
  await line.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 200_000,
  })
  await withRecording('a-night-of-the-nemesis', 1_000_000, async (path) => {
    await bring(page, path)
    await page.getByTestId('task').waitFor()
  })
}

/** All of a million events go into a file. */
async function exporting(page) {
  await page.keyboard.press('Control+e')
  await page.getByTestId('format-sqlite').click()
  await page.getByTestId('export-send').click()
  await page.getByTestId('task').filter({ hasText: '%' }).waitFor()
}

/** Bytes in the middle of a recording are others than they were. */
async function damaged(page) {
  await withRecording('flipped', 200_000, async (path) => {
    const bytes = readFileSync(path)
    for (const share of [0.4, 0.41, 0.7]) bytes[Math.floor(bytes.length * share)] ^= 0xff
    writeFileSync(path, bytes)
    await bring(page, path)
    await page.getByTestId('state-pill').filter({ hasText: 'Recording' }).waitFor()
  })
  await zoomed(page, 24, 0.749)
}

/** A history whose third line breaks a rule. */
async function refused(page) {
  await withFolder(async (folder) => {
    const path = join(folder, 'stale read.edn')
    const lines = readFileSync(join(root, 'test/checks/fixtures/stale-read.edn'), 'utf8').split('\n')
    lines[2] = '{:process 1, :type :invoked, :f :cas, :value [1 2]}'
    writeFileSync(path, lines.join('\n'))
    await bring(page, path)
    await page.getByTestId('toast').waitFor()
  })
}

/** Two dozen writes at once, and two reads of which each needs another one of them to be the last: too many orders to try. */
async function undecided(page) {
  await withFolder(async (folder) => {
    const path = join(folder, 'too-many-orders.edn')
    const call = (process, type, f, value) => `{:process ${process}, :type :${type}, :f :${f}, :value ${value}}`
    const writes = (type) => Array.from({ length: 28 }, (_, at) => call(at, type, 'write', at))
    const read = (value) => [call(50, 'invoke', 'read', 'nil'), call(50, 'ok', 'read', value)]
    writeFileSync(path, [...writes('invoke'), ...writes('ok'), ...read(1), ...read(2)].join('\n'))
    await bring(page, path)
  })
  await page.locator('[data-testid="verdict-chip"][data-standing="undecided"]').waitFor()
  await page.getByTestId('verdict-chip').click()
}

/** A file of the checkers' tests, as somebody brings it. */
async function brought(page, name) {
  await bring(page, join(root, 'test', 'checks', 'fixtures', name))
  await page.locator('[data-testid="verdict-chip"][data-standing="broken"]').waitFor()
  await page.getByTestId('verdict-chip').click()
}

/** Two leaders in one term: the second of the events that prove it is gone to. */
async function violation(page) {
  await page.locator('[data-testid="check-election-safety"] .event').nth(1).click()
  await page.getByTestId('causes').waitFor()
}

/** A read of what had been replaced before, drawn. */
async function illegal(page) {
  await page.getByTestId('counterexample').waitFor()
  await page.getByTestId('counterexample').scrollIntoViewIfNeeded()
}

/** Into the middle of the recording, or another place of it, by so many turns of the wheel. */
async function zoomed(page, turns, place = 0.5) {
  const canvas = page.getByTestId('timeline-canvas')
  await canvas.click({ position: { x: 400, y: 12 } })
  await page.keyboard.press('0')
  const box = await canvas.boundingBox()
  await page.mouse.move(box.x + box.width * place, box.y + box.height / 2)
  for (let turn = 0; turn < turns; turn++) {
    await page.mouse.wheel(0, -100)
    await page.waitForTimeout(40)
  }
}

/** Room for what stands below the ring: the timeline's divider goes down, the ring's goes up. */
async function makeRoom(page) {
  await page.locator('.bottom-splitter').focus()
  for (let step = 0; step < 2; step++) await page.keyboard.press('Shift+ArrowDown')
  await page.locator('.ring-splitter').focus()
  for (let step = 0; step < 3; step++) await page.keyboard.press('Shift+ArrowUp')
}

/** Until so many calls of the first workload were answered. */
async function answered(page, calls) {
  while (Number(await page.getByTestId('workload-1').getAttribute('data-ok')) < calls) await page.waitForTimeout(250)
}

async function dataOf(page, node) {
  const { role, term } = await page.getByTestId(`node-${node}`).evaluate((drawn) => ({ ...drawn.dataset }))
  return { role, term: Number(term) }
}

async function leaderOf(page, among, after) {
  const until = Date.now() + PATIENCE
  while (Date.now() < until) {
    for (const id of among) {
      const { role, term } = await dataOf(page, id)
      if (role === 'leader' && term > after) return id
    }
    await page.waitForTimeout(100)
  }
  throw new Error(`none of ${among.join(', ')} was elected after term ${after}`)
}

function openClient(page) {
  return page.getByRole('tab', { name: /^Client/ }).click()
}

async function send(page, key, value) {
  await page.getByRole('button', { name: 'put', exact: true }).click()
  await page.getByTestId('client-key').fill(key)
  await page.getByTestId('client-value').fill(value)
  await page.getByTestId('client-value').press('Enter')
}

async function put(page, key, value) {
  await send(page, key, value)
  await page.locator(`[data-testid="client-call"][data-key="${key}"][data-outcome="ok"]`).first().waitFor()
}

async function show(page, theme, language, keepsToasts) {
  const html = page.locator('html')
  if ((await html.getAttribute('data-theme')) !== theme) await page.getByTestId('theme-switch').click()
  await page.locator(`html[data-theme="${theme}"]`).waitFor({ state: 'attached' })
  if (!(await html.getAttribute('lang'))?.startsWith(language)) await page.getByTestId('language-switch').click()
  await page.locator(`html[lang^="${language}"]`).waitFor({ state: 'attached' })
  await page.mouse.move(SIZE.width / 2, 10)
  if (keepsToasts) return
  // What was said in passing is not part of the picture, and nothing is pointed at.
  const toasts = page.getByTestId('toast')
  for (let left = await toasts.count(); left > 0; left = await toasts.count()) {
    // It may go by itself meanwhile.
    const close = toasts.first().getByRole('button').last()
    await close.click({ timeout: 10_000 }).catch(() => undefined)
  }
  await page.mouse.move(SIZE.width / 2, 10)
}
