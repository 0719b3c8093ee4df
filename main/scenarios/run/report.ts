/** What a run tells while it goes on: one value after the other, each whole. */
import type { Problem } from '../../node/contract/problem'
import { kindOf, type Scenario } from '../language/schema'
import { stepWords } from '../words'
import type { Phase, ScenarioProgress, ScenarioResult, StepProgress, StepStanding } from './api'

export class Report {
  readonly #listeners = new Set<(progress: ScenarioProgress) => void>()
  #progress: ScenarioProgress

  constructor(scenario: Scenario, lines: readonly number[]) {
    const steps = scenario.steps.map(
      (step, number): StepProgress => ({
        number,
        kind: kindOf(step),
        words: stepWords(step),
        standing: 'waiting',
        say: step.say,
        line: lines[number] ?? 0,
        began: 0,
        ended: 0,
        problem: undefined,
      }),
    )
    this.#progress = { scenario, phase: 'opening', at: 0, steps, result: undefined }
  }

  get progress(): ScenarioProgress {
    return this.#progress
  }

  watch(listener: (progress: ScenarioProgress) => void): () => void {
    // The same function twice is two who watch.
    const own = (progress: ScenarioProgress) => listener(progress)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  phase(phase: Phase): void {
    if (phase !== this.#progress.phase) this.#tell({ phase })
  }

  began(number: number, t: number): void {
    this.#step(number, { standing: 'running', began: t }, number)
  }

  ended(
    number: number,
    t: number,
    standing: Extract<StepStanding, 'done' | 'failed' | 'left-out'>,
    problem?: Problem,
  ): void {
    this.#step(number, { standing, ended: t, problem }, standing === 'done' ? number + 1 : number)
  }

  /** Those that have not begun never will. */
  leaveOutRest(): void {
    const steps = this.#progress.steps.map(
      (step): StepProgress => (step.standing === 'waiting' ? { ...step, standing: 'left-out' } : step),
    )
    this.#tell({ steps })
  }

  result(result: ScenarioResult): void {
    this.#tell({ phase: 'ended', result })
  }

  #step(number: number, change: Partial<StepProgress>, at: number): void {
    const steps = this.#progress.steps.map((step) => (step.number === number ? { ...step, ...change } : step))
    this.#tell({ steps, at })
  }

  #tell(change: Partial<ScenarioProgress>): void {
    this.#progress = { ...this.#progress, ...change }
    for (const listener of this.#listeners) listener(this.#progress)
  }
}
