/** The selected event's causes, the filter over a whole recording, steps, notes and the comparison, in the window's hands. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EventView, MomentDiff, NotesView, TimelineNote } from '../../../preload/contract'
import { runUntyped } from '../../../renderer/commands/registry'
import { i18n } from '../../../renderer/i18n'
import { useSelectionStore } from '../../../renderer/stores/selection'
import CausesPanel from '../../../renderer/timeline/causes/CausesPanel.vue'
import { useCausesStore } from '../../../renderer/timeline/causes/store'
import DiffView from '../../../renderer/timeline/moments/DiffView.vue'
import { useDiffStore } from '../../../renderer/timeline/moments/diff-store'
import { useNotesStore } from '../../../renderer/timeline/moments/notes-store'
import MatchBar from '../../../renderer/timeline/search/MatchBar.vue'
import { useSearchStore } from '../../../renderer/timeline/search/store'
import TransportBar from '../../../renderer/views/topbar/TransportBar.vue'
import { type Bench, createBench } from '../support/mounted'
import { entryView, momentView, nodeView, recordingInfo } from '../support/samples'

let bench: Bench
const MS = 1e6

const event = (seq: number, node: number, body: object): EventView =>
  ({ seq, t: seq * MS, n: seq, node, ...body }) as unknown as EventView
const kill = event(40, 0, { kind: 'fault', action: 'begin', id: 1, type: 'kill', detail: '{"nodes":[1]}' })
const won = event(50, 2, { kind: 'role', role: 'leader', term: 2, leader: 2, reason: 'won-election' })
const known = new Map([kill, won].map((one) => [one.seq, one]))

beforeEach(async () => {
  bench = createBench()
  bench.door
    .on('timeline.state', ({ seq, t }) =>
      momentView([nodeView(1), nodeView(2)], { seq: seq ?? 100, t: t ?? (seq ?? 100) * MS }),
    )
    .on('timeline.events', ({ fromSeq }) => [known.get(fromSeq ?? -1)].filter((one) => one !== undefined))
    .on('timeline.cone', ({ direction }) => ({
      seqs: direction === 'past' ? [30, 40] : [60],
      more: direction === 'past',
    }))
    .on('timeline.why', ({ seq }) => [
      ...(seq === 50 ? [{ event: kill, relation: 'fault' as const, explains: 50 }] : []),
      { event: known.get(seq) ?? won, relation: null, explains: -1 },
    ])
    .on('notes.list', () => ({ recording: '/r', notes: [] }))
    .on('timeline.count', () => ({ matches: 0, next: null }))
    .on('timeline.find', () => ({ match: null, next: null }))
  bench.door.say('source', { kind: 'recording', info: recordingInfo({ events: 100, end: 100 * MS }) })
  await bench.settle()
})
afterEach(() => bench.end())

async function select(seq: number): Promise<void> {
  useSelectionStore().selectEvent(seq)
  await bench.settle()
}

describe('why', () => {
  test('the chain of a selected event is told in words, and lights the diagram', async () => {
    const panel = bench.mount(CausesPanel)
    await select(50)
    expect(panel.get('h2').text()).toBe('Why did n2 become leader?')
    const steps = panel.findAll('.step').map((step) => step.text())
    expect(steps).toHaveLength(2)
    expect(steps[0]).toContain('Killed n1')
    expect(steps[0]).toContain('somebody did it')
    expect(panel.get('[aria-current="step"]').attributes('data-seq')).toBe('50')
    expect(panel.get('[data-testid="causes-past"]').text()).toBe('Past 2+')
    expect(panel.get('[data-testid="causes-future"]').text()).toBe('Future 1')
    expect(useCausesStore().highlight).toEqual({ past: new Set([30, 40]), future: new Set([60]), path: [40, 50] })
    i18n.global.locale.value = 'zh'
    await bench.settle()
    expect(panel.get('h2').text()).toBe('n2 为什么成为领导人？')
    expect(panel.text()).toContain('有人操作')
  })

  test('a step is gone to; no event selected, nothing is lit', async () => {
    const panel = bench.mount(CausesPanel)
    await select(50)
    await panel.get('[data-seq="40"]').trigger('click')
    await bench.settle()
    expect(useSelectionStore().event).toBe(40)
    expect(bench.cluster.pin?.seq).toBe(41)
    expect(panel.text()).toContain('Nothing on the timeline led to this')
    await panel.get('[data-testid="causes-close"]').trigger('click')
    await bench.settle()
    expect(panel.find('[data-testid="causes"]').exists()).toBe(false)
    expect(useCausesStore().highlight).toBeNull()
  })

  test('a path from a marked event, or that there is none', async () => {
    const panel = bench.mount(CausesPanel)
    await select(40)
    await panel.get('[data-testid="causes-mark"]').trigger('click')
    await select(50)
    bench.door.on('timeline.path', () => ({ steps: null }))
    await panel.get('[data-testid="causes-path"]').trigger('click')
    await bench.settle()
    expect(bench.door.inputsOf('timeline.path')).toMatchObject([{ from: 40, to: 50 }])
    expect(panel.text()).toContain('Neither of the two events happened because of the other')
    await panel.get('[data-testid="causes-why"]').trigger('click')
    await bench.settle()
    expect(panel.findAll('.step')).toHaveLength(2)
  })

  test('an answer that comes after another event was selected is thrown away; a failure is told', async () => {
    const panel = bench.mount(CausesPanel)
    let answer: (() => void) | undefined
    bench.door.on('timeline.why', ({ seq }) =>
      seq === 50
        ? new Promise((resolve) => {
            answer = () => resolve([{ event: won, relation: null, explains: -1 }])
          })
        : [{ event: kill, relation: null, explains: -1 }],
    )
    await select(50)
    await select(40)
    answer?.()
    await bench.settle()
    expect(useCausesStore().highlight?.path).toEqual([40])
    bench.door.on('timeline.why', () => {
      throw new Error('the disk is gone')
    })
    await select(50)
    expect(panel.get('[role="alert"]').text()).toContain('the disk is gone')
  })
})

describe('the filter over everything', () => {
  async function typed(text: string) {
    const bar = bench.mount(MatchBar, { text })
    await expect.poll(() => bench.door.inputsOf('timeline.count').length).toBeGreaterThan(0)
    await expect.poll(() => useSearchStore().counting).toBe(false)
    await bench.settle()
    return bar
  }

  test('counts answer by answer, and says which match is shown', async () => {
    bench.door.on('timeline.count', ({ fromSeq, toSeq }) => {
      if (toSeq !== undefined) return { matches: 1, next: null }
      return fromSeq === 0 ? { matches: 2, next: 60 } : { matches: 3, next: null }
    })
    bench.door.on('timeline.find', () => ({ match: { seq: 50, t: 50 * MS }, next: null }))
    const bar = await typed('kind = role')
    expect(bar.text()).toContain('5 matches')
    await runUntyped('timeline.nextMatch', undefined)
    await bench.settle()
    expect(bench.door.inputsOf('timeline.find')).toMatchObject([{ what: { text: 'kind = role' }, seq: 100, by: 1 }])
    expect(bench.cluster.pin?.seq).toBe(51)
    expect(useSelectionStore().event).toBe(50)
    expect(bar.text()).toContain('1 of 5')
  })

  test('asks on where an answer ended, and says when there is no further match', async () => {
    bench.door.on('timeline.find', ({ seq }) => ({ match: null, next: seq > 50 ? 50 : null }))
    await typed('nothing')
    await runUntyped('timeline.previousMatch', undefined)
    await bench.settle()
    expect(bench.door.inputsOf('timeline.find').map(({ seq }) => seq)).toEqual([99, 50])
    expect(bench.cluster.pin?.seq).toBe(100)
  })
})

describe('steps', () => {
  test.each([
    ['time.previousFault', { step: 'fault', node: 0 }],
    ['time.previousMessage', { step: 'message', node: 2 }],
    ['time.previousCommit', { step: 'commit', node: 2 }],
    ['time.previousTerm', { step: 'term', node: 0 }],
  ] as const)('%s', async (command, what) => {
    useSelectionStore().selectNode(2)
    bench.door.on('timeline.find', () => ({ match: { seq: 40, t: 40 * MS }, next: null }))
    await runUntyped(command, undefined)
    await bench.settle()
    expect(bench.door.inputsOf('timeline.find')).toEqual([{ source: 'recording', what, seq: 99, by: -1 }])
    expect(bench.cluster.pin?.seq).toBe(41)
  })
})

describe('notes', () => {
  const note = (id: string, seq: number, text: string): TimelineNote => ({ id, seq, t: seq * MS, text, created: '' })

  test('are added at the moment that is shown, listed, changed, jumped to, deleted; other windows are heard', async () => {
    let notes: readonly TimelineNote[] = []
    const view = (): NotesView => ({ recording: '/r', notes })
    bench.door
      .on('notes.add', ({ seq, text }) => {
        notes = [...notes, note(`id${seq}`, seq, text)]
        return view()
      })
      .on('notes.edit', ({ id, text }) => {
        notes = notes.map((one) => (one.id === id ? { ...one, text } : one))
        return view()
      })
      .on('notes.remove', ({ id }) => {
        notes = notes.filter((one) => one.id !== id)
        return view()
      })
    await bench.cluster.pinAt({ seq: 41 })
    bench.mount(TransportBar)
    await runUntyped('time.bookmark', undefined)
    await bench.settle()
    const find = <E extends HTMLElement>(selector: string) => document.querySelector<E>(selector)
    const field = find<HTMLInputElement>('[data-testid="note-text"]')
    if (field === null) throw new Error('no field')
    field.value = 'the kill'
    field.dispatchEvent(new Event('input'))
    find('[data-testid="note-add"]')?.click()
    await bench.settle()
    expect(bench.door.inputsOf('notes.add')).toEqual([{ source: 'recording', seq: 41, t: 41 * MS, text: 'the kill' }])
    const store = useNotesStore()
    expect(store.notes.map(({ text }) => text)).toEqual(['the kill'])
    await store.edit('id41', 'n1 dies')
    bench.door.say('notes', { recording: '/other', notes: [] })
    expect(store.notes.map(({ text }) => text)).toEqual(['n1 dies'])
    bench.door.say('notes', { recording: '/r', notes: [note('a', 7, ''), ...notes] })
    await bench.cluster.pinAt({ seq: 90 })
    await store.jump(store.notes[0] ?? note('', 0, ''))
    expect(bench.cluster.pin?.seq).toBe(7)
    await store.remove('id41')
    expect(store.notes).toEqual([])
  })
})

describe('a comparison', () => {
  const diff: MomentDiff = {
    a: { seq: 40, t: 40 * MS },
    b: { seq: 90, t: 90 * MS },
    nodes: [
      {
        node: 1,
        presence: 'both',
        fields: [{ field: 'role', from: 'leader', to: 'follower' }],
        log: {
          sameUpTo: 4,
          added: 1,
          removed: 0,
          rewritten: 1,
          commitA: 4,
          commitB: 5,
          entries: [
            { index: 4, change: 'same', a: entryView(4), b: entryView(4) },
            { index: 5, change: 'rewritten', a: entryView(5), b: entryView(5, { term: 2, value: 'new' }) },
            { index: 6, change: 'added', a: null, b: entryView(6, { term: 2 }) },
          ],
        },
      },
    ],
    faultsBegun: [{ id: 1, type: 'kill', detail: '{"nodes":[1]}', since: 0 }],
    faultsEnded: [],
    cut: [[1, 2]],
    healed: [],
    ruled: [],
  }

  test('of a selected fault begins before it and goes to the moment before the cluster was closed', async () => {
    bench.door
      .on('timeline.diff', () => diff)
      .on('timeline.find', ({ what }) => ({
        match: 'text' in what && what.text === 'kind = closing' ? { seq: 90, t: 90 * MS } : null,
        next: null,
      }))
    await select(40)
    await bench.cluster.pinAt({ seq: 41 })
    await runUntyped('time.compare', undefined)
    const view = bench.mount(DiffView)
    await bench.settle()
    expect(bench.door.inputsOf('timeline.diff')).toEqual([{ source: 'recording', a: 40, b: 90 }])
    const cells = view.findAll('[data-change]').map((cell) => cell.attributes('data-change'))
    expect(cells).toEqual(['same', 'rewritten', 'added'])
    expect(view.text()).toContain('same up to 4')
    expect(view.get('s').text()).toBe('T1 x←5')
    expect(view.get('.ends-a').text()).toContain('T1')
    expect(view.get('.ends-b').text()).toContain('rewritten')
    expect(view.text()).toContain('Killed n1')
    expect(view.text()).toContain('n1 → n2')
    expect(view.get('.fields').text()).toMatch(/role\s*leader\s*follower/)
    i18n.global.locale.value = 'zh'
    await bench.settle()
    expect(view.text()).toContain('至 4 相同')
    await runUntyped('time.compare', undefined)
    expect(useDiffStore().open).toBe(false)
  })

  test('takes the moments that were set, the earlier one first, and says when nothing is different', async () => {
    bench.door.on('timeline.diff', () => ({ ...diff, nodes: [], faultsBegun: [], cut: [] }))
    await bench.cluster.pinAt({ seq: 70 })
    await runUntyped('time.setA', undefined)
    await bench.cluster.pinAt({ seq: 20 })
    await runUntyped('time.setB', undefined)
    await runUntyped('time.compare', undefined)
    const view = bench.mount(DiffView)
    await bench.settle()
    expect(bench.door.inputsOf('timeline.diff')).toEqual([{ source: 'recording', a: 20, b: 70 }])
    expect(view.text()).toContain('Nothing is different')
  })
})
