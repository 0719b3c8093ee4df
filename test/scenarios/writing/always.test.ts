/** Whatever a timeline holds, what is written of it is a scenario. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BREAKPOINT_KINDS } from '../../../main/node/contract/breakpoint'
import { LINK_PRESETS } from '../../../main/node/contract/conditions'
import {
  CLIENT_OPS,
  EVENT_FIELDS,
  type EventKind,
  FAULT_TYPES,
  MESSAGE_TYPES,
} from '../../../main/node/contract/events'
import { readScenario } from '../../../main/scenarios/language/parse'
import { writeScenario } from '../../../main/scenarios/writing'
import { Story } from '../../checks/support/story'

const node = fc.integer({ min: 1, max: 6 })
const link = fc.tuple(node, node)
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('x', 'leader elected', "it's: #1\n- kill: 1", '\u2028\t\u0007'),
)
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 8 }),
  text.map((given) => new TextEncoder().encode(given)),
)
const messages = fc.subarray([...MESSAGE_TYPES], { maxLength: 2 })
const rule = fc.record({
  messages,
  action: fc.oneof(
    fc.constant({ type: 'hold' }),
    fc.constant({ type: 'block' }),
    fc.record({ type: fc.constant('shape'), delayMs: fc.integer() }),
  ),
})
const armed = fc.oneof(
  fc.record({
    type: fc.constant('crash-point'),
    point: fc.constantFrom('before-write', 'after-send'),
    messages,
    nth: fc.nat(3),
  }),
  fc.record({ type: fc.constant('power-loss'), at: fc.constant('now'), seed: fc.nat() }),
)
/** What the user's faults and operations say of themselves, and what they never would. */
const detail = fc.oneof(
  fc
    .record(
      {
        nodes: fc.array(node, { maxLength: 2 }),
        links: fc.array(link, { maxLength: 4 }),
        groups: fc.array(fc.array(node, { maxLength: 3 }), { maxLength: 3 }),
        rules: fc.array(rule, { maxLength: 3 }),
        seed: fc.nat(),
        preset: fc.constantFrom(...LINK_PRESETS, 'none'),
        at: node,
        mode: fc.constantFrom('manual', 'running', 'auto', 'joint', 'never'),
        rate: fc.double(),
        jumpMs: fc.integer(),
        fired: fc.constant(true),
        fault: armed,
        file: text,
        record: fc.integer({ min: -2, max: 5 }),
        bit: fc.integer({ min: -1, max: 9 }),
        node,
        target: node,
        role: fc.constantFrom('voter', 'learner', 'witness', 'king'),
        changes: fc.array(fc.record({ node, role: fc.constantFrom('voter', 'learner', 'removed') }), { maxLength: 2 }),
        plan: fc.record({
          seed: fc.nat(),
          durationMs: fc.nat(600_000),
          quietMs: fc.nat(9000),
          packages: fc.constant({}),
        }),
        pace: fc.record({ type: fc.constantFrom('closed', 'open'), clients: fc.nat(5), perSecond: fc.nat(9) }),
        durationMs: fc.nat(),
      },
      { requiredKeys: [] },
    )
    .map((given) => JSON.stringify(given)),
  text,
  fc.json(),
)
const id = fc.integer({ min: 1, max: 4 })

