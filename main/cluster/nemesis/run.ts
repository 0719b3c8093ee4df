/**
 * Performs a schedule on a running cluster. Steps about the same node are taken one after the other, all others do not wait for
 * each other; what a step began is ended by its own end. While the whole cluster is stopped, the schedule's time stands.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { asProblem, type ProblemCode } from '../../node/contract/problem'
import { causedBy } from './cause'
import { Deeds } from './deeds'
import type { NemesisGround } from './ground'
import { makeSchedule } from './schedule'
import type { NemesisEnd, NemesisPlan, NemesisRun, NemesisSchedule, NemesisStep } from './types'

/** How often is looked whether a stopped cluster goes on. */
const STOPPED_PAUSE_MS = 20
/** At the end all is healed; what cannot be is tried again for so long. */
const HEAL_WITHIN_MS = 60_000
const HEAL_PAUSE_MS = 500
/** What was begun is ended one by one, in its own order, before everything is healed: for so long. */
const END_ALONE_MS = 1000

/** Begins at once. Throws what `makeSchedule` throws; then nothing was done. */
export function runNemesis(id: number, plan: NemesisPlan, ground: NemesisGround): NemesisRun {
  const schedule = makeSchedule(plan, ground.cluster.nodeIds)
  const work = new Work(id, schedule, ground)
  const ended = work.run()
  return {
    id,
    schedule,
    ended,
    async stop() {
      work.stop()
      await ended
    },
  }
}

class Work {
  readonly #id: number
  readonly #schedule: NemesisSchedule
  readonly #ground: NemesisGround
  readonly #deeds: Deeds
  /** Aborted: nothing more is begun. */
  readonly #over = new AbortController()
  /** Of a step that began: resolves when that was done. */
  readonly #begun = new Map<number, Promise<unknown>>()
  readonly #underWay = new Set<Promise<void>>()
  readonly #skipped = new Map<ProblemCode, number>()
  #taken = 0

  constructor(id: number, schedule: NemesisSchedule, ground: NemesisGround) {
    this.#id = id
    this.#schedule = schedule
    this.#ground = ground
    this.#deeds = new Deeds(id, schedule, ground)
  }

  async run(): Promise<NemesisEnd> {
    const { closing } = this.#ground
    const { plan, nodes, steps } = this.#schedule
    this.#report('begin', 0, { plan, nodes })
    const stop = (): void => this.stop()
    if (closing.aborted) stop()
    closing.addEventListener('abort', stop, { once: true })
    try {
      const clock = new Clock(this.#ground, this.#over.signal)
      for (const step of steps) {
        if (!(await clock.reaches(step.at))) break
        this.#take(step)
      }
      await clock.reaches(plan.durationMs)
      await Promise.all(this.#underWay)
      await this.#heal()
      await clock.reaches(plan.durationMs + plan.quietMs)
    } finally {
      closing.removeEventListener('abort', stop)
    }
    const end: NemesisEnd = {
      outcome: this.#over.signal.aborted ? 'stopped' : 'done',
      taken: this.#taken,
      skipped: Object.fromEntries(this.#skipped),
    }
    this.#report('end', 0, end)
    return end
  }

  stop(): void {
    this.#over.abort()
  }

  #take(step: NemesisStep): void {
    const doing = (async () => {
      let problem = ''
      try {
        await this.#perform(step)
        this.#taken++
      } catch (error) {
        const { code } = asProblem(error)
        problem = code
        this.#skipped.set(code, (this.#skipped.get(code) ?? 0) + 1)
      }
      this.#report('step', step.number, step, problem)
    })()
    this.#underWay.add(doing)
    doing.finally(() => this.#underWay.delete(doing))
  }

  async #perform(step: NemesisStep): Promise<void> {
    const number = step.action === 'begin' ? step.number : step.of
    const cause = { nemesis: this.#id, step: number }
    if (step.action === 'begin') {
      const beginning = causedBy(cause, () => this.#deeds.begin(number, step.deed))
      this.#begun.set(number, beginning)
      await beginning
      return
    }
    // What could not be begun may be half done: its end takes back whatever is there.
    await this.#begun.get(number)?.catch(() => undefined)
    this.#begun.delete(number)
    await causedBy(cause, () => this.#deeds.end(number))
  }

  /** Everything runs, everything is mended, everybody is a member again. */
  async #heal(): Promise<void> {
    const { closing, heal } = this.#ground
    const deadline = performance.now() + HEAL_WITHIN_MS
    for (;;) {
      if (closing.aborted) return
      try {
        // What cannot be ended yet does not keep the rest from being healed, and may wait for that: a node that is down becomes
        // a member again only when it runs.
        const ending = this.#deeds.endAll()
        const ended = ending.then(
          () => undefined,
          () => undefined,
        )
        await Promise.race([ended, sleep(END_ALONE_MS, undefined, { ref: false })])
        const [first] = await heal()
        await ending
        if (first === undefined) return
        throw first.problem
      } catch (error) {
        if (performance.now() > deadline) {
          const { code } = asProblem(error)
          this.#skipped.set(code, (this.#skipped.get(code) ?? 0) + 1)
          return
        }
      }
      await sleep(HEAL_PAUSE_MS, undefined, { signal: closing }).catch(() => undefined)
    }
  }

  #report(action: 'begin' | 'step' | 'end', step: number, detail: object, problem = ''): void {
    this.#ground.reporter.report('nemesis', { action, id: this.#id, step, detail: JSON.stringify(detail), problem })
  }
}

/** The schedule's time: milliseconds since the begin, without those in which the cluster was stopped. */
class Clock {
  readonly #ground: NemesisGround
  readonly #signal: AbortSignal
  #began = performance.now()

  constructor(ground: NemesisGround, signal: AbortSignal) {
    this.#ground = ground
    this.#signal = signal
  }

  /** Waits until then; false: it is over before. */
  async reaches(at: number): Promise<boolean> {
    while (!this.#signal.aborted) {
      const now = performance.now()
      if (this.#ground.cluster.stopped !== undefined) {
        await this.#pause(STOPPED_PAUSE_MS)
        this.#began += performance.now() - now
        continue
      }
      const left = this.#began + at - now
      if (left <= 0) return true
      // Now and then a look whether the cluster was stopped.
      await this.#pause(Math.min(left, STOPPED_PAUSE_MS))
    }
    return false
  }

  async #pause(millis: number): Promise<void> {
    await sleep(millis, undefined, { signal: this.#signal }).catch(() => undefined)
  }
}
