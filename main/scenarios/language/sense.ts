/** What no schema shows: whether the steps of a scenario can mean anything, each after those before it. */
import { newSettings } from '../../cluster/settings'
import { parse as parseBreakpoint } from '../../node/contract/breakpoint'
import { EVENT_FIELDS } from '../../node/contract/events'
import { Problem } from '../../node/contract/problem'
import type { Impossibility } from '../../node/contract/scenario-issue'
import { type ClusterSettings, settingsSchema } from '../../node/contract/settings'
import { CONDITIONS, type Condition, type Conditions, type PlainCondition } from './conditions'
import { walk } from './explain'
import { impossibility, type Known } from './impossible'
import type { Report } from './issues'
import type { Path } from './places'
import { kindOf, type Scenario } from './schema'
import { meant } from './spelling'
import { STEPS, type Step } from './steps'
import { boundSchema, millisOf, whoSchema } from './values'

/** Reports what can't be meant. `lines`: of the steps, from 1. */
export function makeSense(scenario: Scenario, lines: readonly number[], report: Report): void {
  const sense = new Sense(scenario, lines, report)
  sense.cluster()
  scenario.steps.forEach((step, at) => {
    sense.step(step, at)
  })
  sense.afterwards()
}

/** What a name stands for. */
const NAMED = ['name', 'call', 'workload', 'breakpoint', 'fault'] as const
type Kind = (typeof NAMED)[number]

