/** The link matrix and the editor of rules: what they show, and what they ask of the workbench. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LinkRule } from '../../../preload/contract'
import { cutLinks, NO_SHAPE, signOf } from '../../../renderer/components/rules'
import LinksTab from '../../../renderer/views/left/LinksTab.vue'
import { rectangle, toggled } from '../../../renderer/views/links/matrix'
import { type Bench, createBench } from '../support/mounted'
import { heldView, liveUpdate, nodeView, wholeUpdate } from '../support/samples'

let bench: Bench
beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.end())

async function open(changes = {}, count = 3): Promise<ReturnType<Bench['mount']>> {
  const nodes = Array.from({ length: count }, (_, at) => nodeView(at + 1))
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  bench.door.say('live', wholeUpdate(nodes, changes))
  await bench.settle()
  return bench.mount(LinksTab)
}
const shape = (changes: object, messages: LinkRule['messages'] = []): LinkRule => ({
  messages: [...messages],
  action: { ...NO_SHAPE, ...changes },
})
const hold: LinkRule = { messages: [], action: { type: 'hold' } }
const block: LinkRule = { messages: [], action: { type: 'block' } }
const cell = (tab: ReturnType<Bench['mount']>, from: number, to: number) =>
  tab.get(`[data-testid="link-${from}-${to}"]`)
const choose = (tab: ReturnType<Bench['mount']>, from: number, to: number, keys: object = {}) =>
  cell(tab, from, to).trigger('pointerdown', { button: 0, ...keys })

describe('a cell', () => {
  it('says by sign and words what its link does, not by colour alone', async () => {
    const tab = await open({
      blocked: [[2, 1]],
      links: [
        { from: 1, to: 2, seed: 0, rules: [hold] },
        { from: 1, to: 3, seed: 0, rules: [shape({ dropPercent: 20, delayMs: 5, jitterMs: 5 }, ['AppendEntries'])] },
      ],
      held: [heldView(7), heldView(8)],
    })
    expect(cell(tab, 2, 1).text()).toBe('×')
    expect(cell(tab, 2, 1).attributes('aria-label')).toBe('n2 to n1: cut')
    expect(cell(tab, 1, 2).text()).toBe('‖2')
    expect(cell(tab, 1, 2).attributes('aria-label')).toBe('n1 to n2: hold; 2 held')
    expect(cell(tab, 1, 3).text()).toBe('−20%*')
    expect(cell(tab, 1, 3).attributes('aria-label')).toBe('n1 to n3: drop 20 %, delay 5 ± 5 ms (AppendEntries)')
    expect(cell(tab, 3, 1).text()).toBe('·')
    expect(tab.get('[data-testid="links-summary"]').text()).toBe('1 cut · 1 hold · 1 conditioned · 2 messages held')
  })
  it('of a link that a rule cuts looks as one that was cut', () => {
    expect(signOf(false, [block])).toEqual({ kind: 'cut', sign: '×' })
    expect(signOf(false, [{ messages: ['RequestVote'], action: { type: 'block' } }, hold])).toEqual({
      kind: 'shaped',
      sign: '×*+',
    })
    const links = [{ from: 1, to: 2, seed: 0, rules: [block] }]
    expect(cutLinks({ blocked: [[2, 1]], links })).toEqual([
      [2, 1],
      [1, 2],
    ])
  })
  it('is one stop for Tab; arrows move and step over the diagonal', async () => {
    const tab = await open()
    expect(tab.findAll('.cell[tabindex="0"]')).toHaveLength(1)
    const first = tab.get<HTMLButtonElement>('[data-cell="0-1"]')
    first.element.focus()
    await first.trigger('keydown', { key: 'ArrowDown' })
    expect(document.activeElement?.getAttribute('data-cell')).toBe('2-1')
    await tab.get('[data-cell="2-1"]').trigger('keydown', { key: 'ArrowLeft' })
    expect(document.activeElement?.getAttribute('data-cell')).toBe('2-0')
  })
  it('is not drawn anew when no link changed', async () => {
    const tab = await open({ links: [{ from: 1, to: 2, seed: 0, rules: [hold] }] })
    const before = tab.get('[data-cell="0-1"]').element
    bench.door.say('live', liveUpdate({ seq: 999, links: [{ from: 1, to: 2, seed: 0, rules: [hold] }] }))
    await bench.settle()
    expect(tab.get('[data-cell="0-1"]').element).toBe(before)
  })
})

describe('links are chosen', () => {
  it('as rectangles, without the diagonal; one by one; and all', () => {
    expect([...rectangle([1, 2, 3], [0, 0], [1, 1])]).toEqual(['1>2', '2>1'])
    expect([...toggled(new Set(['1>2']), ['1>2', '2>1'])]).toEqual(['1>2', '2>1'])
    expect([...toggled(new Set(['1>2', '2>1']), ['1>2'])]).toEqual(['2>1'])
  })
  it('and cut with X, held with W, opened with Delete', async () => {
    const tab = await open({ blocked: [[3, 1]] })
    await cell(tab, 1, 2).trigger('keydown', { key: 'x' })
    await choose(tab, 1, 2)
    await choose(tab, 1, 3, { shiftKey: true })
    await cell(tab, 1, 3).trigger('keydown', { key: 'w' })
    await cell(tab, 3, 1).trigger('keydown', { key: 'Delete' })
    await bench.settle()
    expect(bench.door.inputsOf('link.block')).toEqual([{ from: 1, to: 2, both: false }])
    expect(bench.door.inputsOf('link.condition')).toEqual([
      {
        links: [
          { from: 1, to: 2 },
          { from: 1, to: 3 },
        ],
        rules: [hold],
      },
    ])
    expect(bench.door.inputsOf('link.heal')).toEqual([{ from: 3, to: 1, both: false }])
  })
  it('by a click on the corner: many are cut as one fault', async () => {
    const tab = await open()
    await tab.get('[data-testid="links-all"]').trigger('click')
    await tab.get('[data-testid="links-cut"]').trigger('click')
    await bench.settle()
    const [asked] = bench.door.inputsOf('link.condition')
    expect(asked?.links).toHaveLength(6)
    expect(asked?.rules).toEqual([block])
  })
})

describe('the rule editor', () => {
  it('puts rules together and applies them to all chosen links', async () => {
    const tab = await open()
    await choose(tab, 2, 3)
    await tab.get('[data-testid="rule-add"]').trigger('click')
    await tab.get('[data-testid="rule-1-dropPercent"]').setValue('12.5')
    await tab.get('[data-testid="rule-1-delayMs"]').setValue('0')
    await tab.get('[data-testid="rule-add"]').trigger('click')
    await tab.get('[data-testid="rule-2-hold"]').trigger('click')
    await tab.get('[data-testid="rules-apply"]').trigger('click')
    await bench.settle()
    expect(bench.door.inputsOf('link.condition')).toEqual([
      { links: [{ from: 2, to: 3 }], rules: [shape({ dropPercent: 12.5 }), hold] },
    ])
  })
  it.each(['-1', '101', 'many', ''])('does not hand on %j percent', async (text) => {
    const tab = await open()
    await choose(tab, 2, 3)
    await tab.get('[data-testid="rule-add"]').trigger('click')
    const field = tab.get('[data-testid="rule-1-dropPercent"]')
    await field.setValue(text)
    expect(field.attributes('aria-invalid')).toBe('true')
    expect(tab.get('[data-testid="rules-apply"]').attributes('disabled')).toBeDefined()
    await field.setValue('100')
    expect(tab.get('[data-testid="rules-apply"]').attributes('disabled')).toBeUndefined()
  })
  it('shows what the links have, says when they differ, and follows what is set elsewhere', async () => {
    const links = [{ from: 1, to: 2, seed: 3, rules: [shape({ delayMs: 40 })] }]
    const tab = await open({ links })
    await choose(tab, 1, 2)
    expect(tab.get<HTMLInputElement>('[data-testid="rule-1-delayMs"]').element.value).toBe('40')
    expect(tab.get('[data-testid="rules-apply"]').attributes('disabled')).toBeDefined()
    bench.door.say(
      'live',
      liveUpdate({ seq: 200, links: [{ from: 1, to: 2, seed: 3, rules: [shape({ delayMs: 90 })] }] }),
    )
    await bench.settle()
    expect(tab.get<HTMLInputElement>('[data-testid="rule-1-delayMs"]').element.value).toBe('90')
    await choose(tab, 1, 3, { ctrlKey: true })
    expect(tab.text()).toContain('These links have different rules')
  })
})

describe('a recording', () => {
  it('shows rules and changes none', async () => {
    const tab = await open({ links: [{ from: 1, to: 2, seed: 0, rules: [hold] }] })
    bench.door.connection.value = 'lost'
    await choose(tab, 1, 2)
    await cell(tab, 1, 2).trigger('keydown', { key: 'x' })
    await bench.settle()
    expect(tab.find('[data-testid="rules-apply"]').exists()).toBe(false)
    expect(bench.door.inputsOf('link.block')).toEqual([])
    expect(tab.get('[data-testid="rule-editor"]').text()).toContain('hold')
  })
})
