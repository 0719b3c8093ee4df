/** Every kind of step on a real cluster, at least once. */
import { expect, it } from 'vitest'
import { STEPS, type StepKind } from '../../../main/scenarios/language/steps'
import { type Played, play, say, scenario, stageFor, troubleIn } from './support'

const taken = new Set<StepKind>()

function expectHeld({ result }: Played): void {
  expect(result.outcome, troubleIn(result).join('\n')).toBe('holds')
  expect(result.steps.every(({ standing }) => standing === 'done')).toBe(true)
  for (const { kind } of result.steps) taken.add(kind)
}

it('calls, and processes that come and go', async () => {
  expectHeld(
    await play(
      scenario(
        [
          { say: say('A leader appears.') },
          { wait: { leader: { followed: 'all' } } },
          { let: { old: 'leader' } },
          { put: { key: 'x', value: 'a', name: 'write' } },
          { append: { key: 'x', value: 'b' } },
          { cas: { key: 'x', expected: 'wrong', value: 'c', answer: { outcome: 'ok', found: false } } },
          { cas: { key: 'y', expected: null, value: 'new', answer: { found: true } } },
          { delete: { key: 'y', answer: { found: true } } },
          { get: { key: 'x', read: 'log', answer: { value: 'ab' } } },
          { pause: 'followers' },
          { put: { key: 'x', value: 'z', name: 'stuck', background: true, timeout: '30s' } },
          { wait: [{ unanswered: 'stuck' }, { entry: { of: '$old', index: 9, key: 'x', value: 'z' } }] },
          { resume: 'all' },
          { wait: { answer: { call: 'stuck', outcome: 'ok' } } },
          { put: { key: 'x', value: 'n', via: 'leader' } },
          { stop: '$old' },
          { stop: '$old', refused: 'node-state' },
          { put: { key: 'x', value: 'n', via: '$old' }, refused: 'node-state' },
          { wait: { leader: { isNot: '$old', followed: 1 } } },
          { restart: 'leader' },
          { start: 'all' },
          { wait: { leader: { followed: 'all' } }, within: '20s' },
          { get: { key: 'x', answer: { value: 'n' } } },
        ],
        {
          // Where an entry stands is known only as long as nobody holds an election that is not wanted.
          cluster: { settings: { electionTimeoutMs: 1000 } },
          never: [{ that: { leaders: { term: 1, count: '> 1' } } }],
        },
      ),
    ),
  )
})

it('links, clocks, breakpoints, and what runs beside the steps', async () => {
  const load = {
    pace: { type: 'closed', clients: 1 },
    seed: 1,
    durationMs: null,
    keys: { count: 2, spread: 'uniform' },
  }
  const played = await play(
    scenario([
      { wait: { leader: { followed: 'all' } } },
      { let: { old: 'leader' } },
      { workload: load, name: 'load' },
      { block: { from: '$old', to: 'followers', both: true } },
      { wait: { leader: { isNot: '$old', followed: 1 } } },
      { heal: { from: '$old', both: true } },
      { wait: { node: { is: '$old', role: 'follower', leader: 'leader' } } },
      { partition: [['leader']] },
      { heal: 'all' },
      { preset: { pattern: 'deaf', at: '$old' } },
      { heal: 'all' },
      { endWorkload: 'load' },
      { rules: { from: 1, to: 2, rules: [{ messages: [], action: { type: 'shape', delayMs: 1 } }] } },
      { hold: { to: '$old', messages: ['AppendEntries'] } },
      { wait: { held: { to: '$old', message: 'AppendEntries', count: '>= 2' } } },
      { drop: { to: '$old', message: 'AppendEntries' } },
      { heal: { to: '$old' } },
      { wait: { leader: { followed: 'all' } } },
      { clock: { of: 'all', rate: 2 } },
      { clock: { of: 'all' } },
      { jump: { of: '$old', ms: 1 } },
      { sleep: '20ms' },
      {
        nemesis: {
          seed: 1,
          durationMs: 300,
          quietMs: 0,
          packages: { process: { perMinute: 600, lasting: { minMs: 20, maxMs: 50 } } },
        },
      },
      {
        nemesis: { seed: 1, durationMs: 60_000, quietMs: 0, packages: { clock: { perMinute: 60 } } },
        background: true,
      },
      { endNemesis: true },
      // A nemesis may have taken the leader away, and ends without waiting for the next one.
      { wait: { leader: { followed: 'all' } } },
      { arm: { of: 'leader', fault: { type: 'slow-disk', delayMs: 1, jitterMs: 0, seed: 1 } }, name: 'slow' },
      { endFault: 'slow' },
      { endFault: 'slow', refused: 'fault-unknown' },
      { preset: { pattern: 'flaky' }, name: 'flaky' },
      { endFault: 'flaky' },
      { wait: { leader: { followed: 'all' } } },
      { breakpoint: 'term > 1000', name: 'stop' },
      { changeBreakpoint: { name: 'stop', text: 'applied', enabled: false } },
      { put: { key: 'x', value: '0' } },
      { expect: { not: { stopped: true } } },
      { changeBreakpoint: { name: 'stop', enabled: true } },
      { put: { key: 'x', value: '1', background: true, timeout: '60s' } },
      { wait: { stopped: { kind: 'applied' } } },
      { halt: true },
      { step: { of: 'leader' } },
      { expect: { stopped: true } },
      { removeBreakpoint: 'stop' },
      { removeBreakpoint: 'stop', refused: 'breakpoint-unknown' },
      { continue: true },
      { heal: 'all' },
      { put: { key: 'x', value: '2' } },
    ]),
  )
  expectHeld(played)
})

