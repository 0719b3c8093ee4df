/** The editor of colour rules, and the rules as they are kept. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import type { EventView } from '../../../../preload/contract'
import ColourRules from '../../../../renderer/timeline/rules/ColourRules.vue'
import { useRulesStore } from '../../../../renderer/timeline/rules/store'
import { type Bench, createBench } from '../../support/mounted'

let bench: Bench
beforeEach(() => {
  localStorage.clear()
  bench = createBench()
})
afterEach(() => bench.end())

const role = (term: number): EventView =>
  ({ kind: 'role', seq: term, n: 1, t: 1, node: 1, role: 'leader', term, reason: 'won-election' }) as EventView
const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)]
const one = (selector: string): HTMLElement => {
  const [found] = all(selector)
  if (found === undefined) throw new Error(`no ${selector}`)
  return found
}
const texts = () => all('[data-testid="rules"] input[type="text"]').map((input) => (input as HTMLInputElement).value)

async function opened(filter = ''): Promise<void> {
  bench.mount(ColourRules, { filter })
  one('[data-testid="rules-open"]').click()
  await bench.settle()
}

async function write(at: number, text: string): Promise<void> {
  const input = all('[data-testid="rules"] input[type="text"]')[at] as HTMLInputElement
  input.value = text
  input.dispatchEvent(new Event('input', { bubbles: true }))
  await nextTick()
}

function press(element: HTMLElement, key: string): void {
  element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
}

describe('the rules', () => {
  it('are asked in order: the first that matches gives its colour', () => {
    const store = useRulesStore()
    store.add('kind = role')
    store.add('term = 3')
    expect(store.paintOf(role(3))).toEqual({ colour: 'sky', rule: 1 })
    store.move(store.rules[1]!.key, 0)
    expect(store.paintOf(role(3))).toEqual({ colour: 'amber', rule: 1 })
    expect(store.paintOf(role(2))).toEqual({ colour: 'sky', rule: 2 })
  })

  it('count only when they are on and can be read', () => {
    const store = useRulesStore()
    const key = store.add('kind = role')
    store.change(key, { on: false })
    expect(store.paintOf(role(1))).toBeUndefined()
    store.change(key, { on: true, filter: 'term = many' })
    expect(store.paintOf(role(1))).toBeUndefined()
    store.change(key, { filter: '' })
    expect(store.paintOf(role(1))).toBeUndefined()
  })

  it('are there again in the next window; what cannot be read of them is left out', async () => {
    const store = useRulesStore()
    store.add('kind = role')
    store.change(store.rules[0]!.key, { colour: 'violet' })
    await nextTick()
    bench.end()
    bench = createBench()
    expect(useRulesStore().rules.map(({ filter, colour, on }) => [filter, colour, on])).toEqual([
      ['kind = role', 'violet', true],
    ])
    localStorage.setItem(
      'raft-workbench.colour-rules.1',
      '[{"filter":"x","colour":"no such"},7,{"filter":"y","colour":"red"}]',
    )
    bench.end()
    bench = createBench()
    expect(useRulesStore().rules.map(({ filter }) => filter)).toEqual(['y'])
  })
})

describe('the editor', () => {
  it('adds what stands in the filter, and takes away', async () => {
    await opened('term = 3')
    one('[data-testid="rules-add"]').click()
    await bench.settle()
    expect(texts()).toEqual(['term = 3'])
    one('[aria-label="Remove rule 1"]').click()
    await bench.settle()
    expect(texts()).toEqual([])
    expect(one('[data-testid="rules"]').textContent).toContain('No rule yet')
  })

  it('underlines what is wrong and says why', async () => {
    await opened('term = 3')
    one('[data-testid="rules-add"]').click()
    await bench.settle()
    expect(all('[data-testid="rule-underline"]')).toEqual([])
    await write(0, 'kind = vote terms = 3')
    expect(one('[data-testid="rule-underline"]').textContent).toBe('terms')
    const input = one('[data-testid="rules"] input[type="text"]')
    expect(input.getAttribute('aria-invalid')).toBe('true')
    const says = document.getElementById(input.getAttribute('aria-describedby') ?? '')
    expect(says?.textContent).toContain('no such field')
  })

  it('is reordered by keys, and says where a rule is now', async () => {
    const store = useRulesStore()
    for (const filter of ['term = 1', 'term = 2', 'term = 3']) store.add(filter)
    await opened()
    press(one('[aria-label^="Rule 1 of 3"]'), 'ArrowDown')
    await bench.settle()
    expect(texts()).toEqual(['term = 2', 'term = 1', 'term = 3'])
    expect(one('[data-testid="rules"] [role="status"]').textContent).toBe('now rule 2 of 3')
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^Rule 2 of 3/)
    press(document.activeElement as HTMLElement, 'ArrowUp')
    await bench.settle()
    expect(texts()).toEqual(['term = 1', 'term = 2', 'term = 3'])
    one('[aria-label="Rule 3 goes before the one above"]').click()
    await bench.settle()
    expect(texts()).toEqual(['term = 1', 'term = 3', 'term = 2'])
  })

  it('switches a rule off and changes its colour', async () => {
    const store = useRulesStore()
    store.add('kind = role')
    await opened()
    one('[aria-label="Rule 1 is on"]').click()
    await nextTick()
    expect(store.rules[0]?.on).toBe(false)
    const select = one('[aria-label="Colour of rule 1"]') as HTMLSelectElement
    select.value = 'green'
    select.dispatchEvent(new Event('change', { bubbles: true }))
    await nextTick()
    expect(store.rules[0]?.colour).toBe('green')
  })
})
