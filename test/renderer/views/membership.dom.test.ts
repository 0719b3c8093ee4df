import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DEFAULT_SETTINGS, type NodeView } from '../../../preload/contract'
import { i18n } from '../../../renderer/i18n'
import { ProblemError } from '../../../renderer/stores/door'
import { useUiStore } from '../../../renderer/stores/ui'
import ClientTab from '../../../renderer/views/left/ClientTab.vue'
import MembersTab from '../../../renderer/views/left/MembersTab.vue'
import CreateDialog from '../../../renderer/views/overlays/CreateDialog.vue'
import MembershipDialog from '../../../renderer/views/overlays/MembershipDialog.vue'
import SettingsDialog from '../../../renderer/views/overlays/SettingsDialog.vue'
import { type Bench, createBench } from '../support/mounted'
import {
  callView,
  configuration,
  nodeView,
  operation,
  problemView,
  processState,
  wholeUpdate,
} from '../support/samples'

// Mounting is slow on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

let bench: Bench
beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.end())

const of = configuration([1, 2, 3], { learners: [4] })
const four = (changes: Partial<NodeView> = {}) =>
  [1, 2, 3, 4].map((id) => nodeView(id, { configuration: of, ...changes }))
async function open(nodes = four(), changes = {}): Promise<void> {
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  bench.door.say('live', wholeUpdate(nodes, changes))
  await bench.settle()
}
/** Dialogs stand at the end of the page, not inside the component. */
function one<E extends HTMLElement>(selector: string): E {
  const found = document.body.querySelector<E>(selector)
  if (found === null) throw new Error(`no ${selector}`)
  return found
}
const words = (selector: string) => one(selector).textContent?.replace(/\s+/g, ' ').trim() ?? ''
async function set(selector: string, value: string): Promise<void> {
  const field = one<HTMLInputElement | HTMLSelectElement>(selector)
  field.value = value
  field.dispatchEvent(new Event(field instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }))
  await bench.settle()
}
async function press(selector: string): Promise<void> {
  one(selector).click()
  await bench.settle()
}
async function submit(dialog: string): Promise<void> {
  one(`${dialog} form`).dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
  await bench.settle()
}
const refuse = (setting: string, message: string) => () => {
  throw new ProblemError(problemView('settings-invalid', message, { setting, reason: 'bad' }))
}

describe('the members', () => {
  it('say who counts, which majority it takes, and whose view that is', async () => {
    await open()
    const tab = bench.mount(MembersTab)
    expect(tab.get('[data-testid="configuration"]').text()).toContain('needs 2 of n1 n2 n3')
    expect(tab.get('[data-testid="configuration"]').text()).toContain('as n1 sees it')
    expect(tab.get('[data-testid="member-row-4"]').text()).toContain('learner')
    expect(tab.get('[data-testid="member-row-1"]').text()).toContain('voter · leader')
  })
  it('say both majorities of a joint configuration, and each node’s side', async () => {
    const joint = configuration([1, 4], { outgoing: [1, 2, 3] })
    await open(four({ configuration: joint, configurationIndex: 9, configurationCommitted: false }))
    const tab = bench.mount(MembersTab)
    const text = tab.get('[data-testid="configuration"]').text()
    expect(text).toContain('needs 2 of the old n1 n2 n3 and 2 of the new n1 n4')
    expect(text).toContain('at index 9 · not committed yet')
    expect(tab.get('[data-testid="member-row-1"]').text()).toContain('voter (old + new)')
  })
  it('list what was asked, the newest first, with how it ended and why', async () => {
    const refused = JSON.stringify({ target: 3, refusal: { reason: 'target-behind' } })
    const operations = [
      operation(1, { outcome: 'failed', detail: refused, problem: 'transfer-refused' }),
      operation(2, { type: 'remove-node', detail: '{"node":2}' }),
    ]
    await open(four(), { operations })
    const tab = bench.mount(MembersTab)
    const rows = tab.findAll('[data-testid="operations"] li')
    expect(rows.map((row) => row.attributes('data-outcome'))).toEqual(['pending', 'failed'])
    expect(rows[1]?.text()).toContain('hand leadership to n3 · the target’s log is behind')
    expect(tab.get('[data-testid="member-row-2"]').text()).toContain('leaving')
  })
})

