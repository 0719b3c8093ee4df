/** Breakpoints and plots in a real browser: where things stand, what is drawn, and keys alone. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { LoadView } from '../../../preload/contract'
import type { FakeDoor } from '../support/fake-door'
import { momentView, nodeView, wholeUpdate } from '../support/samples'
import { until } from '../support/until'
import { box, emptyDoor, query, showWindow } from '../support/window'

vi.setConfig({ testTimeout: 120_000 })

const S = 1e9
let door: FakeDoor
const five = () => [1, 2, 3, 4, 5].map((id) => nodeView(id))

beforeEach(async () => {
  door = emptyDoor()
    .on('timeline.entries', () => [])
    .on('timeline.state', ({ seq }) => momentView(five(), { seq: seq ?? 0 }))
    .on('breakpoint.set', () => ({ id: 1 }))
  await showWindow(door, 1280, 800)
})

async function open(changes: Parameters<typeof wholeUpdate>[1] = {}): Promise<void> {
  door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  door.say('live', wholeUpdate(five(), changes))
  await vi.waitFor(() => query('[data-testid="node-5"]'), { timeout: 20_000 })
}

describe('the editor of breakpoints', () => {
  it('underlines exactly where the wrong word stands, and its list lies inside the window', async () => {
    await open()
    await userEvent.keyboard('{Shift>}b{/Shift}')
    await vi.waitFor(() => expect(document.activeElement?.id).toBe('breakpoint-text'), { timeout: 10_000 })
    await userEvent.keyboard('role = boss and term = 3')
    await until(() => query('.squiggle'))
    // Monospaced: the eighth to the eleventh letter.
    const letter = box('.squiggle').width / 4
    const text = box('.behind')
    expect(box('.squiggle').left - text.left - 8).toBeCloseTo(7 * letter, 0)
    expect(box('.behind').height).toBe(box('#breakpoint-text').height)
    await userEvent.keyboard('{Control>}a{/Control}v')
    await until(() => query('[data-testid="completions"]'))
    const list = box('[data-testid="completions"]')
    expect(list.top).toBeGreaterThanOrEqual(box('#breakpoint-text').bottom - 1)
    expect(list.bottom).toBeLessThanOrEqual(window.innerHeight)
    await userEvent.keyboard('{ArrowDown}{Enter}{Escape}')
    expect(query<HTMLTextAreaElement>('#breakpoint-text').value.trim().length).toBeGreaterThan(1)
    expect(document.querySelector('[data-testid="completions"]')).toBeNull()
  })
})

describe('the band of a stop', () => {
  it('has a place for each node inside the window, and F8 and F10 go on', async () => {
    await open({ stop: { node: 2, breakpoint: 0, seq: 5, since: 4 * S, stepping: 0 } })
    await until(() => query('[data-testid="hit-banner"]'))
    for (const id of [1, 2, 3, 4, 5]) {
      const place = box(`[data-testid="stands-${id}"]`)
      expect(place.left).toBeGreaterThanOrEqual(0)
      expect(place.right).toBeLessThanOrEqual(window.innerWidth + 1)
    }
    expect(box('.regions').top).toBeGreaterThanOrEqual(box('[data-testid="hit-banner"]').bottom)
    expect(box('.status').bottom).toBeLessThanOrEqual(window.innerHeight + 1)
    await userEvent.keyboard('{F10}')
    await userEvent.keyboard('{F8}')
    await until(() => expect(door.inputsOf('stop.continue')).toHaveLength(1))
    expect(door.inputsOf('stop.step')).toEqual([{ node: 2 }])
  })
})

describe('the plots', () => {
  const colours = (selector: string): number => {
    const canvas = query<HTMLCanvasElement>(`${selector} canvas`)
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
    const seen = new Set<number>()
    for (let at = 0; at < pixels.length; at += 4) {
      if (pixels[at + 3] === 255)
        seen.add(((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0))
    }
    return seen.size
  }
  const point = (t: number): LoadView => ({
    workload: 1,
    t: t * S,
    millis: 250,
    started: 25,
    ok: 25,
    failed: t > 4 ? 5 : 0,
    unknown: 0,
    waiting: 2,
    p50: 4,
    p95: 9,
    p99: 40,
    max: 60,
  })

  it('draw what the stream tells, say it in words, and become a table', async () => {
    await open({ faults: [{ id: 1, type: 'kill', detail: '{"nodes":[3]}', since: 4 * S }] })
    await userEvent.keyboard('{Shift>}l{/Shift}')
    await vi.waitFor(() => query('[data-testid="load-empty"]'), { timeout: 10_000 })
    for (let t = 1; t <= 5; t += 0.25) door.say('load', point(t))
    await vi.waitFor(() => query('[data-testid="plot-throughput"] canvas'), { timeout: 10_000 })
    await until(() => expect(colours('[data-testid="plot-throughput"]')).toBeGreaterThan(3))
    expect(query('[data-testid="plot-key-ok"]').textContent).toContain('100')
    expect(query('[data-testid="plot-key-failed"]').textContent).toContain('20')
    const panel = box('[data-testid="load-panel"]')
    for (const kind of ['throughput', 'latency']) {
      const plot = box(`[data-testid="plot-${kind}"]`)
      expect(plot.height).toBeGreaterThan(120)
      expect(plot.bottom).toBeLessThanOrEqual(panel.bottom + 1)
    }
    query('[data-testid="load-as-table"]').click()
    await until(() => expect(document.querySelectorAll('table tbody tr.faulty').length).toBeGreaterThan(0))
    expect(query('tr.faulty').textContent).toContain('Killed n3')
  })
})
