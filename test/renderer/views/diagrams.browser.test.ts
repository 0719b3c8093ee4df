/** Ring, logs and timeline in a real browser: drawing, pointing, drawing around nodes, keys that need geometry. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Locator, page, userEvent } from 'vitest/browser'
import type { EventView, NodeView } from '../../../preload/contract'
import { useClusterStore } from '../../../renderer/stores/cluster'
import { useSelectionStore } from '../../../renderer/stores/selection'
import type { FakeDoor } from '../support/fake-door'
import { overviewOf } from '../support/overview'
import { entryRun, entryView, logView, momentView, nodeView, wholeUpdate } from '../support/samples'
import { until } from '../support/until'
import { emptyDoor, query, showWindow } from '../support/window'

vi.setConfig({ testTimeout: 60_000 })

let door: FakeDoor

beforeEach(async () => {
  door = emptyDoor()
    .on('timeline.entries', ({ from, to }) => entryRun(from, to))
    .on('timeline.state', ({ seq }) => momentView(five(), { seq: seq ?? 0, t: (seq ?? 0) * 1e6 }))
  await showWindow(door, 1440, 900)
})

const five = (): NodeView[] => [1, 2, 3, 4, 5].map((id) => nodeView(id))
const canvas = () => query('[data-testid="timeline-canvas"]')

function message(
  seq: number,
  from: number,
  to: number,
  at: number,
  changes: Partial<EventView<'sent'>> = {},
): EventView[] {
  const sent: EventView<'sent'> = {
    kind: 'sent',
    seq,
    n: seq,
    node: from,
    t: at,
    peer: to,
    id: seq,
    message: 'AppendEntries',
    term: 1,
    index: 3,
    logTerm: 1,
    commit: 3,
    count: 1,
    ok: true,
    hint: 0,
    hintTerm: 0,
    inReplyTo: 0,
    round: 0,
    ...changes,
  }
  const received: EventView<'received'> = {
    kind: 'received',
    seq: seq + 1,
    n: seq,
    node: to,
    t: at + 100e6,
    peer: from,
    id: seq,
    message: sent.message,
    term: 1,
    count: sent.count,
  }
  return [sent, received]
}

async function open(nodes = five(), changes: Parameters<typeof wholeUpdate>[1] = {}): Promise<void> {
  door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  door.say('live', wholeUpdate(nodes, changes))
  await shown(page.getByTestId('ring')).toBeVisible()
  await frames(4)
}
/** Polls until it holds; a busy machine is only slower. */
const shown = (locator: Locator) => expect.element(locator, { timeout: 15_000 })
async function frames(n: number): Promise<void> {
  for (let i = 0; i < n; i++) await new Promise((resolve) => requestAnimationFrame(() => resolve(undefined)))
}

/** Presses at the first point, moves along the others, and releases unless told not to. */
async function draw(element: Element, points: readonly (readonly [number, number])[], release = true): Promise<void> {
  const fire = (type: string, [x, y]: readonly [number, number]) =>
    element.dispatchEvent(
      new PointerEvent(type, {
        clientX: x,
        clientY: y,
        button: 0,
        buttons: 1,
        pointerId: 1,
        bubbles: true,
        cancelable: true,
      }),
    )
  // Synthetic pointers cannot be captured.
  vi.spyOn(Element.prototype, 'setPointerCapture').mockImplementation(() => undefined)
  vi.spyOn(Element.prototype, 'releasePointerCapture').mockImplementation(() => undefined)
  const [first, ...rest] = points
  fire('pointerdown', first!)
  for (const point of rest) fire('pointermove', point)
  await frames(2)
  if (release) fire('pointerup', points.at(-1)!)
  await frames(2)
}
function middle(id: number): readonly [number, number] {
  const box = query(`[data-testid="node-${id}"] .ground`).getBoundingClientRect()
  return [box.left + box.width / 2, box.top + box.height / 2]
}
function around(ids: readonly number[]): (readonly [number, number])[] {
  const points = ids.map(middle)
  const [x1, x2] = [Math.min(...points.map(([x]) => x)) - 30, Math.max(...points.map(([x]) => x)) + 30]
  const [y1, y2] = [Math.min(...points.map(([, y]) => y)) - 30, Math.max(...points.map(([, y]) => y)) + 30]
  return [
    [x1, y1],
    [x2, y1],
    [x2, y2],
    [x1, y2],
    [x1, y1 + 4],
  ]
}