describe('changing the membership', () => {
  const next = '[data-testid="membership-next"]'
  async function openDialog(nodes = four()): Promise<void> {
    await open(nodes)
    bench.mount(MembershipDialog)
    useUiStore().changingMembership = true
    await bench.settle()
  }
  it('shows the configuration that would be sent and what it needs, before it is sent', async () => {
    await openDialog()
    expect(words(next)).toContain('Choose a new role for at least one node.')
    await set('[data-testid="member-4"]', 'voter')
    expect(words(next)).toContain('Next: n1 n2 n3 n4')
    expect(words(next)).toContain('on the disks of 3 of n1 n2 n3 n4')
    await set('[data-testid="member-3"]', 'removed')
    expect(words(next)).toContain('Next: old n1 n2 n3 + new n1 n2 n4')
    expect(words(next)).toContain('Then, by itself: n1 n2 n4')
    expect(words(next)).toContain('2 of the old n1 n2 n3 and 2 of the new n1 n2 n4')
    expect(bench.door.inputsOf('membership.change')).toEqual([])
  })
  it('says what the rules refuse, and sends nothing', async () => {
    await openDialog()
    await set('[data-testid="member-4"]', 'voter')
    await set('[data-testid="member-3"]', 'removed')
    const single = [...document.querySelectorAll<HTMLElement>('.membership .how .btn')][1]
    single?.click()
    await bench.settle()
    expect(words(next)).toContain('More than one vote would change hands')
    expect(one<HTMLButtonElement>('[data-testid="membership-send"]').disabled).toBe(true)
    await submit('[data-testid="membership-dialog"]')
    expect(bench.door.inputsOf('membership.change')).toEqual([])
  })
  it('warns of a majority that does not run', async () => {
    const down = processState({ standing: 'killed' })
    await openDialog(four().map((node) => (node.id > 2 ? { ...node, process: down } : node)))
    await set('[data-testid="member-4"]', 'voter')
    expect(words(next)).toContain('Only 2 of n1 n2 n3 n4 run now')
  })
  it('stays open with the workbench’s sentence when it is refused, and closes when it is committed', async () => {
    bench.door.on('membership.change', () => {
      throw new Error('Node 4 has not caught up yet.')
    })
    await openDialog()
    await set('[data-testid="member-4"]', 'voter')
    await submit('[data-testid="membership-dialog"]')
    expect(words('[data-testid="membership-problem"]')).toBe('Node 4 has not caught up yet.')
    expect(useUiStore().changingMembership).toBe(true)
    bench.door.on('membership.change', () => ({ index: 12 }))
    await submit('[data-testid="membership-dialog"]')
    expect(useUiStore().changingMembership).toBe(false)
    expect(bench.door.inputsOf('membership.change').at(-1)).toEqual({
      changes: [{ node: 4, role: 'voter' }],
      mode: 'auto',
    })
  })
})

