/** The gallery of scenarios and lessons, and the text of a scenario. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useCommands } from '../../../../renderer/commands/registry'
import { ProblemError } from '../../../../renderer/stores/door'
import { searchScenarios, useScenariosStore } from '../../../../renderer/stores/scenarios'
import ScenarioGallery from '../../../../renderer/views/scenarios/ScenarioGallery.vue'
import ScenarioText from '../../../../renderer/views/scenarios/ScenarioText.vue'
import { type Bench, createBench } from '../../support/mounted'
import { problemView } from '../../support/samples'
import { scenarioItem } from './samples'

// Mounting is slow on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

const ITEMS = [
  scenarioItem('figure-8', { source: 'Figure 8', tags: ['commit', 'replication'], manual: false }),
  scenarioItem('split-vote', { about: { en: 'Nobody wins.', zh: '无人胜出。' } }),
  scenarioItem('stale-read', { tags: ['reads'], bug: 'stale-read' }),
]

let bench: Bench
beforeEach(() => {
  localStorage.clear()
  bench = createBench()
  bench.door
    .on('scenarios.list', () => ITEMS)
    .on('scenarios.start', () => ({ cluster: 'x' }))
    .on('scenarios.read', (input) =>
      'text' in input && input.text.includes('kil:')
        ? { ok: false, text: input.text, faults: [{ line: 2, column: 3, message: '“kil” is not a step.' }] }
        : { ok: true, text: 'text' in input ? input.text : `id: ${input.id}\n`, item: scenarioItem('mine') },
    )
})
afterEach(() => bench.end())

async function open(): Promise<void> {
  bench.mount(ScenarioGallery)
  await useCommands().run('scenario.gallery')
  await bench.settle()
}
function one<E extends HTMLElement>(name: string): E {
  const found = document.body.querySelector<E>(`[data-testid="${name}"]`)
  if (found === null) throw new Error(`no ${name}`)
  return found
}
const words = (name: string) => one(name).textContent?.replace(/\s+/g, ' ').trim() ?? ''
const isThere = (name: string) => document.body.querySelector(`[data-testid="${name}"]`) !== null
async function type(name: string, text: string): Promise<void> {
  const field = one<HTMLInputElement>(name)
  field.value = text
  field.dispatchEvent(new Event('input', { bubbles: true }))
  await bench.settle()
}
async function press(name: string, key: string): Promise<void> {
  one(name).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  await bench.settle()
}

describe('searching', () => {
  const ids = (query: string, tag: string | null = null) => searchScenarios(ITEMS, query, tag).map(({ id }) => id)
  it('finds every word anywhere, in either language, and by tag', () => {
    expect(ids('')).toEqual(['figure-8', 'split-vote', 'stale-read'])
    expect(ids('nobody TITLE')).toEqual(['split-vote'])
    expect(ids('无人')).toEqual(['split-vote'])
    expect(ids('figure 8')).toEqual(['figure-8'])
    expect(ids('', 'reads')).toEqual(['stale-read'])
    expect(ids('figure', 'reads')).toEqual([])
  })
})

describe('the gallery', () => {
  it('shows the library, and of the chosen one what it shows, where from, and what it needs', async () => {
    await open()
    expect(words('gallery-count')).toBe('3 of 3')
    expect(words('gallery-item')).toContain('Title of figure-8')
    expect(words('gallery-item')).toContain('3 nodes · 3 steps')
    one('scenario-stale-read').click()
    await bench.settle()
    expect(words('gallery-item')).toContain('nodes with the bug stale-read')
    expect(one('scenario-stale-read').getAttribute('aria-selected')).toBe('true')
  })
  it('is searched and walked from the search field, and Enter plays step by step', async () => {
    await open()
    await type('gallery-search', 'title')
    await press('gallery-search', 'ArrowDown')
    expect(words('gallery-item')).toContain('Title of split-vote')
    await press('gallery-search', 'Enter')
    expect(bench.door.inputsOf('scenarios.start')).toEqual([{ which: { id: 'split-vote' }, stepByStep: true }])
    expect(isThere('gallery')).toBe(false)
  })
  it('takes a seed, and refuses what is none', async () => {
    await open()
    await type('gallery-seed', 'x')
    expect(one<HTMLButtonElement>('gallery-flow').disabled).toBe(true)
    await type('gallery-seed', '42')
    one('gallery-flow').click()
    await bench.settle()
    const order = { which: { id: 'figure-8' }, stepByStep: false, seed: 42 }
    expect(bench.door.inputsOf('scenarios.start')).toEqual([order])
  })
  it('says when nothing matches, and why the library cannot be read', async () => {
    await open()
    await type('gallery-search', 'nothing like that')
    expect(words('gallery')).toContain('No scenario matches')
    bench.door.on('scenarios.list', () => {
      throw new ProblemError(problemView('internal', 'The library is broken.', {}))
    })
    await useScenariosStore().refresh()
    await bench.settle()
    expect(words('gallery')).toContain('The library is broken.')
  })
  it('begins a lesson', async () => {
    await open()
    expect(words('lesson-first-election')).toContain('Begin')
    one('begin-first-election').click()
    await bench.settle()
    expect(isThere('gallery')).toBe(false)
  })
})

describe('the text of a scenario', () => {
  beforeEach(async () => {
    bench.mount(ScenarioText)
    await useCommands().run('scenario.write', {})
    await bench.settle()
  })
  it('is checked, and what is fine can be played', async () => {
    expect(words('scenario-fine')).toContain('Title of mine')
    one('scenario-play').click()
    await bench.settle()
    const [order] = bench.door.inputsOf('scenarios.start')
    expect(order).toMatchObject({ which: { text: expect.stringContaining('scenario: 1') }, stepByStep: true })
  })
  it('tells line and column of what is wrong, and goes there', async () => {
    await type('scenario-area', 'steps:\n  kil: 1\n')
    await useScenariosStore().check()
    await bench.settle()
    expect(words('scenario-fault')).toBe('line 2, column 3 “kil” is not a step.')
    expect(one<HTMLButtonElement>('scenario-play').disabled).toBe(true)
    one('scenario-fault').click()
    expect(one<HTMLTextAreaElement>('scenario-area').selectionStart).toBe(9)
  })
})

describe('record to scenario', () => {
  it('what was done since becomes a text that can be looked at, saved and played', async () => {
    const stop = useScenariosStore().connect()
    bench.door.on('scenarios.recorded', () => ({ text: 'id: recorded\n' }))
    bench.door.say('source', { kind: 'live', name: 'five', recording: '/home/five/1.raftrec' })
    bench.mount(ScenarioText)
    const commands = useCommands()
    expect(commands.enabled('scenario.recorded')).toBe(false)
    await commands.run('scenario.record')
    expect(bench.door.inputsOf('scenarios.record')).toEqual([{ recording: true }])
    bench.door.say('scenarios', { playing: null, recordingFrom: 40 })
    expect(commands.enabled('scenario.record')).toBe(false)
    await commands.run('scenario.recorded')
    await bench.settle()
    expect(bench.door.inputsOf('scenarios.record').at(-1)).toEqual({ recording: false })
    expect(one<HTMLTextAreaElement>('scenario-area').value).toBe('id: recorded\n')
    expect(words('scenario-fine')).toContain('Title of mine')
    stop()
  })
})