const EVENTS: { readonly [K in EventKind]?: fc.Arbitrary<object> } = {
  process: fc.record({
    subject: node,
    state: fc.constantFrom('spawned', 'ready', 'stopped', 'killed', 'crashed', 'paused', 'resumed', 'removed'),
  }),
  fault: fc.record({ action: fc.constantFrom('begin', 'end'), id, type: fc.constantFrom(...FAULT_TYPES), detail }),
  link: fc.record({ from: node, to: node, blocked: fc.boolean() }),
  rules: fc.record({
    from: node,
    to: node,
    rules: fc.oneof(
      fc.constant(''),
      rule.map((one) => JSON.stringify({ seed: 1, rules: [one] })),
    ),
  }),
  operation: fc.record({
    action: fc.constantFrom('begin', 'done', 'failed'),
    id,
    type: fc.constantFrom('change', 'transfer', 'snapshot', 'add-node', 'remove-node', 'rebuild'),
    detail,
    problem: fc.constantFrom('', 'change-refused'),
  }),
  invoke: fc.record({
    call: id,
    op: fc.constantFrom(...CLIENT_OPS),
    key: text,
    value: bytes,
    via: fc.nat(4),
    expected: bytes,
    hasExpected: fc.boolean(),
  }),
  answer: fc.record({ call: id, outcome: fc.constantFrom('ok', 'failed', 'unknown') }),
  watch: fc.record({
    breakpoint: id,
    text: fc.oneof(text, fc.constantFrom(...BREAKPOINT_KINDS)),
    enabled: fc.boolean(),
    removed: fc.boolean(),
  }),
  stop: fc.record({
    action: fc.constantFrom('stopped', 'stepping', 'continued'),
    subject: fc.nat(4),
    breakpoint: fc.nat(2),
    by: fc.constantFrom('', 'role', 'none'),
  }),
  nemesis: fc.record({ action: fc.constantFrom('begin', 'step', 'end'), id, detail }),
  workload: fc.record({ action: fc.constantFrom('begin', 'end'), id, detail }),
  cluster: fc.record({
    name: text,
    nodes: id,
    settings: fc.oneof(detail, fc.constant('{"heartbeatMs":60,"priorities":{"1":0}}')),
  }),
  note: fc.record({ text }),
  struck: fc.record({ fault: id }),
}
const ofNode: typeof EVENTS = {
  started: fc.record({ incarnation: fc.nat(2), lastIndex: fc.nat(3) }),
  role: fc.record({ role: fc.constantFrom('leader', 'follower'), term: fc.nat(5), leader: fc.nat(6) }),
  committed: fc.record({ commitIndex: fc.nat(9) }),
  configuration: fc.record({ voters: fc.constant('1,2'), witnesses: fc.constantFrom('', '3', '1,2,3') }),
  held: fc.record({ peer: node, id, message: fc.constantFrom(...MESSAGE_TYPES), bytes }),
  released: fc.record({
    peer: node,
    id,
    message: fc.constantFrom(...MESSAGE_TYPES),
    how: fc.constantFrom('delivered', 'edited', 'dropped'),
    bytes,
  }),
  copied: fc.record({ peer: node, id, copy: fc.integer(), by: fc.constantFrom('rule', 'hand') }),
  moved: fc.record({ peer: node, id, place: fc.nat(3) }),
}
const told = fc.oneof(
  ...Object.entries(EVENTS).map(([kind, fields]) => fc.tuple(fc.constant(0), fc.constant(kind as EventKind), fields)),
  ...Object.entries(ofNode).map(([kind, fields]) => fc.tuple(node, fc.constant(kind as EventKind), fields)),
)

test('what is written of any timeline is a scenario', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(told, { maxLength: 40 }), fc.nat(10), fc.boolean(), async (events, from, isSlow) => {
      const story = events.reduce((before, [by, kind, fields]) => before.tell(by, kind, fields), Story.begin())
      const spread = story.events.map((event) => ({ ...event, t: event.t * (isSlow ? 1000 : 1) }))
      const text = await writeScenario([spread as typeof story.events], { id: 'any', from })
      const read = readScenario(text)
      expect(read.ok ? [] : read.issues).toEqual([])
    }),
    { numRuns: 150 },
  )
})

test('the events of the test are events', () => {
  for (const kind of [...Object.keys(EVENTS), ...Object.keys(ofNode)]) expect(Object.keys(EVENT_FIELDS)).toContain(kind)
})

test('more acts than a scenario has steps', async () => {
  const story = Story.begin()
  for (let at = 0; at < 700; at++) story.tell(0, 'note', { text: `${at}` })
  const text = await writeScenario([story.events], { id: 'long' })
  const read = readScenario(text)
  expect(read.ok && read.parsed.scenario.steps.length).toBe(500)
  expect(text).toContain('# more was done, but a scenario has no more steps')
})