describe('settings', () => {
  it('of a new cluster: only what differs is sent; a refusal is told at the dialog and marks its field', async () => {
    bench.door.say('source', { kind: 'none' })
    bench.mount(CreateDialog)
    useUiStore().creating = true
    await bench.settle()
    await press('[data-testid="create-advanced"]')
    await press('#setting-preVote')
    await set('#setting-electionTimeoutMs', '5')
    await set('#create-witnesses', '1')
    bench.door.on('clusters.create', refuse('electionTimeoutMs', 'electionTimeoutMs has to be at least 10.'))
    await submit('[data-testid="create-dialog"]')
    expect(bench.door.inputsOf('clusters.create')).toEqual([
      { nodes: 5, witnesses: 1, settings: { preVote: false, electionTimeoutMs: 5 } },
    ])
    expect(words('[data-testid="create-problem"]')).toBe('electionTimeoutMs has to be at least 10.')
    expect(one('[data-setting="electionTimeoutMs"]').classList.contains('wrong')).toBe(true)
    await press('[data-setting="electionTimeoutMs"] .reset')
    bench.door.on('clusters.create', () => ({ name: 'five' }))
    await submit('[data-testid="create-dialog"]')
    expect(bench.door.inputsOf('clusters.create').at(-1)).toEqual({
      nodes: 5,
      witnesses: 1,
      settings: { preVote: false },
    })
    expect(useUiStore().creating).toBe(false)
  })
  it('of one that exists: read, changed, saved; they hold from the next start of a node', async () => {
    bench.door.on('clusters.settings', () => ({ ...DEFAULT_SETTINGS, quiescence: true }))
    await open()
    bench.mount(SettingsDialog)
    useUiStore().configuring = 'five'
    await bench.settle()
    expect(words('[data-testid="settings-dialog"]')).toContain('takes them on when it next starts')
    expect(one('#setting-quiescence').getAttribute('aria-checked')).toBe('true')
    expect(one<HTMLButtonElement>('[data-testid="settings-save"]').disabled).toBe(true)
    await press('#setting-checkQuorum')
    await submit('[data-testid="settings-dialog"]')
    expect(bench.door.inputsOf('clusters.configure')).toEqual([{ name: 'five', settings: { checkQuorum: false } }])
    expect(useUiStore().configuring).toBeNull()
  })
  it('that cannot be read are told', async () => {
    bench.door.on('clusters.settings', () => {
      throw new Error('cluster.json is damaged.')
    })
    await open()
    bench.mount(SettingsDialog)
    useUiStore().configuring = 'five'
    await bench.settle()
    expect(words('[data-testid="settings-problem"]')).toBe('cluster.json is damaged.')
  })
})

describe('the client', () => {
  const choose = async (tab: ReturnType<Bench['mount']>, op: string) => {
    await tab
      .findAll('.seg .btn')
      .find((button) => button.text() === op)
      ?.trigger('click')
  }
  it('reads with the consistency that was chosen, and says in a sentence what that means', async () => {
    await open()
    const tab = bench.mount(ClientTab)
    await choose(tab, 'get')
    const sentences = new Set<string>()
    for (const consistency of ['log', 'index', 'lease', 'stale']) {
      await choose(tab, consistency)
      sentences.add(tab.get('#client-about').text())
      await tab.get('form').trigger('submit')
      await bench.settle()
    }
    expect(sentences.size).toBe(4)
    expect(bench.door.inputsOf('client.get').map((input) => input.consistency)).toEqual([
      'log',
      'index',
      'lease',
      'stale',
    ])
  })
  it('compares and sets, with something or with nothing, and appends', async () => {
    await open()
    const tab = bench.mount(ClientTab)
    await choose(tab, 'cas')
    await tab.get('[data-testid="client-expected"]').setValue('1')
    await tab.get('[data-testid="client-value"]').setValue('2')
    await tab.get('form').trigger('submit')
    await tab.get('[data-testid="client-expects-nothing"]').setValue(true)
    await tab.get('form').trigger('submit')
    await choose(tab, 'append')
    await tab.get('form').trigger('submit')
    await bench.settle()
    expect(bench.door.inputsOf('client.cas')).toEqual([
      { key: 'x', expected: '1', value: '2' },
      { key: 'x', expected: null, value: '2' },
    ])
    expect(bench.door.inputsOf('client.append')).toEqual([{ key: 'x', value: '2' }])
  })
  it('tells in its history what was compared and how it was read', async () => {
    i18n.global.locale.value = 'zh'
    const calls = [
      callView(1, { op: 'cas', value: '2', expected: null, found: false }),
      callView(2, { op: 'get', consistency: 'stale', found: true, result: '7' }),
    ]
    await open(four(), { calls })
    const rows = bench.mount(ClientTab).findAll('[data-testid="client-call"]')
    expect(rows[0]?.text()).toContain('get x (stale)')
    expect(rows[1]?.text()).toContain('cas x ∅ → 2')
    expect(rows[1]?.text()).toContain('与期望不符')
  })
})