class Sense {
  readonly #scenario: Scenario
  readonly #lines: readonly number[]
  readonly #report: Report
  readonly #nodes: Set<number>
  /** Names by kind, with the line that gives them: before the step that is looked at, and anywhere. */
  readonly #given: Readonly<Record<Kind, Map<string, number>>> = {
    name: new Map(),
    call: new Map(),
    workload: new Map(),
    breakpoint: new Map(),
    fault: new Map(),
  }
  readonly #anywhere: Readonly<Record<Kind, Map<string, number>>>
  readonly #answered = new Set<string>()
  readonly #held: { all: boolean; readonly messages: Set<string> }
  #stops = false
  #hasNemesis = false
  #settings: Readonly<Record<string, unknown>> = {}
  /** Milliseconds that pass at least. */
  #least = 0

  constructor(scenario: Scenario, lines: readonly number[], report: Report) {
    this.#scenario = scenario
    this.#lines = lines
    this.#report = report
    this.#nodes = new Set(Array.from({ length: scenario.cluster.nodes }, (_, at) => at + 1))
    this.#held = { all: scenario.cluster.manual, messages: new Set() }
    this.#anywhere = {
      name: new Map(),
      call: new Map(),
      workload: new Map(),
      breakpoint: new Map(),
      fault: new Map(),
    }
    scenario.steps.forEach((step, at) => {
      for (const [kind, name] of namesOf(step)) {
        if (!this.#anywhere[kind].has(name)) this.#anywhere[kind].set(name, lines[at] ?? 0)
      }
    })
  }

  cluster(): void {
    const { nodes, witnesses, settings } = this.#scenario.cluster
    if (witnesses >= nodes) {
      const path = ['cluster', 'witnesses']
      this.#report({ code: 'too-large', path, found: String(witnesses), expected: [String(nodes - 1)] })
      return
    }
    this.#settings = settings
    this.#checkSettings(['cluster', 'settings'])
  }

  step(step: Step, at: number): void {
    const kind = kindOf(step)
    const path: Path = ['steps', at]
    // Who expects a refusal may well name a node that there is not.
    const isRefused = 'refused' in step && step.refused !== undefined
    if (!isRefused) this.#whos(STEPS[kind], step, path)
    this.#time(step, path)
    if ('wait' in step) this.#conditions(step.wait, [...path, 'wait'])
    if ('expect' in step) this.#conditions(step.expect, [...path, 'expect'])
    this.#calls(step, path)
    this.#links(step, path)
    if (!isRefused) this.#taken(step, path)
    this.#others(step, path)
    this.#learn(step, at)
  }

  /** What is looked at when all steps are done, or all the time: every name is given then. */
  afterwards(): void {
    const { expect, never } = this.#scenario
    for (const kind of NAMED) {
      for (const [name, line] of this.#anywhere[kind]) this.#given[kind].set(name, line)
    }
    expect.forEach(({ that }, at) => {
      for (const [condition, path] of each(that, ['expect', at, 'that'])) this.#whosOf(condition, path)
      this.#conditions(that, ['expect', at, 'that'])
    })
    never.forEach(({ that }, at) => {
      this.#whosOf(that, ['never', at, 'that'])
      this.#named(that, ['never', at, 'that'])
    })
  }

  /** Numbers and names of nodes. */
  #whos(schema: Parameters<typeof walk>[0], value: unknown, path: Path): void {
    walk(schema, value, path, (each, who, place) => {
      if (each !== whoSchema) return
      if (typeof who === 'number' && !this.#nodes.has(who)) {
        const known = [...this.#nodes].sort((a, b) => a - b).map(String)
        this.#report({ code: 'node-unknown', path: place, found: String(who), expected: known })
      } else if (typeof who === 'string' && who.startsWith('$')) this.#used('name', who.slice(1), place, '$')
    })
  }

  #whosOf(condition: Condition, path: Path): void {
    const plain = 'not' in condition ? condition.not : condition
    const [kind] = Object.keys(plain) as [keyof typeof CONDITIONS]
    this.#whos(CONDITIONS[kind], plain, 'not' in condition ? [...path, 'not'] : path)
  }

  #used(kind: Kind, name: string, path: Path, mark = ''): void {
    if (this.#given[kind].has(name)) return
    const line = this.#anywhere[kind].get(name)
    const found = `${mark}${name}`
    if (line !== undefined) {
      this.#report({ code: `${kind}-later`, path, found, expected: [String(line)] })
      return
    }
    const near = meant(name, [...this.#anywhere[kind].keys()])
    this.#report({ code: `${kind}-unknown`, path, found, suggestion: near === '' ? '' : `${mark}${near}` })
  }

  /** How long it must take, against how long it may. */
  #time(step: Step, path: Path): void {
    const [takes, key] =
      'sleep' in step
        ? [millisOf(step.sleep), 'sleep']
        : 'nemesis' in step && !step.background
          ? [step.nemesis.durationMs + step.nemesis.quietMs, 'nemesis']
          : [0, '']
    if (takes === 0) return
    const within = 'within' in step ? step.within : undefined
    if (within !== undefined && takes > millisOf(within)) {
      this.#impossible('longer-than-step', [...path, key], `${takes} ms > ${within}`)
    }
    const { limit } = this.#scenario
    const before = this.#least
    this.#least += takes
    if (before <= millisOf(limit) && this.#least > millisOf(limit)) {
      this.#impossible('longer-than-limit', [...path, key], `${this.#least} ms > ${limit}`)
    }
  }

  #conditions(conditions: Conditions, path: Path): void {
    const all = each(conditions, path)
    for (const [condition, place] of all) {
      this.#named(condition, place)
      if (!('not' in condition)) this.#possible(condition, place)
    }
    const leader = all.find(([condition]) => 'leader' in condition)
    const none = all.find(([condition]) => 'noLeader' in condition)
    if (leader !== undefined && none !== undefined) this.#impossible('leader-and-none', none[1], 'noLeader')
  }

  /** Calls, and fields of events, that there are. */
  #named(condition: Condition, path: Path): void {
    const plain = 'not' in condition ? condition.not : condition
    const place = 'not' in condition ? [...path, 'not'] : path
    if ('event' in plain) this.#fields(plain.event, [...place, 'event', 'where'])
    if ('answer' in plain) this.#used('call', plain.answer.call, [...place, 'answer', 'call'])
    if ('unanswered' in plain) this.#used('call', plain.unanswered, [...place, 'unanswered'])
  }

  #fields({ kind, where = {} }: Extract<PlainCondition, { event: unknown }>['event'], path: Path): void {
    const known = [...Object.keys(EVENT_FIELDS[kind].fields), 'node', 'n', 't', 'seq']
    for (const field of Object.keys(where)) {
      if (known.includes(field)) continue
      const suggestion = meant(field, known)
      this.#report({
        code: 'unknown-key',
        path: [...path, field],
        at: 'key',
        found: field,
        expected: known,
        suggestion,
      })
    }
  }

  #possible(condition: PlainCondition, path: Path): void {
    const known: Known = {
      nodes: this.#nodes.size,
      hasBug: this.#scenario.cluster.bug !== undefined,
      held: this.#held,
      stops: this.#stops,
      answered: this.#answered,
    }
    const found = impossibility(condition, known)
    if (found !== undefined) this.#impossible(found.why, [...path, ...found.path], found.found)
    walk(CONDITIONS[Object.keys(condition)[0] as keyof typeof CONDITIONS], condition, path, (schema, bound, place) => {
      if (schema === boundSchema && typeof bound === 'string' && /^< *0$/.test(bound)) {
        this.#impossible('below-zero', place, bound)
      }
    })
  }

  #impossible(why: Impossibility, path: Path, found: string): void {
    this.#report({ code: 'impossible', path, found, expected: [why] })
  }

  #calls(step: Step, path: Path): void {
    const call = callOf(step)
    if (call?.background && call.answer !== undefined) {
      this.#report({ code: 'background-answer', path: [...path, call.kind, 'answer'], at: 'key' })
    }
    for (const [kind, name, place] of namesOf(step)) {
      const line = this.#given[kind].get(name)
      // A node may be given another name, and a name to another node: `let` speaks of how it is now.
      if (line === undefined || kind === 'name') continue
      this.#report({ code: 'name-twice', path: [...path, ...place], found: name, expected: [String(line)] })
    }
    if ('endWorkload' in step) this.#used('workload', step.endWorkload, [...path, 'endWorkload'])
    if ('endFault' in step) this.#used('fault', step.endFault, [...path, 'endFault'])
    if ('changeBreakpoint' in step) {
      this.#used('breakpoint', step.changeBreakpoint.name, [...path, 'changeBreakpoint', 'name'])
    }
    if ('removeBreakpoint' in step) this.#used('breakpoint', step.removeBreakpoint, [...path, 'removeBreakpoint'])
  }

  #links(step: Step, path: Path): void {
    const links = linksOf(step)
    if (links !== undefined && typeof links.from === 'number' && links.from === links.to) {
      this.#report({ code: 'link-self', path: [...path, links.kind, 'to'], found: String(links.from) })
    }
    if (!('partition' in step)) return
    const seen = new Set<unknown>()
    step.partition.forEach((group, at) => {
      group.forEach((who, place) => {
        if (seen.has(who)) {
          this.#report({ code: 'group-twice', path: [...path, 'partition', at, place], found: String(who) })
        }
        seen.add(who)
      })
    })
  }

  /** Of a step that takes held messages: somebody must have held them. */
  #taken(step: Step, path: Path): void {
    const wish = wishOf(step)
    const { all, messages } = this.#held
    if (wish === undefined || all) return
    if (messages.size === 0) this.#impossible('nothing-held', [...path, wish.kind], wish.kind)
    else if (wish.message !== undefined && !messages.has(wish.message)) {
      this.#impossible('type-not-held', [...path, wish.kind, 'message'], wish.message)
    }
  }

  #others(step: Step, path: Path): void {
    if ('breakpoint' in step) this.#breakpoint(step.breakpoint, [...path, 'breakpoint'])
    if ('changeBreakpoint' in step && step.changeBreakpoint.text !== undefined) {
      this.#breakpoint(step.changeBreakpoint.text, [...path, 'changeBreakpoint', 'text'])
    }
    if ('endNemesis' in step && !this.#hasNemesis) this.#impossible('no-nemesis', [...path, 'endNemesis'], 'endNemesis')
    if ('configure' in step) {
      this.#settings = { ...this.#settings, ...step.configure }
      this.#checkSettings([...path, 'configure'])
    }
    if ('nemesis' in step) {
      const { maxDown } = step.nemesis
      if (maxDown !== undefined && maxDown >= this.#nodes.size) {
        const expected = [String(this.#nodes.size)]
        this.#report({ code: 'too-many-down', path: [...path, 'nemesis', 'maxDown'], found: String(maxDown), expected })
      }
    }
  }

  #breakpoint(text: string, path: Path): void {
    const parsed = parseBreakpoint(text)
    if (parsed.ok) return
    const { from, found, expected } = parsed.error
    const [suggestion] = found === '' ? [] : [meant(found, expected)]
    this.#report({ code: 'breakpoint', path, offset: from, found, expected, suggestion: suggestion ?? '' })
  }

  #checkSettings(path: Path): void {
    const { nodes, witnesses } = this.#scenario.cluster
    const ids = [...this.#nodes]
    try {
      newSettings(this.#settings, { nodes: ids, witnesses: ids.slice(nodes - witnesses, nodes) })
    } catch (thrown) {
      if (!(thrown instanceof Problem) || thrown.code !== 'settings-invalid') throw thrown
      const { setting, reason } = thrown.details as { setting: string; reason: string }
      const names = Object.keys(settingsSchema.shape) as (keyof ClusterSettings)[]
      const [name = ''] = setting.split('.')
      const known = names.some((each) => each === name)
      const at = known ? 'value' : 'key'
      const suggestion = known ? '' : meant(name, names)
      this.#report({
        code: 'setting',
        path: [...path, ...setting.split('.')],
        at,
        found: setting,
        expected: [reason],
        suggestion,
      })
      // Said once: what comes later goes by the rest.
      const { [name]: _wrong, ...rest } = this.#settings
      this.#settings = rest
    }
  }

  /** What is so for the steps that follow. */
  #learn(step: Step, at: number): void {
    const line = this.#lines[at] ?? 0
    for (const [kind, name] of namesOf(step)) this.#given[kind].set(name, line)
    if ('add' in step) this.#nodes.add(step.add.node ?? Math.max(...this.#nodes) + 1)
    const call = callOf(step)
    if (call?.name !== undefined && !call.background) this.#answered.add(call.name)
    if ('hold' in step) {
      if (step.hold.messages.length === 0) this.#held.all = true
      for (const message of step.hold.messages) this.#held.messages.add(message)
    }
    if ('rules' in step) {
      for (const { messages, action } of step.rules.rules) {
        if (action.type !== 'hold') continue
        if (messages.length === 0) this.#held.all = true
        for (const message of messages) this.#held.messages.add(message)
      }
    }
    if ('preset' in step && step.preset.pattern === 'hold-all') this.#held.all = true
    if ('breakpoint' in step || 'halt' in step || 'step' in step) this.#stops = true
    if ('nemesis' in step) this.#hasNemesis = step.background
    if ('endNemesis' in step) this.#hasNemesis = false
  }
}