describe('drawing around nodes', () => {
  it('previews the cut and makes it on release', async () => {
    await open()
    await draw(query('[data-testid="ring"]'), around([1, 2]), false)
    await shown(page.getByText('n1 n2 | n3 n4 n5 · release to cut 12 links · Esc cancels')).toBeVisible()
    expect(door.inputsOf('link.partition')).toEqual([])
    await draw(query('[data-testid="ring"]'), around([1, 2]))
    await until(() =>
      expect(door.inputsOf('link.partition')).toEqual([
        {
          groups: [
            [1, 2],
            [3, 4, 5],
          ],
        },
      ]),
    )
  })
  it('is cancelled by Escape', async () => {
    await open()
    const ring = query('[data-testid="ring"]')
    await draw(ring, around([4]), false)
    await userEvent.keyboard('{Escape}')
    ring.dispatchEvent(new PointerEvent('pointerup', { pointerId: 1, bubbles: true, button: 0 }))
    await frames(3)
    expect(door.inputsOf('link.partition')).toEqual([])
    expect(document.querySelector('.stroke')).toBeNull()
  })
  it('does nothing around no node, or around all', async () => {
    await open()
    const [x, y] = middle(4)
    await draw(query('[data-testid="ring"]'), [
      [x - 90, y],
      [x - 60, y],
      [x - 60, y + 20],
      [x - 90, y + 20],
    ])
    await draw(query('[data-testid="ring"]'), around([1, 2, 3, 4, 5]))
    expect(door.inputsOf('link.partition')).toEqual([])
  })
  it('shows the partition that holds, and heals it', async () => {
    const groups = [
      [1, 2],
      [3, 4, 5],
    ] as const
    const blocked = groups[0].flatMap((a) =>
      groups[1].flatMap(
        (b) =>
          [
            [a, b],
            [b, a],
          ] as const,
      ),
    )
    await open(five(), { blocked })
    await shown(page.getByTestId('cut-chip')).toHaveTextContent('2 | 3 partition')
    expect(document.querySelectorAll('.cut-line').length).toBe(1)
  })
})

describe('the ring by keyboard', () => {
  it('has one stop; arrows go round, Enter selects', async () => {
    await open()
    expect(document.querySelectorAll('[data-testid="ring"] [tabindex="0"]').length).toBe(1)
    query('[data-testid="node-1"]').focus()
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{Enter}')
    expect(useSelectionStore().node).toBe(3)
    expect(document.activeElement).toBe(query('[data-testid="node-3"]'))
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}{ArrowLeft}')
    expect(document.activeElement).toBe(query('[data-testid="node-5"]'))
  })
})

describe('messages', () => {
  it('fly from sender to receiver and are gone', async () => {
    await open(five(), { t: 5e9 })
    const store = useClusterStore()
    const clock = vi.spyOn(store, 'clock')
    clock.mockReturnValue(5.05e9)
    door.say('live', wholeUpdate(five(), { seq: 110, t: 5.3e9, events: message(108, 1, 3, 5.0e9) }))
    await until(() => expect(document.querySelectorAll('.flight').length).toBe(1))
    const flight = query('.flight')
    expect(flight.dataset).toMatchObject({ sender: '1', id: '108' })
    const x = () => flight.querySelector('.body')!.getBoundingClientRect().x
    const early = x()
    clock.mockReturnValue(5.25e9)
    await until(() => expect(x()).toBeGreaterThan(early + 20))
    clock.mockReturnValue(7e9)
    await until(() => expect(document.querySelectorAll('.flight').length).toBe(0))
  })
})

