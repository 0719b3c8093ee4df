/** Membership in a real browser: what the ring shows of it, keys and menus that reach it, the track of operations. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { DEFAULT_SETTINGS, type EventView, type NodeView } from '../../../preload/contract'
import type { FakeDoor } from '../support/fake-door'
import { configuration, momentView, nodeView, operation, wholeUpdate } from '../support/samples'
import { until } from '../support/until'
import { emptyDoor, query, showWindow } from '../support/window'

vi.setConfig({ testTimeout: 60_000 })

let door: FakeDoor

const of = configuration([1, 4, 5], { outgoing: [1, 2, 3], learners: [6], witnesses: [5] })
const six = (): NodeView[] =>
  [1, 2, 3, 4, 5, 6, 7].map((id) =>
    nodeView(id, {
      configuration: of,
      configurationIndex: 3,
      configurationCommitted: false,
      role: id === 1 ? 'leader' : id > 5 ? 'learner' : 'follower',
      transferTarget: id === 1 ? 4 : 0,
      receiving: id === 6 ? { peer: 1, index: 2, term: 1, bytes: 100, offset: 40 } : null,
    }),
  )

beforeEach(async () => {
  door = emptyDoor()
    .on('timeline.entries', () => [])
    .on('timeline.state', ({ seq }) => momentView(six(), { seq: seq ?? 0 }))
    .on('clusters.settings', () => DEFAULT_SETTINGS)
  await showWindow(door, 1440, 900)
})

const shown = (testid: string) => expect.element(page.getByTestId(testid), { timeout: 20_000 })
async function open(changes: Parameters<typeof wholeUpdate>[1] = {}): Promise<void> {
  door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  door.say('live', wholeUpdate(six(), changes))
  await shown('ring').toBeVisible()
  await vi.waitFor(() => query('[data-testid="node-7"]'), { timeout: 20_000 })
}

describe('the ring', () => {
  it('shows joint consensus, who comes and goes, and the handing over, all inside its region', async () => {
    await open({ operations: [operation(1, { type: 'add-node', detail: '{"role":"learner"}' })] })
    await shown('joint-chip').toHaveTextContent('joint: old 2/3 + new 2/3')
    const tag = (id: number) => query(`[data-testid="node-${id}"] .tag`).textContent
    expect([1, 2, 4, 5, 6, 7].map(tag)).toEqual(['old + new', 'old', 'new', 'witness', 'learner', 'joining'])
    expect(query('[data-testid="transfer"]').textContent).toContain('hands over')
    expect(query('[data-testid="node-6"] .state').textContent).toBe('receives 40 %')
    const ring = query('[data-testid="ring"]').getBoundingClientRect()
    for (const each of document.querySelectorAll('.node .tag')) {
      const box = each.getBoundingClientRect()
      expect(box.left).toBeGreaterThanOrEqual(ring.left)
      expect(box.bottom).toBeLessThanOrEqual(ring.bottom)
    }
    const outlines = new Set([2, 5, 6, 7].map((id) => query(`[data-testid="node-${id}"]`).getAttribute('class')))
    expect(outlines.size).toBe(4)
  })
  it('explains its signs; the explanation closes by key', async () => {
    await open()
    await page.getByTestId('ring-legend').click()
    await expect.element(page.getByText('RequestPreVote (asks only)')).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await vi.waitFor(() => expect(document.querySelector('.sign-legend')).toBeNull(), { timeout: 10_000 })
  })
})

describe('by keyboard alone', () => {
  it('the membership is changed', async () => {
    door.on('membership.change', () => ({ index: 9 }))
    const plain = configuration([1, 2, 3], { learners: [4] })
    door.say('source', { kind: 'live', name: 'five', recording: '/r' })
    door.say('live', wholeUpdate([1, 2, 3, 4].map((id) => nodeView(id, { configuration: plain }))))
    await shown('ring').toBeVisible()
    await userEvent.keyboard('m')
    await shown('membership-dialog').toBeVisible()
    const focus = () => document.activeElement?.getAttribute('data-testid')
    for (let tabs = 0; tabs < 12 && focus() !== 'member-4'; tabs++) await userEvent.tab()
    expect(focus()).toBe('member-4')
    await userEvent.selectOptions(page.getByTestId('member-4'), 'voter')
    await until(() => expect(query('[data-testid="membership-next"]').textContent).toContain('Next: n1 n2 n3 n4'))
    for (let tabs = 0; tabs < 12 && focus() !== 'membership-send'; tabs++) await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await until(() => expect(door.inputsOf('membership.change')).toHaveLength(1))
    await vi.waitFor(() => expect(document.querySelector('[data-testid="membership-dialog"]')).toBeNull(), {
      timeout: 10_000,
    })
  })
  it('a node is added and leadership handed over', async () => {
    door.on('node.add', () => ({ node: 8 }))
    await open()
    query('[data-testid="tab-members"]').focus()
    await userEvent.keyboard('{Enter}')
    query('[data-testid="add-node"]').focus()
    await userEvent.keyboard('{Enter}')
    await shown('add-witness').toBeVisible()
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}')
    await until(() => expect(door.inputsOf('node.add')).toEqual([{ role: 'witness' }]))
    query('[data-testid="transfer-best"]').focus()
    await userEvent.keyboard('{Enter}')
    await until(() => expect(door.inputsOf('leadership.transfer')).toEqual([{}]))
  })
  it('the settings of the open cluster are reached', async () => {
    await open()
    await userEvent.keyboard('{Control>},{/Control}')
    await shown('settings-dialog').toBeVisible()
    const rows = () => [...document.querySelectorAll('.setting')].map((row) => row.getAttribute('data-setting'))
    await until(() => expect(rows()).toContain('preVote'))
    const dialog = query('[data-testid="settings-dialog"]').getBoundingClientRect()
    expect(dialog.bottom).toBeLessThanOrEqual(900)
  })
})

describe('the timeline', () => {
  it('has a track for what was asked, once something was', async () => {
    const event: EventView<'operation'> = {
      kind: 'operation',
      seq: 0,
      n: 1,
      node: 0,
      t: 4.5e9,
      action: 'begin',
      id: 1,
      type: 'transfer',
      detail: '{"target":4}',
      problem: '',
    }
    await open({ events: [event] })
    const canvas = query('[data-testid="timeline-canvas"]')
    const box = canvas.getBoundingClientRect()
    const said = () => document.querySelector('.card b')?.textContent
    // From the top down until the pointer is over it, right of where it began.
    let found = 0
    for (let y = box.top + 60; y < box.bottom - 30 && found === 0; y += 5) {
      canvas.dispatchEvent(
        new PointerEvent('pointermove', { clientX: box.left + box.width * 0.85, clientY: y, bubbles: true }),
      )
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined))))
      if (said() === 'hand leadership to n4') found = y
    }
    expect(found).toBeGreaterThan(0)
    const at = { clientX: box.left + box.width * 0.85, clientY: found, button: 0, pointerId: 1, bubbles: true }
    // Synthetic pointers cannot be captured.
    vi.spyOn(Element.prototype, 'setPointerCapture').mockImplementation(() => undefined)
    vi.spyOn(Element.prototype, 'releasePointerCapture').mockImplementation(() => undefined)
    canvas.dispatchEvent(new PointerEvent('pointerdown', at))
    canvas.dispatchEvent(new PointerEvent('pointerup', at))
    await vi.waitFor(() => expect(door.inputsOf('timeline.state').map((input) => input.seq)).toContain(1), {
      timeout: 10_000,
    })
  })
})