function each(conditions: Conditions, path: Path): readonly (readonly [Condition, Path])[] {
  return Array.isArray(conditions)
    ? conditions.map((condition: Condition, at: number) => [condition, [...path, at]] as const)
    : [[conditions as Condition, path]]
}

/** The names that a step gives, and where in it. */
function namesOf(step: Step): readonly (readonly [kind: Kind, name: string, place: Path])[] {
  if ('let' in step) return Object.keys(step.let).map((name) => ['name', name, ['let', name]] as const)
  if ('add' in step) return step.add.name === undefined ? [] : [['name', step.add.name, ['add', 'name']]]
  if ('workload' in step) return step.name === undefined ? [] : [['workload', step.name, ['name']]]
  if ('breakpoint' in step) return step.name === undefined ? [] : [['breakpoint', step.name, ['name']]]
  if ('arm' in step || 'flip' in step || 'rules' in step || 'preset' in step || 'hold' in step) {
    return step.name === undefined ? [] : [['fault', step.name, ['name']]]
  }
  const call = callOf(step)
  return call?.name === undefined ? [] : [['call', call.name, [call.kind, 'name']]]
}

/** The client's call that a step makes. */
function callOf(step: Step) {
  if ('put' in step) return { kind: 'put', ...step.put } as const
  if ('append' in step) return { kind: 'append', ...step.append } as const
  if ('cas' in step) return { kind: 'cas', ...step.cas } as const
  if ('delete' in step) return { kind: 'delete', ...step.delete } as const
  return 'get' in step ? ({ kind: 'get', ...step.get } as const) : undefined
}

/** The held messages that a step takes. */
function wishOf(step: Step) {
  if ('release' in step) return { kind: 'release', ...step.release } as const
  if ('drop' in step) return { kind: 'drop', ...step.drop } as const
  if ('duplicate' in step) return { kind: 'duplicate', ...step.duplicate } as const
  if ('reorder' in step) return { kind: 'reorder', ...step.reorder } as const
  if ('move' in step) return { kind: 'move', message: undefined, ...step.move } as const
  return 'edit' in step ? ({ kind: 'edit', ...step.edit } as const) : undefined
}

/** The links that a step is about. */
function linksOf(step: Step) {
  if ('block' in step) return { kind: 'block', ...step.block } as const
  if ('rules' in step) return { kind: 'rules', ...step.rules } as const
  if ('hold' in step) return { kind: 'hold', ...step.hold } as const
  if ('heal' in step && step.heal !== 'all') return { kind: 'heal', ...step.heal } as const
  return wishOf(step)
}