describe('the timeline', () => {
  const events = (): EventView[] => [
    { kind: 'role', seq: 100, n: 1, node: 1, t: 4.1e9, role: 'leader', term: 1, leader: 1, reason: 'won-election' },
    ...message(101, 1, 5, 4.3e9),
    ...message(103, 1, 3, 4.6e9, { count: 0 }),
  ]
  const paint = () => canvas().querySelector('canvas') as HTMLCanvasElement
  const pixel = (x: number, y: number) => {
    const ratio = window.devicePixelRatio
    return [
      ...(paint()
        .getContext('2d')
        ?.getImageData(x * ratio, y * ratio, 1, 1).data ?? []),
    ]
  }

  it('draws lanes at the display’s resolution', async () => {
    await open(five(), { events: events(), seq: 105, t: 5e9 })
    const box = paint().getBoundingClientRect()
    expect(paint().width).toBe(Math.round(box.width * window.devicePixelRatio))
    await until(() => {
      // n1 leads: a filled band right of the lane's label; above it, nothing.
      expect(pixel(400, 20 + 6 + 15)[3]).toBe(255)
      expect(pixel(403, 22)[3]).toBe(0)
    })
  })

  it('a lane of which no event tells anything is what its node is now', async () => {
    const words = vi.spyOn(CanvasRenderingContext2D.prototype, 'fillText')
    await open(five(), { events: events(), seq: 105, t: 5e9 })
    const drawn = () => words.mock.calls.map(([text]) => text)
    await until(() => expect(drawn().filter((text) => text === 'T1').length).toBeGreaterThanOrEqual(4))
    expect(drawn()).not.toContain('down')
  })

  it('a click on a message selects it and pins the moment after the nearer end', async () => {
    await open(five(), { events: events(), seq: 105, t: 5e9 })
    const selection = useSelectionStore()
    const box = canvas().getBoundingClientRect()
    // The window follows the end: find the message where it is now.
    const find = () => {
      for (let y = 30; y < 150; y += 4) {
        for (let x = 140; x < box.width; x += 6) {
          canvas().dispatchEvent(
            new PointerEvent('pointermove', {
              clientX: box.left + x,
              clientY: box.top + y,
              bubbles: true,
              pointerId: 1,
            }),
          )
          if (selection.hover.message?.id === 101) return [box.left + x, box.top + y] as const
        }
      }
      return undefined
    }
    vi.spyOn(useClusterStore(), 'clock').mockReturnValue(5e9)
    // On a busy machine pictures come seldom, and the window moves on until one has come: it may move away, or so far
    // that the other end is the nearer one.
    await until(async () => {
      const at = find()
      expect(at).toBeDefined()
      await draw(canvas(), [at!])
      expect(selection.message).toMatchObject({ sender: 1, id: 101 })
      expect(door.inputsOf('timeline.state').map((input) => input.seq)).toContain(102)
    })
  })

  const many = (messages: number): EventView[] =>
    Array.from({ length: messages }, (_, i) =>
      message(i * 2, 1 + (i % 5), 1 + ((i + 2) % 5), i * 1e6, { count: i % 3 }),
    )
      .flat()
      .sort((a, b) => a.t - b.t)
      .map((event, seq) => ({ ...event, seq }))

  /** Opens these and looks at all of them. */
  async function openWhole(all: readonly EventView[], t: number): Promise<void> {
    door.on('overview.read', (input) => overviewOf(all, [1, 2, 3, 4, 5], input))
    await open(five(), { events: all, seq: all.length, t })
    await userEvent.keyboard('0')
  }

  it('draws 4,800 events one by one, with a bounded number of strokes', async () => {
    const stroke = vi.spyOn(CanvasRenderingContext2D.prototype, 'stroke')
    const line = vi.spyOn(CanvasRenderingContext2D.prototype, 'lineTo')
    await openWhole(many(2_400), 2.5e9)
    await until(() => expect(line.mock.calls.length).toBeGreaterThan(5_000))
    // Thousands of lines, but few calls that paint: those of one look go together.
    expect(stroke.mock.calls.length / line.mock.calls.length).toBeLessThan(0.05)
  })

  it('draws 30,000 events as counts, which it says', async () => {
    await openWhole(many(15_000), 15.1e9)
    await until(() => expect(door.inputsOf('overview.read').some(({ from, to }) => from === 0 && to > 15e9)).toBe(true))
    await shown(page.getByText('counts', { exact: false }).first()).toBeVisible()
    // One form gives way to the other within a moment; then there are no lines of messages.
    await until(async () => {
      const line = vi.spyOn(CanvasRenderingContext2D.prototype, 'lineTo')
      line.mockClear()
      await userEvent.keyboard('0')
      await frames(4)
      expect(line.mock.calls.length).toBeLessThan(5_000)
    })
  })

  it('shows the same events as a table, with the same filter', async () => {
    await open(five(), { events: events(), seq: 105, t: 5e9 })
    await page.getByTestId('timeline-table-tab').click()
    await until(() => expect(document.querySelectorAll('[data-testid="timeline-table"] tbody tr').length).toBe(5))
    door.on('timeline.count', () => ({ matches: 2, next: null }))
    await page.getByTestId('timeline-filter').fill('heartbeat')
    await until(() => expect(document.querySelectorAll('[data-testid="timeline-table"] tbody tr').length).toBe(2))
    await shown(page.getByText('2 matches')).toBeVisible()
    await page.getByTestId('timeline-filter').fill('no such thing')
    await shown(page.getByText('No event matches the filter')).toBeVisible()
  })
})

