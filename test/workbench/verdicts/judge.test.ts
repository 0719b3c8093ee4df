/** What is open is judged beside it: a recording to its end, a live timeline as it grows; and what was found can be looked up. */
import { expect, test } from 'vitest'
import { Finder } from '../../../main/workbench/verdicts/live/finder'
import { HistoryJudge } from '../../../main/workbench/verdicts/live/history'
import type { Found } from '../../../main/workbench/verdicts/live/protocol'
import type { OpenSource, RecordingInfo, VerdictsView } from '../../../preload/contract'
import { Story } from '../../checks/support/story'
import { MemoryTimeline } from '../../timeline/causality/memory'
import { judged, type PortInHand, portInHand } from './support'

const bytes = (text: string) => new TextEncoder().encode(text)

/** Stories told by hand leave out what these do not look at. */
const invariants = ({ checks }: VerdictsView) => checks.filter(({ group }) => group === 'invariant')

const recording: OpenSource = { kind: 'recording', info: { path: '/r.raftrec', events: 0 } as RecordingInfo }
const live: OpenSource = { kind: 'live', name: 'five', recording: '/l.raftrec' }

function put(story: Story, call: number, key: string, value: string): Story {
  return story
    .tell(0, 'invoke', { call, client: 1, op: 'put', key, value: bytes(value) })
    .tell(0, 'answer', { call, outcome: 'ok' })
}
function get(story: Story, call: number, key: string, value: string): Story {
  return story
    .tell(0, 'invoke', { call, client: 2, op: 'get', key, consistency: 'log' })
    .tell(0, 'answer', { call, outcome: 'ok', found: true, value: bytes(value) })
}

test('a recording is judged to its end: what broke, where, and by which events', async () => {
  const story = Story.begin().elect(1, 4)
  const first = story.last
  story.elect(2, 4)
  const second = story.last
  get(put(put(story, 1, 'x', 'a'), 2, 'x', 'b'), 3, 'x', 'a')
  const { judge, until } = judged(story)
  judge.follow(recording)
  const view = await until(({ state }) => state === 'done')
  expect(view.judged).toBe(story.events.length)
  const broken = invariants(view).filter(({ standing }) => standing !== 'holds')
  expect(broken.map(({ id, section, found }) => [id, section, found])).toEqual([['election-safety', '5.2', 1]])
  const conformance = view.checks.find(({ group }) => group === 'conformance')
  expect(conformance?.standing).toBe('broken')
  expect(conformance?.findings[0]?.events.length).toBeGreaterThan(0)
  const [finding] = broken[0]?.findings ?? []
  expect(finding?.sentence.en).toBe('Node 1 and node 2 both became leader in term 4.')
  expect(finding?.sentence.zh).toContain('任期 4')
  expect(finding?.events.map(({ seq }) => seq)).toEqual([first, second])
  expect([finding?.seq, finding?.t]).toEqual([second, second * 1e6])
  expect(view.history.standing).toBe('broken')
  const [illegal] = view.history.illegal
  expect([illegal?.part, illegal?.seq]).toEqual(['x', story.last])
  expect(illegal?.drawn.bands.map(({ kind }) => kind)).toContain('leader')
})

test('events that prove something are told without the entries that they appended', async () => {
  const data = new Uint8Array(1000)
  const entries = Array.from({ length: 500 }, (_, at) => ({ index: at + 1, term: 1, type: 'command' as const, data }))
  const story = Story.begin().elect(1, 1)
  story.tell(1, 'appended', { firstIndex: 1, term: 1, count: 500, entries })
  const { source } = new MemoryTimeline(story.events)
  const finding = await new Finder(source).finding({ en: 'so', zh: '如此' }, [story.last])
  expect(finding.events).toMatchObject([{ kind: 'appended', firstIndex: 1, count: 500, entries: [] }])
})

test('of a live timeline all so far is judged, and what comes later when it comes', async () => {
  const story = put(Story.begin().elect(1, 1), 1, 'x', 'a')
  const { judge, until } = judged(story)
  judge.follow(live)
  const before = await until(({ state, history }) => state === 'following' && history.calls === 1)
  expect(invariants(before).every(({ standing }) => standing === 'holds')).toBe(true)
  expect(before.history).toMatchObject({ standing: 'holds', keys: 1, waiting: 0 })
  story.elect(3, 1)
  const after = await until(({ checks }) =>
    checks.some(({ id, standing }) => id === 'election-safety' && standing === 'broken'),
  )
  expect(after.checks.find(({ standing }) => standing === 'broken')?.id).toBe('election-safety')
  get(story, 2, 'x', 'never')
  const illegal = await until(({ history }) => history.standing === 'broken')
  expect(illegal.history.illegal.map(({ part }) => part)).toEqual(['x'])
})

