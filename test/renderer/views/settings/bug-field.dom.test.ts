/** The setting `bug` in the dialogs: all bugs by their names in both languages, what is sent, and what is refused. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BUG_IDS, BUG_WORDS, DEFAULT_SETTINGS } from '../../../../preload/contract'
import { i18n } from '../../../../renderer/i18n'
import { ProblemError } from '../../../../renderer/stores/door'
import { useUiStore } from '../../../../renderer/stores/ui'
import CreateDialog from '../../../../renderer/views/overlays/CreateDialog.vue'
import SettingsDialog from '../../../../renderer/views/overlays/SettingsDialog.vue'
import { type Bench, createBench } from '../../support/mounted'
import { nodeView, problemView, wholeUpdate } from '../../support/samples'

// Mounting is slow on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

const BUG = 'half-is-majority'
const SENTENCES = { en: 'bug: no bug has this name.', zh: 'bug：没有这个名称的错误。' } as const

let bench: Bench
beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.end())

/** Dialogs stand at the end of the page, not inside the component. */
function one<E extends HTMLElement>(testid: string): E {
  const found = document.body.querySelector<E>(`[data-testid="${testid}"]`)
  if (found === null) throw new Error(`no ${testid}`)
  return found
}
const isThere = (testid: string) => document.body.querySelector(`[data-testid="${testid}"]`) !== null
const words = (testid: string) => one(testid).textContent?.replace(/\s+/g, ' ').trim() ?? ''
const optionsOf = (field: HTMLSelectElement) => [...field.options].map(({ value, text }) => [value, text.trim()])

/** The group of the settings that this is in, by its name. */
async function group(name: string): Promise<void> {
  const tabs = [...one('settings-form').querySelectorAll<HTMLElement>('[role="tab"]')]
  const tab = tabs.find(({ textContent }) => textContent?.trim().startsWith(name))
  if (tab === undefined) throw new Error(`no group ${name}`)
  tab.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }))
  await bench.settle()
}
async function choose(bug: string): Promise<void> {
  const field = one<HTMLSelectElement>('setting-bug')
  field.value = bug
  field.dispatchEvent(new Event('change', { bubbles: true }))
  await bench.settle()
}
async function submit(dialog: string): Promise<void> {
  one(dialog)
    .querySelector('form')
    ?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
  await bench.settle()
}
const refused = (): never => {
  const details = { setting: 'bug', reason: 'no bug has this name' }
  throw new ProblemError(problemView('settings-invalid', SENTENCES.en, details, SENTENCES.zh))
}

async function creating(zooGroup: string): Promise<void> {
  bench.door.say('source', { kind: 'none' })
  bench.mount(CreateDialog)
  useUiStore().creating = true
  await bench.settle()
  one('create-advanced').click()
  await bench.settle()
  await group(zooGroup)
}

describe.each([
  { language: 'en', zooGroup: 'Bug zoo', none: 'none: the node as it should be', mark: 'has a bug on purpose' },
  { language: 'zh', zooGroup: '错误动物园', none: '无：正确的节点', mark: '故意带有错误' },
] as const)('in $language', ({ language, zooGroup, none, mark }) => {
  beforeEach(() => {
    i18n.global.locale.value = language
  })

  it('of a new cluster: every bug stands there by its name, what it does is told, and it is sent', async () => {
    await creating(zooGroup)
    const field = one<HTMLSelectElement>('setting-bug')
    expect(optionsOf(field)).toEqual([['', none], ...BUG_IDS.map((id) => [id, BUG_WORDS[language][id].name])])
    expect(field.value).toBe('')
    expect(isThere('setting-bug-story')).toBe(false)
    await choose(BUG)
    expect(words('setting-bug-story')).toContain(mark)
    expect(words('setting-bug-story')).toContain(BUG_WORDS[language][BUG].story)
    bench.door.on('clusters.create', () => ({ name: 'five' }))
    await submit('create-dialog')
    expect(bench.door.inputsOf('clusters.create')).toEqual([{ nodes: 5, settings: { bug: BUG } }])
  })

  it('of a cluster that exists: a bug that is refused is told at the dialog, and the field is marked', async () => {
    bench.door.on('clusters.settings', () => DEFAULT_SETTINGS)
    bench.door.on('clusters.configure', refused)
    bench.door.say('source', { kind: 'live', name: 'five', recording: '/r' })
    bench.door.say('live', wholeUpdate([1, 2, 3].map((id) => nodeView(id))))
    bench.mount(SettingsDialog)
    useUiStore().configuring = 'five'
    await bench.settle()
    await group(zooGroup)
    await choose(BUG)
    await submit('settings-dialog')
    expect(bench.door.inputsOf('clusters.configure')).toEqual([{ name: 'five', settings: { bug: BUG } }])
    expect(words('settings-problem')).toBe(SENTENCES[language])
    expect(one('setting-bug').getAttribute('aria-invalid')).toBe('true')
    expect(useUiStore().configuring).toBe('five')
  })

  it('that is refused is found again in whatever group one looks', async () => {
    await creating(zooGroup)
    await choose(BUG)
    const [first] = one('settings-form').querySelectorAll<HTMLElement>('[role="tab"]')
    await group(first?.textContent?.trim() ?? '')
    expect(isThere('setting-bug')).toBe(false)
    bench.door.on('clusters.create', refused)
    await submit('create-dialog')
    expect(one<HTMLSelectElement>('setting-bug').value).toBe(BUG)
    expect(one('setting-bug').getAttribute('aria-invalid')).toBe('true')
  })
})

it('a script that provokes the chosen bug is one press away, and the same run of a correct node', async () => {
  await creating('Bug zoo')
  expect(isThere('hunt')).toBe(false)
  await choose(BUG)
  bench.door.on('zoo.hunt', () => ({ cluster: `zoo-${BUG}` }))
  one('hunt').click()
  await bench.settle()
  expect(bench.door.inputsOf('zoo.hunt')).toEqual([{ bug: BUG, correct: false }])
  expect(useUiStore().creating).toBe(false)
})
