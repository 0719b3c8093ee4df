/** The scenario that is played in the window, and what the window is told of it. */
import type {
  JudgedView,
  Language,
  ProblemView,
  ScenarioItem,
  ScenarioResultView,
  ScenariosUpdate,
  ScenarioView,
} from '../../preload/contract'
import type { Scenario } from '../scenarios/language/schema'
import type { Step } from '../scenarios/language/steps'
import type { ScenarioResult, ScenarioRun, ScenarioVerdicts, StepProgress } from '../scenarios/run/api'
import { spell } from '../scenarios/run/spell'
import { Channel } from './streams'
import { deviationSentence } from './verdicts/deviations/words'
import { invariantName, violationSentence } from './verdicts/words'

export interface PlayingWords {
  readonly language: () => Language
  /** A problem as it crosses, in the language of the settings. */
  readonly problemView: (thrown: unknown) => ProblemView
}

interface Played {
  readonly run: ScenarioRun
  readonly cluster: string
  readonly isKept: boolean
  readonly forget: () => void
}

/** At most one scenario plays; what played last is told until it is put away. */
export class Playing {
  readonly #words: PlayingWords
  readonly #channel = new Channel<'scenarios'>()
  #played: Played | undefined
  #recordingFrom = -1
  #telling: NodeJS.Immediate | undefined

  constructor(words: PlayingWords) {
    this.#words = words
  }

  /** What plays, or played last. */
  get run(): ScenarioRun | undefined {
    return this.#played?.run
  }

  /** The cluster that it plays on. */
  get cluster(): string | undefined {
    return this.#played?.cluster
  }

  /** Its cluster stays when it is put away. */
  kept(): void {
    if (this.#played !== undefined) this.#played = { ...this.#played, isKept: true }
    this.tell()
  }

  /** The event from which on what is done becomes a scenario; −1 = it does not. */
  get recordingFrom(): number {
    return this.#recordingFrom
  }

  set recordingFrom(seq: number) {
    this.#recordingFrom = seq
    this.tell()
  }

  subscribe(listener: (value: ScenariosUpdate) => void): () => void {
    const stop = this.#channel.add(listener)
    listener(this.#update())
    return stop
  }

  began(run: ScenarioRun, cluster: string): void {
    this.#played?.forget()
    this.#played = { run, cluster, isKept: false, forget: run.watch(() => this.tell()) }
    this.tell()
  }

  /** Stops what plays, and tells nothing of it any more. */
  async leave(): Promise<void> {
    const played = this.#played
    this.#played = undefined
    played?.forget()
    this.tell()
    await played?.run.stop()
  }

  /** Its cluster is not open any more: it cannot go on. */
  lost(open: string | undefined): void {
    this.recordingFrom = -1
    const { run, cluster } = this.#played ?? {}
    if (run !== undefined && cluster !== open && run.progress.phase !== 'ended') void run.stop()
  }

  /** All listeners, soon: several changes at once are told once. Also when people read another language now. */
  tell(): void {
    this.#telling ??= setImmediate(() => {
      this.#telling = undefined
      this.#channel.emit(this.#update())
    })
  }

  #update(): ScenariosUpdate {
    const playing = this.#played === undefined ? null : scenarioView(this.#played, this.#words)
    return { playing, recordingFrom: this.#recordingFrom }
  }
}

export function itemOf(scenario: Scenario): ScenarioItem {
  const { id, title, about, source = '', tags, cluster, steps } = scenario
  return {
    id,
    title,
    about,
    source,
    tags,
    nodes: cluster.nodes,
    steps: steps.length,
    manual: cluster.manual,
    bug: cluster.bug ?? '',
  }
}

function scenarioView({ run, cluster, isKept }: Played, words: PlayingWords): ScenarioView {
  const { scenario, phase, at, steps, result } = run.progress
  return {
    item: itemOf(scenario),
    cluster,
    kept: isKept,
    phase,
    at,
    steps: steps.map((step) => stepView(step, scenario.steps[step.number], words)),
    result: result === undefined ? null : resultView(result, words),
  }
}

function stepView(
  { problem, say, ...step }: StepProgress,
  written: Step | undefined,
  { problemView }: PlayingWords,
): ScenarioView['steps'][number] {
  return {
    ...step,
    say: say ?? null,
    text: written === undefined ? step.kind : textOf(written),
    problem: problem === undefined ? null : problemView(problem),
  }
}

/** As the file says it, without its narration and limits; empty when it only tells. */
function textOf(step: Step): string {
  const done = Object.entries(step).filter(([name]) => !['say', 'within', 'refused'].includes(name))
  return done.length === 0 ? '' : spell(plain(Object.fromEntries(done)))
}

/** What is as it is when nobody says anything else. */
const USUAL: Readonly<Record<string, unknown>> = {
  from: 'all',
  to: 'all',
  both: false,
  background: false,
  timeout: '5s',
}

/** Without what need not be said; but something is said of everything. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value)
  const told = fields.filter(([name, field]) => USUAL[name] !== field && !(Array.isArray(field) && field.length === 0))
  return Object.fromEntries((told.length === 0 ? fields : told).map(([name, field]) => [name, plain(field)]))
}

function resultView(result: ScenarioResult, words: PlayingWords): ScenarioResultView {
  const { outcome, expectations, verdicts, seed, millis, problem } = result
  return {
    outcome,
    expectations: expectations.map(({ say, ...one }) => ({ ...one, say: say ?? null })),
    judged: verdicts === undefined ? [] : judgedOf(verdicts, words.language()),
    asExpected: verdicts?.asExpected ?? false,
    seed,
    millis,
    problem: problem === undefined ? null : words.problemView(problem),
  }
}

/** Broken ones first: they are what is looked for. */
function judgedOf({ invariants, linearizable, conformance }: ScenarioVerdicts, language: Language): JudgedView[] {
  const judged: JudgedView[] = invariants.map(({ id, violations, found }) => {
    const [first] = violations
    return {
      id,
      standing: found > 0 ? 'broken' : 'holds',
      name: invariantName(language, id),
      found: first === undefined ? '' : violationSentence(language, first),
      events: first?.events ?? [],
    }
  })
  if (conformance !== undefined) {
    const { conforms, first } = conformance
    judged.push({
      id: 'conforms',
      standing: conforms ? 'holds' : 'broken',
      name: '',
      found: first === undefined ? '' : `${deviationSentence(language, first)} (${first.section})`,
      events: first?.events ?? [],
    })
  }
  const standing = ({ linearizable: 'holds', illegal: 'broken', undecided: 'undecided', none: 'none' } as const)[
    linearizable
  ]
  judged.push({ id: 'linearizable', standing, name: '', found: '', events: [] })
  return judged.toSorted((a, b) => Number(b.standing === 'broken') - Number(a.standing === 'broken'))
}
