/** The verdicts in the window's hands: what holds, what broke and by which events, said once, marked, and gone to. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CheckView, Counterexample, EventView, VerdictsView } from '../../../../preload/contract'
import { runUntyped } from '../../../../renderer/commands/registry'
import { i18n } from '../../../../renderer/i18n'
import { useSelectionStore } from '../../../../renderer/stores/selection'
import { useToasts } from '../../../../renderer/stores/toasts'
import { useUiStore } from '../../../../renderer/stores/ui'
import { useVerdictsStore } from '../../../../renderer/stores/verdicts'
import VerdictChip from '../../../../renderer/views/verdicts/VerdictChip.vue'
import VerdictsPanel from '../../../../renderer/views/verdicts/VerdictsPanel.vue'
import { type Bench, createBench } from '../../support/mounted'
import { momentView, nodeView, recordingInfo } from '../../support/samples'

const MS = 1e6
let bench: Bench

const leader = (seq: number, node: number): EventView =>
  ({
    seq,
    t: seq * MS,
    n: seq,
    node,
    kind: 'role',
    role: 'leader',
    term: 4,
    leader: node,
    reason: 'won-election',
  }) as EventView

const check = (id: string, changes: Partial<CheckView> = {}): CheckView => ({
  id,
  group: 'invariant',
  name: { en: `name of ${id}`, zh: `${id} 的名称` },
  section: '5.2',
  standing: 'holds',
  found: 0,
  findings: [],
  judgedUntil: -1,
  ...changes,
})
const broken = check('election-safety', {
  standing: 'broken',
  found: 7,
  findings: [
    {
      sentence: { en: 'Node 1 and node 2 both became leader.', zh: '节点 1 和节点 2 都成为领导人。' },
      events: [leader(40, 1), leader(50, 2)],
      seq: 50,
      t: 50 * MS,
    },
  ],
})
const drawn: Counterexample = {
  part: 'x',
  initial: 'nothing',
  unit: 'ns',
  bands: [],
  calls: [
    {
      process: 1,
      text: 'put x "a"',
      from: 1,
      to: 5,
      call: 60,
      answer: 61,
      standing: { kind: 'placed', nth: 1, state: '"a"' },
    },
    {
      process: 2,
      text: 'get x → nothing',
      from: 6,
      to: 9,
      call: 70,
      answer: 71,
      standing: { kind: 'stuck', state: '"a"' },
    },
  ],
}
const verdicts = (changes: Partial<VerdictsView> = {}): VerdictsView => ({
  source: 'recording',
  state: 'done',
  judged: 100,
  events: 100,
  checks: [check('log-matching'), check('one-vote-per-term')],
  history: {
    standing: 'holds',
    calls: 12,
    waiting: 0,
    keys: 2,
    stale: 0,
    failed: 0,
    illegal: [],
    undecided: [],
    judgedUntil: -1,
  },
  problem: null,
  ...changes,
})
const illegal = (): VerdictsView =>
  verdicts({
    history: { ...verdicts().history, standing: 'broken', illegal: [{ part: 'x', drawn, seq: 71, t: 71 * MS }] },
  })

beforeEach(async () => {
  bench = createBench()
  bench.door
    .on('timeline.state', ({ seq, t }) =>
      momentView([nodeView(1), nodeView(2)], { seq: seq ?? 100, t: t ?? (seq ?? 100) * MS }),
    )
    .on('timeline.events', () => [])
    .on('notes.list', () => ({ recording: '/r', notes: [] }))
  bench.door.say('source', { kind: 'recording', info: recordingInfo({ events: 100, end: 100 * MS }) })
  useVerdictsStore().connect()
  await bench.settle()
})
afterEach(() => bench.end())

describe('the panel', () => {
  test('each verdict with its section and whether it holds; what broke comes first, with the events that prove it', async () => {
    const panel = bench.mount(VerdictsPanel)
    bench.door.say('verdicts', verdicts({ checks: [check('log-matching'), broken] }))
    await bench.settle()
    expect(panel.findAll('[data-testid^="check-"]').map((row) => row.attributes('data-testid'))).toEqual([
      'check-history',
      'check-election-safety',
      'check-log-matching',
    ])
    const row = panel.get('[data-testid="check-election-safety"]')
    expect(row.text()).toContain('§5.2')
    expect(row.text()).toContain('broken 7 times')
    expect(row.text()).toContain('Node 1 and node 2 both became leader.')
    expect(row.findAll('.event').map((event) => event.attributes('data-seq'))).toEqual(['40', '50'])
    expect(panel.get('[data-testid="check-log-matching"]').text()).toContain('holds')
    i18n.global.locale.value = 'zh'
    await bench.settle()
    expect(row.text()).toContain('节点 1 和节点 2 都成为领导人。')
  })

  test('an event of a proof is selected on the timeline, and its moment pinned', async () => {
    const panel = bench.mount(VerdictsPanel)
    bench.door.say('verdicts', verdicts({ checks: [broken] }))
    await bench.settle()
    await panel.get('[data-seq="40"]').trigger('click')
    await bench.settle()
    expect(useSelectionStore().event).toBe(40)
    expect(bench.cluster.pin?.seq).toBe(41)
  })

  test('an illegal history is drawn, and told as a table', async () => {
    const panel = bench.mount(VerdictsPanel)
    bench.door.say('verdicts', illegal())
    await bench.settle()
    const picture = panel.get('[data-testid="counterexample"] svg')
    expect(picture.attributes('role')).toBe('img')
    expect(picture.text()).toContain('get x → nothing')
    expect(picture.text()).toContain('no place: "a" is there')
    // Where there is less room than its words need, all of it is a little smaller.
    const [, , width = 0, height = 0] = (picture.attributes('viewBox') ?? '').split(' ').map(Number)
    const scale = Number(picture.attributes('width')) / width
    expect(scale).toBeGreaterThanOrEqual(0.84)
    expect(Math.abs(Number(picture.attributes('height')) - height * scale)).toBeLessThanOrEqual(1)
    expect(Number(picture.attributes('width'))).toBeLessThanOrEqual(Math.max(480, width * 0.86))
    await panel.get('[data-testid="counterexample-table"]').trigger('click')
    const rows = panel.findAll('[data-testid="counterexample"] tbody tr').map((row) => row.text())
    expect(rows).toHaveLength(2)
    expect(rows[1]).toContain('✗')
    await panel.get('[data-testid="counterexample"] tbody tr:last-child button').trigger('click')
    await bench.settle()
    expect(useSelectionStore().event).toBe(71)
  })

  test('how far it has come; it can be stopped and begun again', async () => {
    const panel = bench.mount(VerdictsPanel)
    bench.door.say('verdicts', verdicts({ state: 'judging', judged: 30 }))
    await bench.settle()
    expect(panel.text()).toContain('judging: 30 of 100 events')
    expect(panel.get('progress').attributes('value')).toBe('30')
    expect(panel.text()).toContain('holds so far')
    await panel.get('[data-testid="verdicts-stop"]').trigger('click')
    bench.door.say('verdicts', verdicts({ state: 'stopped', judged: 30 }))
    await bench.settle()
    await panel.get('[data-testid="verdicts-again"]').trigger('click')
    await bench.settle()
    expect(bench.door.inputsOf('verdicts.stop')).toEqual([{ source: 'recording' }])
    expect(bench.door.inputsOf('verdicts.judge')).toEqual([{ source: 'recording' }])
  })

  test('where events are missing, it says from where on nothing is judged', async () => {
    const panel = bench.mount(VerdictsPanel)
    bench.door.say(
      'verdicts',
      verdicts({ checks: [check('log-matching', { standing: 'undecided', judgedUntil: 20 })] }),
    )
    await bench.settle()
    expect(panel.get('[data-testid="check-log-matching"]').text()).toContain('not judged from event 20 on')
  })
})

describe('a violation', () => {
  test('is said once, leads to the panel, and is marked', async () => {
    const toasts = useToasts()
    bench.door.say('verdicts', verdicts({ checks: [broken], state: 'following' }))
    bench.door.say('verdicts', verdicts({ checks: [{ ...broken, found: 8 }], state: 'following', judged: 120 }))
    expect(toasts.toasts.map(({ tone, text }) => [tone, text()])).toEqual([
      ['danger', 'Broken: Node 1 and node 2 both became leader.'],
    ])
    await toasts.toasts[0]?.action?.run()
    expect(useUiStore().centre).toBe('verdicts')
    expect(useVerdictsStore().violations.map(({ seq, t }) => [seq, t])).toEqual([[50, 50 * MS]])
  })

  test('the diagram has nothing to draw again as long as no other is found', () => {
    const store = useVerdictsStore()
    bench.door.say('verdicts', verdicts({ checks: [broken], state: 'judging', judged: 60 }))
    const before = store.violations
    bench.door.say('verdicts', verdicts({ checks: [{ ...broken, found: 8 }], state: 'judging', judged: 80 }))
    expect(store.violations).toBe(before)
    const another = broken.findings.map((finding) => ({ ...finding, seq: 70 }))
    bench.door.say('verdicts', verdicts({ checks: [{ ...broken, findings: another }], state: 'judging', judged: 90 }))
    expect(store.violations.map(({ seq }) => seq)).toEqual([70])
  })

  test('that does not come alone is said in one notice', () => {
    bench.door.say('verdicts', { ...illegal(), checks: [broken] })
    expect(useToasts().toasts.map(({ text }) => text())).toEqual([
      'Broken: Node 1 and node 2 both became leader. And 1 more verdict is broken.',
    ])
  })

  test('needs no notice any more once the verdicts are looked at; other notices stay', async () => {
    const toasts = useToasts()
    bench.door.say('verdicts', verdicts({ checks: [broken], state: 'following' }))
    toasts.push({ tone: 'ok', text: () => 'something else' })
    expect(toasts.toasts).toHaveLength(2)
    await runUntyped('verdicts.show', undefined)
    await bench.settle()
    expect(toasts.toasts.map(({ text }) => text())).toEqual(['something else'])
  })

  test('of another source is said again', () => {
    bench.door.say('verdicts', verdicts({ checks: [broken] }))
    useToasts().dismiss(useToasts().toasts[0]?.id ?? 0)
    bench.door.say('verdicts', null)
    bench.door.say('verdicts', verdicts({ checks: [broken] }))
    expect(useToasts().toasts).toHaveLength(1)
  })

  test('is gone to by a command, one after the other', async () => {
    bench.door.say('verdicts', { ...illegal(), checks: [broken] })
    for (const seq of [50, 71, 50]) {
      await runUntyped('verdicts.next', undefined)
      await bench.settle()
      expect(useSelectionStore().event).toBe(seq)
    }
  })
})

test('the status line says it in a word', async () => {
  const chip = bench.mount(VerdictChip)
  expect(chip.find('button').exists()).toBe(false)
  const said: string[] = []
  for (const view of [
    verdicts({ state: 'judging', judged: 30 }),
    verdicts(),
    verdicts({ checks: [check('a', { standing: 'undecided' })] }),
    { ...illegal(), checks: [broken] },
  ]) {
    bench.door.say('verdicts', view)
    await bench.settle()
    said.push(chip.text())
  }
  expect(said).toEqual(['judging 30 %', 'verdicts hold', 'verdicts: not all decided', '2 verdicts broken'])
  await chip.get('button').trigger('click')
  expect(useUiStore().centre).toBe('verdicts')
})