it('members, disks and settings', async () => {
  const trailing = { snapshotEntries: 0, trailingEntries: 0 }
  expectHeld(
    await play(
      scenario([
        { configure: trailing },
        { configure: { noSuchThing: 1 }, refused: 'settings-invalid' },
        { wait: { leader: { followed: 'all' } } },
        { put: { key: 'x', value: '1' } },
        { snapshot: 'leader' },
        { expect: { node: { is: 'leader', snapshotIndex: '>= 1' } }, within: '5s' },
        { add: { role: 'learner', name: 'new' }, within: '30s' },
        { wait: { configuration: { of: 'leader', learners: ['$new'], committed: true } } },
        { change: { changes: [{ add: '$new', role: 'voter' }] } },
        { change: { changes: [{ remove: '$new' }], background: true } },
        { wait: { configuration: { of: 'leader', voters: [1, 2, 3], learners: [], committed: true } } },
        { remove: '$new' },
        { transfer: 'best' },
        { wait: { leader: { followed: 'all' } } },
        { let: { lead: 'leader' } },
        { transfer: '$lead', refused: 'transfer-refused' },
        { arm: { of: '$lead', fault: { type: 'power-loss', at: 'now', seed: 1 } } },
        { wait: { node: { is: '$lead', standing: 'killed' } } },
        { flip: { of: '$lead', record: -1, bit: 9 } },
        { heal: 'all' },
        { wait: { leader: { followed: 'all' } }, within: '20s' },
        { rebuild: '$lead', within: '30s' },
        { kill: '$lead' },
      ]),
    ),
  )
})

/** An election and a write, message by message; what each node is after each step. */
const BY_HAND = scenario(
  [
    { fire: 1 },
    { expect: { held: { from: 1, message: 'RequestVote', count: 2 } }, within: '10s' },
    { duplicate: { from: 1, to: 2, count: 1 } },
    { reorder: { from: 1, to: 2, count: 2 } },
    { move: { from: 1, to: 2, nth: 2, place: 1 } },
    { release: { from: 1, to: 2, count: 1 } },
    { edit: { from: 2, to: 1, message: 'RequestVoteReply', count: 1, set: { voteGranted: false } } },
    { expect: { noLeader: true } },
    { release: { from: 1, to: 2, count: 1 } },
    { release: { from: 2, to: 1, message: 'RequestVoteReply', count: 1 } },
    { wait: { leader: { is: 1, term: 1 } } },
    { drop: { from: 1, to: 3, message: 'RequestVote', count: 1 } },
    { release: { from: 1, to: [2, 3], message: 'AppendEntries', count: 1 } },
    { release: { from: 2, to: 1, message: 'AppendEntriesReply', count: 1 } },
    { wait: { committed: { index: 1, term: 1, by: 1 } } },
    { wait: { log: { of: 'all', terms: [1] } } },
  ],
  { cluster: { manual: true, settings: { preVote: false } } },
)

it('by hand everything goes the same way, as often as it is played', async () => {
  const stories: string[] = []
  for (let time = 1; time <= 3; time++) {
    const stage = await stageFor(BY_HAND)
    const played = await play(BY_HAND, {}, stage)
    expectHeld(played)
    const states: string[] = []
    for await (const batch of stage.events()) {
      for (const event of batch) {
        if (event.kind === 'role') states.push(`${event.node} ${event.role} ${event.term}`)
        if (event.kind === 'hardState') states.push(`${event.node} votes ${event.votedFor} in ${event.currentTerm}`)
        if (event.kind === 'appended') states.push(`${event.node} appends ${event.firstIndex}/${event.term}`)
        if (event.kind === 'committed') states.push(`${event.node} commits ${event.commitIndex}`)
      }
    }
    // Nodes that wait for nobody may write at the same time: each has its own story.
    stories.push([1, 2, 3].map((node) => states.filter((line) => line.startsWith(`${node} `)).join('\n')).join('\n\n'))
    await stage.clear()
  }
  expect(stories[0]).toContain('1 leader 1')
  expect(new Set(stories).size).toBe(1)
})

it('that was every kind of step', () => {
  expect(Object.keys(STEPS).filter((kind) => !taken.has(kind as StepKind))).toEqual([])
})
