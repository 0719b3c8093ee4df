/** Plays a scenario on a stage: step after step, with everything watched meanwhile, and judged at the end. */
import type { TimelineEvent } from '../../node/contract/events'
import { asProblem, Problem } from '../../node/contract/problem'
import type { Condition } from '../language/conditions'
import { kindOf, type Scenario } from '../language/schema'
import type { Step } from '../language/steps'
import { millisOf } from '../language/values'
import { conditionsWords, deedWords, limitWords, NOTHING, stepWords, type Text } from '../words'
import type { Expectation, PlayScenario, RunOptions, ScenarioResult, ScenarioRun, ScenarioVerdicts, Stage } from './api'
import { Budget } from './budget'
import { Calls } from './calls'
import { Cast } from './cast'
import { allHold, eventsIn, found, foundInstead, holds, kindsOf } from './conditions'
import { take } from './deeds'
import { CallRefused, type Doing } from './doing'
import { Gate } from './gate'
import { judge } from './judging'
import { inTime, TooLate, WAIT_MS } from './limits'
import { Memory } from './memory'
import { Named } from './named'
import { Report } from './report'
import { RunningBeside } from './running'
import { spell } from './spell'
import { Watch } from './watch'

/** What a run began beside its steps has this long to end; a cluster that stands still never answers. */
const ENDING_MS = 6000
/** Kinds of steps that wait for something that may never come. */
const WAITING: readonly string[] = ['wait', 'release', 'drop', 'duplicate', 'reorder', 'move', 'edit', 'step']

/** Begins at once. */
export const playScenario: PlayScenario = (scenario, stage, options = {}) => {
  const run = new Run(scenario, stage, options)
  run.begin()
  return run
}

/** Why a run is over before its last step. */
class Over extends Error {
  readonly why: 'stopped' | 'limit' | 'never'

  constructor(why: Over['why']) {
    super(why)
    this.why = why
  }
}

class Run implements ScenarioRun {
  readonly ended: Promise<ScenarioResult>
  readonly #scenario: Scenario
  readonly #stage: Stage
  readonly #seed: number
  readonly #report: Report
  readonly #gate: Gate
  readonly #over = new AbortController()
  /** Stopped by command: then nothing is judged either. */
  readonly #stopped = new AbortController()
  readonly #budget: Budget
  readonly #cast = new Cast()
  readonly #calls = new Calls()
  readonly #beside = new RunningBeside()
  readonly #named = new Named()
  readonly #memory: Memory
  readonly #watch: Watch
  readonly #nevers: readonly Ruled[]
  /** What must never be and was, with the first event that showed it. */
  readonly #seen = new Map<Ruled, Expectation>()
  readonly #expectations: Expectation[] = []
  #begin: () => void = () => undefined

