/** The timeline in a real browser, over a recording: the table by keyboard and by its roles, search, rules, the minimap. */
import { mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { CallInput, EventView } from '../../../preload/contract'
import { parseFilter } from '../../../preload/contract/diagram'
import App from '../../../renderer/App.vue'
import { i18n } from '../../../renderer/i18n'
import { useClusterStore } from '../../../renderer/stores/cluster'
import { installDoor } from '../../../renderer/stores/door'
import { useSelectionStore } from '../../../renderer/stores/selection'
import { useRulesStore } from '../../../renderer/timeline/rules/store'
import { FakeDoor } from '../support/fake-door'
import { overviewOf } from '../support/overview'
import { momentView, nodeView, recordingInfo } from '../support/samples'
import { until } from '../support/until'
import '../../../renderer/styles/index.css'

let door: FakeDoor
let app: VueWrapper

const nodes = () => [1, 2, 3].map((id) => nodeView(id))
const query = (selector: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(selector)
  if (found === null) throw new Error(`no ${selector}`)
  return found
}

/** One event every `every` nanoseconds: a new leader now and then, appends between, and a few words. */
function eventsOf(count: number, every: number): EventView[] {
  return Array.from({ length: count }, (_, seq): EventView => {
    const common = { seq, n: seq, t: seq * every, node: 1 + (seq % 3) }
    const term = 1 + Math.floor(seq / 100)
    if (seq % 100 === 0)
      return { ...common, kind: 'role', role: 'leader', term, leader: common.node, reason: 'won-election' }
    if (seq % 50 === 25) return { ...common, kind: 'note', node: 0, text: `look ${seq}` }
    return { ...common, kind: 'committed', commitIndex: seq, by: 'counted' }
  })
}

/** Answers as the workbench would, over these events. */
async function openRecording(all: readonly EventView[]): Promise<void> {
  const end = all.at(-1)?.t ?? 0
  const inRange = ({ fromT = 0, toT = Number.POSITIVE_INFINITY, fromSeq = 0, kinds }: CallInput<'timeline.events'>) =>
    all.filter(
      ({ t, seq, kind }) => t >= fromT && t < toT && seq >= fromSeq && (kinds === undefined || kinds.includes(kind)),
    )
  door
    .on('timeline.events', (input) => inRange(input).slice(0, input.limit))
    .on('timeline.state', ({ seq, t = 0 }) => {
      const at = seq ?? all.filter((event) => event.t <= t).length
      return momentView(nodes(), { seq: at, t: all[at - 1]?.t ?? 0 })
    })
    .on('timeline.count', ({ text, fromSeq, toSeq = Number.POSITIVE_INFINITY }) => {
      const { matches } = parseFilter(text)
      const found = all.filter((event) => event.seq >= (fromSeq ?? 0) && event.seq < toSeq && matches(event))
      return { matches: found.length, next: null }
    })
    .on('timeline.find', ({ what, seq, by }) => {
      const { matches } = parseFilter('text' in what ? (what.text ?? '') : '')
      const match =
        by > 0
          ? all.find((event) => event.seq >= seq && matches(event))
          : all.findLast((event) => event.seq < seq && matches(event))
      return { match: match ?? null, next: null }
    })
    .on('timeline.cone', () => ({ seqs: [], more: false }))
    .on('timeline.why', () => [])
    .on('overview.read', (input) => overviewOf(all, [1, 2, 3], input))
  door.say('source', { kind: 'recording', info: recordingInfo({ events: all.length, end }) })
  await until(() => expect(useClusterStore().pin?.seq).toBe(all.length))
}

beforeEach(async () => {
  localStorage.clear()
  await page.viewport(1440, 900)
  door = new FakeDoor()
    .on('clusters.list', () => [])
    .on('recordings.list', () => [])
    .on('files.recent', () => [])
    .on('settings.get', () => ({ language: 'en', theme: 'dark' }))
    .on('notes.list', () => ({ recording: '/r', notes: [] }))
  installDoor(door)
  const pinia = createPinia()
  setActivePinia(pinia)
  const root = document.body.appendChild(document.createElement('div'))
  root.id = 'app'
  app = mount(App, { attachTo: root, global: { plugins: [pinia, i18n] } })
  const between = root.firstElementChild
  if (between instanceof HTMLElement) between.style.height = '100%'
})
afterEach(() => {
  app.unmount()
  document.body.replaceChildren()
})

const table = () => query('[data-testid="timeline-table"]')
const rows = () => [...document.querySelectorAll<HTMLElement>('[data-testid="timeline-table"] tbody tr')]
const seqs = () => rows().map((row) => Number(row.dataset.seq))
/** The `seq` of the event after which everything is shown. */
const stands = () => (useClusterStore().pin?.seq ?? 0) - 1

async function openTable(all: readonly EventView[]): Promise<void> {
  await openRecording(all)
  await page.getByTestId('timeline-table-tab').click()
  await until(() => expect(rows().length).toBeGreaterThan(3))
  table().focus()
}

async function press(keys: string, seq: number): Promise<void> {
  await userEvent.keyboard(keys)
  await until(() => expect(stands()).toBe(seq))
}

/** The row that a screen reader is told of is there, says which event it is, and is in sight. */
async function told(seq: number): Promise<void> {
  await until(() => {
    const row = document.getElementById(table().getAttribute('aria-activedescendant') ?? 'none')
    expect(row?.dataset.seq).toBe(String(seq))
    const [box, at] = [table().getBoundingClientRect(), row?.getBoundingClientRect()]
    expect(at?.top).toBeGreaterThanOrEqual(box.top)
    expect(at?.bottom).toBeLessThanOrEqual(box.bottom + 1)
  })
}

describe('the table of events', () => {
  it('is gone through by keys, and the row where one stands is told and in sight', async () => {
    await openTable(eventsOf(400, 1e7))
    await press('{Home}', 0)
    await told(0)
    await press('{ArrowDown}', 1)
    await press('{ArrowDown}{ArrowDown}{ArrowDown}', 4)
    await press('{ArrowUp}', 3)
    await userEvent.keyboard('{PageDown}')
    await until(() => expect(stands()).toBeGreaterThan(5))
    const page = stands() - 3
    await told(3 + page)
    await press('{PageDown}', 3 + page * 2)
    await told(3 + page * 2)
    await press('{PageUp}', 3 + page)
    await press('{End}', 399)
    await told(399)
    await press('{ArrowDown}', 399)
    await press('{Home}{ArrowUp}', 0)
    // Nobody chose this one; Enter does.
    await useClusterStore().pinAt({ seq: 51 })
    expect(useSelectionStore().event).not.toBe(50)
    await userEvent.keyboard('{Enter}')
    await until(() => expect(useSelectionStore().event).toBe(50))
    await told(50)
    expect(stands()).toBe(50)
  })

  it('is a grid with headings to a screen reader', async () => {
    await openTable(eventsOf(400, 1e7))
    const grid = page.getByRole('grid', { name: 'Events; arrow keys move the pinned moment' })
    await expect.element(grid).toHaveAttribute('aria-rowcount', '401')
    expect(
      grid
        .getByRole('columnheader')
        .elements()
        .map(({ textContent }) => textContent?.trim()),
    ).toEqual(['how it stands', 'event', 'seconds', 'node', 'term', 'kind', 'what happened'])
    const body = grid.getByRole('row').elements()
    expect(body).toHaveLength(rows().length + 1)
    for (const row of rows()) {
      expect(row.getAttribute('aria-rowindex')).toBe(String(Number(row.dataset.seq) + 2))
      expect(row.querySelectorAll('[role="gridcell"]')).toHaveLength(7)
    }
    await press('{Home}', 0)
    await until(() => expect(table().querySelector('[aria-selected="true"]')).toBe(rows()[0]))
    expect(table().querySelectorAll('[aria-current="true"]')).toHaveLength(1)
  })

  it('of a long recording goes to its ends, and to the first and the last match, where memory has neither', async () => {
    const all = eventsOf(60_000, 1e6)
    await openTable(all)
    await press('{End}', 59_999)
    await told(59_999)
    await press('{Home}', 0)
    await told(0)
    await page.getByTestId('timeline-filter').fill('look')
    table().focus()
    await press('{End}', 59_975)
    await told(59_975)
    await press('{Home}', 25)
    await told(25)
    await press('{ArrowDown}', 75)
  })
})

describe('filter and search', () => {
  it.each([
    ['by node', 'node = 2', 1],
    ['by kind', 'kind = role', 0],
    ['by term', 'term >= 3', 200],
    ['by index', 'index = 42', 42],
    ['by text', 'look', 25],
  ])('%s', async (_, text, first) => {
    const all = eventsOf(400, 1e7)
    const { matches } = parseFilter(text)
    const wanted = all.filter(matches).map(({ seq }) => seq)
    expect(wanted[0]).toBe(first)
    await openTable(all)
    await page.getByTestId('timeline-filter').fill(text)
    await until(() => expect(table().getAttribute('aria-rowcount')).toBe(String(wanted.length + 1)))
    table().focus()
    await press('{Home}', first)
    await until(() => expect(seqs()).toEqual(wanted.slice(0, seqs().length)))
    await expect
      .element(page.getByTestId('timeline-matches'))
      .toHaveTextContent(wanted.length === 1 ? '1 match' : `${wanted.length} matches`)
  })

  it('F3 goes to the next match, Shift F3 to the one before, both say which, and the ends are told', async () => {
    await openTable(eventsOf(400, 1e7))
    await press('{Home}', 0)
    await page.getByTestId('timeline-filter').fill('look')
    await expect.element(page.getByTestId('timeline-matches')).toHaveTextContent('8 matches')
    await press('{F3}', 25)
    await expect.element(page.getByTestId('timeline-matches')).toHaveTextContent('1 of 8')
    await press('{F3}', 75)
    await press('{F3}', 125)
    await expect.element(page.getByTestId('timeline-matches')).toHaveTextContent('3 of 8')
    await press('{Shift>}{F3}{/Shift}', 75)
    expect(useSelectionStore().event).toBe(75)
    await press('{Shift>}{F3}{/Shift}', 25)
    await userEvent.keyboard('{Shift>}{F3}{/Shift}')
    await expect.element(page.getByText('No match before', { exact: false }).first()).toBeVisible()
    expect(stands()).toBe(25)
  })

  it('rules colour the rows: the first that matches wins', async () => {
    await openTable(eventsOf(400, 1e7))
    const rules = useRulesStore()
    const leaders = rules.add('kind = role')
    const third = rules.add('seq >= 200')
    rules.change(leaders, { colour: 'amber' })
    rules.change(third, { colour: 'violet' })
    await page.getByTestId('timeline-filter').fill('seq >= 200')
    table().focus()
    await press('{Home}', 200)
    const painted = (seq: number) => {
      const row = query(`[data-testid="timeline-table"] tr[data-seq="${seq}"]`)
      return [row.dataset.colour, row.querySelector('.rule [aria-hidden]')?.textContent]
    }
    await until(() =>
      expect([painted(200), painted(201)]).toEqual([
        ['amber', '1'],
        ['violet', '2'],
      ]),
    )
    rules.move(third, 0)
    await until(() =>
      expect([painted(200), painted(201)]).toEqual([
        ['violet', '1'],
        ['violet', '1'],
      ]),
    )
  })
})

describe('the minimap', () => {
  const canvas = () => query('[data-testid="timeline-canvas"]')
  const [gutter, right] = [132, 16]
  const end = 60e9

  function fire(type: string, x: number, y: number): void {
    canvas().dispatchEvent(
      new PointerEvent(type, { clientX: x, clientY: y, button: 0, buttons: 1, pointerId: 1, bubbles: true }),
    )
  }
  /** Where a moment stands on the minimap, in the page. */
  function at(t: number): readonly [number, number] {
    const box = canvas().getBoundingClientRect()
    return [box.left + gutter + (t / end) * (box.width - gutter - right), box.bottom - 10]
  }
  async function drag(from: number, to: number): Promise<void> {
    const [[x1, y], [x2]] = [at(from), at(to)]
    fire('pointerdown', x1, y)
    for (let step = 1; step <= 5; step++) fire('pointermove', x1 + ((x2 - x1) * step) / 5, y)
    fire('pointerup', x2, y)
  }
  /** The moment in the middle of the window: a click there pins it. */
  async function middle(): Promise<number> {
    const box = canvas().getBoundingClientRect()
    const before = door.inputsOf('timeline.state').length
    const [x, y] = [box.left + gutter + (box.width - gutter - right) / 2, box.top + 60]
    fire('pointermove', x, y)
    fire('pointerdown', x, y)
    fire('pointerup', x, y)
    await until(() => expect(door.inputsOf('timeline.state').length).toBeGreaterThan(before))
    await until(() => expect(useClusterStore().pinning).toBeNull())
    return useClusterStore().pin?.t ?? 0
  }
  const span = () => query('.timeline .btn.span').textContent?.trim()

  beforeEach(async () => {
    vi.spyOn(Element.prototype, 'setPointerCapture').mockImplementation(() => undefined)
    vi.spyOn(Element.prototype, 'releasePointerCapture').mockImplementation(() => undefined)
    await openRecording(eventsOf(6_001, 1e7))
    await until(() => expect(canvas().getBoundingClientRect().height).toBeGreaterThan(100))
  })

  it('its window is dragged along, and jumps to where one presses beside it', async () => {
    const shown = span()
    await drag(57e9, 15e9)
    await until(async () => expect(Math.abs((await middle()) - 15e9)).toBeLessThan(0.3e9))
    await drag(15e9, 40e9)
    await until(async () => expect(Math.abs((await middle()) - 40e9)).toBeLessThan(0.3e9))
    const [x, y] = at(5e9)
    fire('pointerdown', x, y)
    fire('pointerup', x, y)
    await until(async () => expect(Math.abs((await middle()) - 5e9)).toBeLessThan(0.3e9))
    expect(span()).toBe(shown)
  })

  it('its edge is dragged: more is shown, and the other edge stays', async () => {
    await drag(57e9, 30e9)
    await until(async () => expect(Math.abs((await middle()) - 30e9)).toBeLessThan(0.3e9))
    await drag(27e9, 13e9)
    await until(() => expect(span()).toMatch(/^(19|20|20\.\d) s$/))
    await until(async () => expect(Math.abs((await middle()) - 23e9)).toBeLessThan(0.5e9))
  })
})