describe('the logs', () => {
  const long = () =>
    [1, 2, 3].map((id) =>
      nodeView(id, {
        commitIndex: 900,
        lastApplied: 900,
        log: logView(1, 900, { durableIndex: 900, entries: entryRun(645, 900) }),
      }),
    )
  it('follow the end, and fetch older entries when they are scrolled to', async () => {
    await open(long())
    const logs = query('[data-testid="logs"]')
    await until(() => expect(document.querySelector('[data-testid="log-cell-1-900"]')).not.toBeNull())
    expect(door.inputsOf('timeline.entries')).toEqual([])
    logs.scrollLeft = 2_000
    await until(() => expect(document.querySelector('[data-testid="log-cell-2-42"]')).not.toBeNull())
    expect(door.inputsOf('timeline.entries').every(({ from, to }) => to - from < 128)).toBe(true)
    expect(document.querySelectorAll('.cell').length).toBeLessThan(120)
    await shown(page.getByTestId('follow-end')).toHaveAttribute('aria-pressed', 'false')
    await page.getByTestId('follow-end').click()
    await until(() => expect(document.querySelector('[data-testid="log-cell-1-900"]')).not.toBeNull())
  })

  it('arrow keys move between cells', async () => {
    await open()
    query('[data-testid="log-cell-1-3"]').click()
    query('[data-testid="log-cell-1-3"]').focus()
    await userEvent.keyboard('{ArrowDown}{ArrowLeft}')
    expect(useSelectionStore().entry).toEqual({ node: 2, index: 2 })
    await until(() => expect(document.activeElement).toBe(query('[data-testid="log-cell-2-2"]')))
  })

  it('mark what conflicts with the newest leader, and count the disks', async () => {
    const log = (terms: readonly number[]) =>
      logView(1, terms.length, { entries: terms.map((term, i) => entryView(i + 1, { term })) })
    const base = { commitIndex: 1, lastApplied: 1, leader: 2 }
    await open([
      nodeView(1, { ...base, role: 'leader', currentTerm: 1, log: log([1, 1, 1]) }),
      nodeView(2, { ...base, role: 'leader', currentTerm: 2, log: log([1, 2]) }),
      nodeView(3, { ...base, role: 'follower', currentTerm: 2, log: log([1, 2]) }),
    ])
    expect(query('[data-testid="log-cell-1-2"]').className).toContain('conflict')
    expect(query('[data-testid="log-cell-1-3"]').className).toContain('conflict')
    expect(query('[data-testid="log-cell-1-1"]').className).not.toContain('conflict')
    expect(query('[data-testid="log-cell-2-2"]').className).not.toContain('conflict')
    const counts = [...document.querySelectorAll('.column')].map(
      (column) => column.querySelector('.copies')?.textContent,
    )
    expect(counts.slice(0, 3)).toEqual(['3', '1|2', '1'])
  })

  it('are compact by themselves above seven nodes', async () => {
    await open([1, 2, 3, 4, 5, 6, 7, 8].map((id) => nodeView(id)))
    await expect
      .element(page.getByRole('button', { name: 'Compact', exact: true }))
      .toHaveAttribute('aria-pressed', 'true')
    await page.getByRole('button', { name: 'Comfort', exact: true }).click()
    await until(() => expect(query('[data-testid="log-row-1"]').getBoundingClientRect().height).toBeGreaterThan(50))
  })
})