  constructor(scenario: Scenario, stage: Stage, { seed, stepByStep = false, lines = [], signal }: RunOptions) {
    this.#scenario = scenario
    this.#stage = stage
    this.#seed = seed ?? scenario.seed
    this.#report = new Report(scenario, lines)
    this.#gate = new Gate(stepByStep)
    const limit = millisOf(scenario.limit)
    this.#budget = new Budget(limit, () => this.#over.abort(new Over('limit')))
    this.#memory = new Memory(this.#cast, countedIn(scenario))
    this.#nevers = scenario.never.map(({ that, say }) => ({ that, say, kinds: kindsOf(that) }))
    this.#watch = new Watch({
      stage,
      cast: this.#cast,
      calls: this.#calls,
      memory: this.#memory,
      saw: (event) => this.#saw(event),
    })
    const stop = () => this.#stopNow()
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop, { once: true })
    this.ended = new Promise<void>((resolve) => {
      this.#begin = resolve
    })
      .then(() => this.#play())
      .finally(() => signal?.removeEventListener('abort', stop))
  }

  begin(): void {
    this.#begin()
  }

  get progress() {
    return this.#report.progress
  }

  watch(listener: Parameters<ScenarioRun['watch']>[0]): () => void {
    return this.#report.watch(listener)
  }

  next(): void {
    this.#gate.next()
  }

  flow(): void {
    this.#gate.flow()
  }

  pause(): void {
    this.#gate.pause()
  }

  async stop(): Promise<void> {
    this.#stopNow()
    await this.ended
  }

  #stopNow(): void {
    const over = new Over('stopped')
    this.#stopped.abort(over)
    this.#over.abort(over)
  }

  async #play(): Promise<ScenarioResult> {
    const began = performance.now()
    let verdicts: ScenarioVerdicts | undefined
    let broken: Problem | undefined
    let isPlayed = false
    try {
      await this.#watch.begin()
      await this.#stage.cluster.connected()
      isPlayed = (await this.#steps()) && (await this.#expect())
    } catch (trouble) {
      if (!(trouble instanceof Over)) broken = asProblem(trouble)
    }
    this.#budget.stand()
    try {
      this.#report.leaveOutRest()
      if (this.#why !== 'stopped') this.#report.phase('judging')
      await this.#end()
      const why = this.#why
      if (why === 'limit') this.#tookTooLong()
      if (why !== 'stopped' && broken === undefined) {
        verdicts = await judge(this.#stage.events(), this.#scenario.verdicts, this.#stopped.signal)
      }
    } catch (trouble) {
      if (!(trouble instanceof Over)) broken ??= asProblem(trouble)
    }
    this.#watch.end()
    const result = {
      outcome: this.#outcome(isPlayed, verdicts, broken),
      steps: this.progress.steps,
      expectations: this.#allExpectations(),
      verdicts,
      seed: this.#seed,
      millis: performance.now() - began,
      problem: broken,
    } satisfies ScenarioResult
    this.#report.result(result)
    return result
  }

  #outcome(
    isPlayed: boolean,
    verdicts: ScenarioVerdicts | undefined,
    broken: Problem | undefined,
  ): ScenarioResult['outcome'] {
    if (broken !== undefined) return 'broken'
    if (this.#why === 'stopped') return 'stopped'
    if (!isPlayed || verdicts === undefined || this.#why !== undefined) return 'failed'
    const areMet = this.#allExpectations().every((one) => one.holds)
    return areMet && verdicts.asExpected ? 'holds' : 'failed'
  }

  get #why(): Over['why'] | undefined {
    if (this.#stopped.signal.aborted) return 'stopped'
    const { reason } = this.#over.signal
    return reason instanceof Over ? reason.why : undefined
  }

  /** False: one of them failed. */
  async #steps(): Promise<boolean> {
    for (const [number, step] of this.#scenario.steps.entries()) {
      if (this.#gate.isClosed) {
        this.#report.phase('paused')
        this.#budget.stand()
        await this.#gate.pass(this.#over.signal)
      } else await this.#gate.pass(this.#over.signal)
      this.#over.signal.throwIfAborted()
      this.#budget.goOn()
      this.#report.phase('running')
      if (!(await this.#step(number, step))) return false
    }
    return true
  }

  async #step(number: number, step: Step): Promise<boolean> {
    this.#report.began(number, this.#now())
    try {
      await this.#take(step)
      this.#report.ended(number, this.#now(), 'done')
      return true
    } catch (trouble) {
      if (trouble instanceof Over) {
        const standing = trouble.why === 'stopped' ? 'left-out' : 'failed'
        this.#report.ended(number, this.#now(), standing, this.#problemOf(trouble))
        throw trouble
      }
      const problem = asProblem(trouble)
      this.#report.ended(number, this.#now(), 'failed', problem)
      // Not the scenario's: something broke under it.
      if (problem.code === 'internal' || problem.code === 'no-cluster') throw trouble
      return false
    }
  }

  /** As it is wished: done, or refused with that code. @throws {Problem} when it is not */
  async #take(step: Step): Promise<void> {
    const wanted = 'refused' in step ? step.refused : undefined
    const what = spellStep(step)
    const refusal = await this.#done(step).catch((trouble: unknown) => {
      const isRefusal = trouble instanceof CallRefused || (trouble instanceof Problem && !isOfScenario(trouble))
      if (isRefusal && (wanted !== undefined || trouble instanceof CallRefused)) return trouble
      throw trouble
    })
    if (wanted === undefined && refusal instanceof CallRefused) {
      throw new Problem('scenario-unmet', { what, words: stepWords(step), found: refusal.found })
    }
    if (refusal?.code !== wanted) {
      const words = deedWords(step)
      throw new Problem('scenario-not-refused', { what, words, wanted: wanted ?? '', found: refusal?.code ?? '' })
    }
  }

  async #done(step: Step): Promise<void> {
    const kind = kindOf(step)
    if (kind === 'note') return
    const limit = 'within' in step && step.within !== undefined ? millisOf(step.within) : undefined
    // A step's own waiting comes with a limit; what is only done goes on until the run's.
    const millis = limit ?? (WAITING.includes(kind) ? WAIT_MS : undefined)
    try {
      await inTime(millis, this.#over.signal, async (signal) => {
        await this.#stage.told()
        this.#memory.stepBegins()
        signal.throwIfAborted()
        await take(kind, step, this.#doing(signal))
      })
    } catch (trouble) {
      if (!(trouble instanceof TooLate)) throw trouble
      throw new Problem('scenario-late', {
        what: spellStep(step),
        words: awaitedWords(step),
        millis: millis ?? 0,
        found: this.#foundIn(step),
      })
    }
  }

  #doing(signal: AbortSignal): Doing {
    return {
      stage: this.#stage,
      cast: this.#cast,
      watch: this.#watch,
      calls: this.#calls,
      beside: this.#beside,
      named: this.#named,
      signal,
      over: this.#over.signal,
      seed: (given) => (given + this.#seed - this.#scenario.seed) >>> 0,
    }
  }

  /** What there is instead of what a step waited for. */
  #foundIn(step: Step): Text {
    const { scene } = this.#watch
    if ('wait' in step) return foundInstead(step.wait, scene)
    if ('expect' in step) return foundInstead(step.expect, scene)
    for (const kind of ['release', 'drop', 'duplicate', 'reorder', 'move', 'edit'] as const) {
      if (kind in step) {
        const { from = 'all', to = 'all', both = false } = (step as Record<string, HeldLinks>)[kind] ?? {}
        return found({ held: { from, to, both, count: '>= 1' } }, scene)
      }
    }
    return NOTHING
  }

  /** Each in its turn, with its own time; all of them, also when one is not met. */
  async #expect(): Promise<true> {
    await this.#stage.told()
    this.#memory.stepBegins()
    const { scene } = this.#watch
    for (const { that, within, say } of this.#scenario.expect) {
      const isMet = await inTime(millisOf(within), this.#over.signal, async (signal) => {
        await this.#watch.when(() => allHold(that, scene), kindsOf(that), signal)
        return true
      }).catch((trouble: unknown) => {
        if (trouble instanceof TooLate) return false
        throw trouble
      })
      const instead = isMet ? NOTHING : foundInstead(that, scene)
      const text = spell(that)
      this.#expectations.push({
        type: 'expect',
        text,
        words: conditionsWords(that),
        say,
        holds: isMet,
        seq: isMet ? -1 : scene.state.seq - 1,
        found: instead,
      })
    }
    return true
  }

  #saw(event: TimelineEvent): void {
    const { scene } = this.#watch
    for (const ruled of this.#nevers) {
      const { that, kinds } = ruled
      if (this.#seen.has(ruled) || (kinds !== 'all' && !kinds.has(event.kind)) || !holds(that, scene)) continue
      this.#seen.set(ruled, { ...neverOf(ruled), holds: false, seq: event.seq, found: found(that, scene) })
      if (!this.#over.signal.aborted) this.#over.abort(new Over('never'))
    }
  }

  #allExpectations(): readonly Expectation[] {
    return [...this.#nevers.map((ruled) => this.#seen.get(ruled) ?? neverOf(ruled)), ...this.#expectations]
  }

  #tookTooLong(): void {
    const { limit } = this.#scenario
    const words = limitWords(limit)
    const found: Text = { en: 'it took longer', zh: '用时更久' }
    this.#expectations.push({ type: 'limit', text: limit, words, say: undefined, holds: false, seq: -1, found })
  }

  #problemOf({ why }: Over): Problem | undefined {
    switch (why) {
      case 'stopped':
        return undefined
      case 'limit':
        return new Problem('scenario-limit', { millis: millisOf(this.#scenario.limit) })
      case 'never': {
        const [broken] = this.#seen.values()
        return new Problem('scenario-never', {
          what: broken?.text ?? '',
          words: broken?.words ?? NOTHING,
          found: broken?.found ?? NOTHING,
        })
      }
    }
  }

  /** Whatever goes on beside the steps ends, and everything that happened is on the timeline. */
  async #end(): Promise<void> {
    if (!this.#over.signal.aborted) this.#over.abort(new Error('the scenario is over'))
    const ending = Promise.all([this.#beside.endAll(), this.#calls.settled()])
    await inTime(ENDING_MS, new AbortController().signal, () => ending).catch(() => undefined)
    await this.#stage.told()
  }

  /** Nanoseconds of the timeline. */
  #now(): number {
    return Number(process.hrtime.bigint() - this.#stage.cluster.origin)
  }
}

interface Ruled {
  readonly that: Condition
  readonly say: Expectation['say']
  readonly kinds: ReturnType<typeof kindsOf>
}

/** As it is while it never held. */
function neverOf({ that, say }: Ruled): Expectation {
  return { type: 'never', text: spell(that), words: conditionsWords(that), say, holds: true, seq: -1, found: NOTHING }
}

type HeldLinks = Partial<Pick<Extract<Condition, { held: unknown }>['held'], 'from' | 'to' | 'both'>>

/** It is about the step itself, not about what was asked of the cluster. */
function isOfScenario({ code }: Problem): boolean {
  return code.startsWith('scenario-')
}

/** The step without what stands beside it. */
function spellStep({ say: _, ...step }: Step): string {
  return spell(Object.fromEntries(Object.entries(step).filter(([name]) => name !== 'within' && name !== 'refused')))
}

/** What is waited for, in words. */
function awaitedWords(step: Step) {
  if ('wait' in step) return conditionsWords(step.wait)
  return 'expect' in step ? conditionsWords(step.expect) : deedWords(step)
}

/** Every condition of the scenario that counts events. */
function countedIn({ steps, expect, never }: Scenario) {
  const inSteps = steps.flatMap((step) => ('wait' in step ? [step.wait] : 'expect' in step ? [step.expect] : []))
  return [...inSteps, ...expect.map(({ that }) => that), ...never.map(({ that }) => that)].flatMap(eventsIn)
}