test('it can be stopped, and begun again from the first event; another source takes its place', async () => {
  const story = Story.begin()
  for (let n = 0; n < 4_000; n++) story.tell(1, 'stats')
  const { judge, told, until } = judged(story)
  judge.follow(recording)
  judge.stop()
  const stopped = told.at(-1)
  expect(stopped?.state).toBe('stopped')
  expect(stopped?.judged).toBeLessThan(story.events.length)
  judge.begin('recording')
  expect((await until(({ state }) => state === 'done')).judged).toBe(story.events.length)
  judge.follow({ kind: 'none' })
  expect(told.at(-1)).toBeNull()
})

test('of the history of another system, which has no nodes, only what its clients were told is judged', async () => {
  const { judge, until } = judged(get(new Story(), 1, 'x', 'never'))
  judge.follow(recording)
  const { checks, history } = await until(({ state }) => state === 'done')
  expect(checks).toEqual([])
  expect(history.standing).toBe('broken')
})

test('calls that are too many to keep are not judged, and it says from where on', async () => {
  const finder = new Finder(new MemoryTimeline([]).source)
  const history = new HistoryJudge(finder, 1)
  for (const event of get(put(new Story(), 1, 'x', 'a'), 2, 'x', 'never').events) history.take(event)
  await history.judge(new AbortController().signal)
  expect(history.view()).toMatchObject({ standing: 'undecided', calls: 1, judgedUntil: 2 })
})

test('where events were shed, nothing is said from there on', async () => {
  const story = Story.begin().tell(0, 'gap', { subject: 1, shed: 3 }).elect(1, 4).elect(2, 4)
  const { judge, until } = judged(story)
  judge.follow(recording)
  const { checks } = await until(({ state }) => state === 'done')
  expect(new Set(checks.map(({ standing }) => standing))).toEqual(new Set(['undecided']))
  expect(checks[0]?.judgedUntil).toBe(6)
})

/** A judge behind which nobody judges: what its processes were started with, told, and made to say. */
function byHand(story: Story) {
  const ports: PortInHand[] = []
  const made = judged(story, (start) => {
    const port = portInHand(start)
    ports.push(port)
    return port
  })
  return { ...made, ports }
}
const found = (judged: number): Found => ({
  judged,
  checks: [],
  history: new HistoryJudge(new Finder(new MemoryTimeline([]).source)).view(),
})

test('what fails says why, what it had found stays, and it can be begun again', async () => {
  const { judge, told, ports } = byHand(Story.begin().elect(1, 1))
  judge.follow(recording)
  const [first] = ports
  first?.say({ type: 'found', state: 'judging', found: found(3) })
  expect(told.at(-1)).toMatchObject({ state: 'judging', judged: 3 })
  first?.say({
    type: 'failed',
    problem: { code: 'internal', details: { reason: 'the process that judges ended (7)' } },
  })
  expect(told.at(-1)).toMatchObject({ state: 'failed', judged: 3 })
  expect(told.at(-1)?.problem?.message).toContain('(7)')
  expect(first?.hasEnded).toBe(true)
  // What still comes from it is late.
  first?.say({ type: 'found', state: 'judging', found: found(5) })
  expect(judge.view).toMatchObject({ state: 'failed', judged: 3 })
  judge.begin('recording')
  expect(judge.view).toMatchObject({ state: 'judging', judged: 0, problem: null })
})

test('whoever is stopped, or gives way to another, is ended and no longer heard', async () => {
  const { judge, told, ports } = byHand(Story.begin())
  judge.follow(recording)
  ports[0]?.say({ type: 'found', state: 'judging', found: found(2) })
  judge.stop()
  expect([told.at(-1)?.state, told.at(-1)?.judged, ports[0]?.hasEnded]).toEqual(['stopped', 2, true])
  judge.stop()
  const before = told.length
  ports[0]?.say({ type: 'done', found: found(9) })
  expect(told).toHaveLength(before)
  judge.begin('recording')
  judge.follow(live)
  ports[1]?.say({ type: 'done', found: found(9) })
  expect(judge.view).toMatchObject({ source: 'live', state: 'judging', judged: 0 })
  expect(ports.map(({ hasEnded }) => hasEnded)).toEqual([true, true, false])
  await judge.close()
  expect(ports[2]?.hasEnded).toBe(true)
  expect(judge.view).toBeNull()
})

test('it is told when a person waits, as long as it judges', () => {
  const { judge, ports } = byHand(Story.begin())
  judge.giveWay(true)
  judge.follow(live)
  judge.giveWay(true)
  judge.giveWay(false)
  ports[0]?.say({ type: 'done', found: found(1) })
  judge.giveWay(true)
  expect(ports[0]?.posted).toEqual([{ type: 'asked' }, { type: 'answered' }])
})

test('of a live timeline the file may be far behind: then it is said to be judged, not followed', () => {
  const story = Story.begin()
  for (let n = 0; n < 6_000; n++) story.tell(1, 'stats')
  const { judge, ports } = byHand(story)
  judge.follow(live)
  ports[0]?.say({ type: 'found', state: 'following', found: found(10) })
  expect(judge.view).toMatchObject({ state: 'judging', judged: 10, events: story.events.length })
  ports[0]?.say({ type: 'found', state: 'following', found: found(story.events.length - 10) })
  expect(judge.view?.state).toBe('following')
})
