/** Membership changes as an operator wants them: asked again while a refusal passes by itself, or the outcome is in doubt. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { AdminAction } from '../../node/contract/admin'
import type { ReportedEvent } from '../../node/contract/events'
import { asProblem, Problem } from '../../node/contract/problem'
import type { ChangeMode, MembershipChange } from '../../raft/types'
import { newestWrite } from '../files'

/** The client's way to ask a node (`via`), or whoever leads; the result is an index. Throws Problems. */
export type Admin = (
  action: AdminAction,
  options: { readonly via?: number; readonly timeoutMs: number },
) => Promise<number>

/** A new leader commits something within moments, or is replaced. */
const PASSES: readonly string[] = ['no-commit-in-term']
/** Whoever waits for other operators waits for these as well. */
const PASSES_IN_TURN: readonly string[] = [...PASSES, 'change-in-progress', 'transferring']

const CHANGE_WITHIN_MS = 15_000
/** A leader that is cut off takes a change and never answers. */
const ANSWER_WITHIN_MS = 5000
const PAUSE_MS = 30
/** A learner that gets nothing onto its disk for so long does not catch up any more. */
const PROGRESS_WITHIN_MS = 10_000

export interface MembershipContext {
  readonly admin: Admin
  /** The clock of time limits, in milliseconds. */
  now(): number
  isRunning(node: number): boolean
  /** Aborted when the cluster closes: nothing is waited for any more. */
  readonly closing: AbortSignal
}

export class Membership {
  readonly #context: MembershipContext
  /** What each node goes by. */
  readonly #views = new Map<number, ReportedEvent<'configuration'>>()
  #committed = 0

  constructor(context: MembershipContext) {
    this.#context = context
  }

  /** A node told of its configuration. */
  saw(event: ReportedEvent<'configuration'>): void {
    this.#views.set(event.node, event)
    if (event.standing === 'committed') this.#committed = Math.max(this.#committed, event.index)
  }

  forget(node: number): void {
    this.#views.delete(node)
  }

  /** Who elects by the newest configuration that a running node goes by; undefined while none has told. */
  get voters(): readonly number[] | undefined {
    return this.#newest === undefined ? undefined : numbers(this.#newest.voters)
  }

  get #newest(): ReportedEvent<'configuration'> | undefined {
    const { isRunning } = this.#context
    return [...this.#views.values()].filter(({ node }) => isRunning(node)).sort((a, b) => b.index - a.index)[0]
  }

  /**
   * A leader needs an election timeout to notice that a node died. Until then it would begin a change that only the dead
   * one could complete, and the cluster would stand still; here it is known at once who runs. Problem: `change-refused`
   * (`would-lose-majority`).
   */
  checkMajority(changes: readonly MembershipChange[]): void {
    const { isRunning } = this.#context
    const newest = this.#newest
    if (newest === undefined || newest.outgoing !== '') return
    const voters = new Set(numbers(newest.voters))
    for (const { node, role } of changes) {
      if (role === 'voter' || role === 'witness') voters.add(node)
      else voters.delete(node)
    }
    const running = [...voters].filter(isRunning).length
    if (voters.size === 0 || running > voters.size / 2) return
    throw new Problem('change-refused', { reason: 'would-lose-majority', node: changes[0]?.node ?? 0 })
  }

  /**
   * Returns the index of the configuration that is committed now (0: it is, and nobody told its index). Problems:
   * `change-refused`, `no-leader`; `call-unknown` when it may yet take effect.
   */
  async change(changes: readonly MembershipChange[], mode: ChangeMode, passes = PASSES): Promise<number> {
    this.checkMajority(changes)
    const { admin, now, closing } = this.#context
    const deadline = now() + CHANGE_WITHIN_MS
    let isDoubtful = false
    for (;;) {
      const left = deadline - now()
      let problem: Problem
      try {
        const action: AdminAction = { type: 'change', changes: [...changes], mode }
        const index = await admin(action, { timeoutMs: Math.max(1, Math.min(left, ANSWER_WITHIN_MS)) })
        this.#committed = Math.max(this.#committed, index)
        return index
      } catch (error) {
        problem = asProblem(error)
      }
      const reason = refusalOf(problem)
      if (isDoubtful && isInForce(reason, changes)) return this.#committed
      const isDoubt = problem.code === 'call-unknown' || reason === 'leadership-lost'
      isDoubtful ||= isDoubt
      // What a first attempt may have begun is waited for.
      const passesNow = isDoubtful ? PASSES_IN_TURN : passes
      const canPass =
        isDoubt || (reason === undefined ? isDoubtful && problem.code === 'no-leader' : passesNow.includes(reason))
      if (canPass && !closing.aborted && now() + PAUSE_MS < deadline) {
        await this.#pause()
        continue
      }
      // A leader that refuses for good has nothing of an earlier attempt in its log.
      const isKnown = !isDoubtful || (reason !== undefined && !canPass)
      throw isKnown ? problem : new Problem('call-unknown', { millis: CHANGE_WITHIN_MS }, { cause: problem })
    }
  }

  /** Whatever `node` is now, it is that afterwards. */
  async bring(node: number, role: MembershipChange['role']): Promise<void> {
    const changes = [{ node, role }]
    try {
      await this.change(changes, 'auto', PASSES_IN_TURN)
    } catch (error) {
      if (!isInForce(refusalOf(asProblem(error)), changes)) throw error
    }
  }

  /**
   * Makes a learner, whose files are in `directory`, a voter as soon as it has caught up. Problem, besides those of
   * {@link change}: `change-refused` (`not-caught-up`) when nothing reaches its disk any more.
   */
  async promote(node: number, directory: string): Promise<void> {
    let written = await newestWrite(directory)
    const { now, closing } = this.#context
    let since = now()
    for (;;) {
      try {
        await this.bring(node, 'voter')
        return
      } catch (error) {
        if (refusalOf(asProblem(error)) !== 'not-caught-up') throw error
        const newest = await newestWrite(directory)
        if (newest !== written) since = now()
        written = newest
        if (closing.aborted || now() - since > PROGRESS_WITHIN_MS) throw error
      }
      await this.#pause()
    }
  }

  /**
   * Resolves when the node itself has told of a configuration behind `index`: its log reaches there. A witness cannot learn
   * before it counts, and one that was rebuilt takes part in no election before that. Given up after
   * {@link PROGRESS_WITHIN_MS}: it is a member already, and with telemetry off it never tells.
   */
  async reaches(node: number, index: number): Promise<void> {
    const { now, closing } = this.#context
    const deadline = now() + PROGRESS_WITHIN_MS
    while ((this.#views.get(node)?.index ?? 0) <= index) {
      if (closing.aborted || now() > deadline) return
      await this.#pause()
    }
  }

  async #pause(): Promise<void> {
    await sleep(PAUSE_MS, undefined, { signal: this.#context.closing }).catch(() => undefined)
  }
}

/** A list of ids as it stands in events. */
function numbers(list: string): readonly number[] {
  return list
    .split(',')
    .filter((id) => id !== '')
    .map(Number)
}

function refusalOf(problem: Problem): string | undefined {
  return problem.code === 'change-refused' ? (problem as Problem<'change-refused'>).details.reason : undefined
}

/** A refusal because there is nothing left to do. */
function isInForce(reason: string | undefined, changes: readonly MembershipChange[]): boolean {
  return reason === 'already-so' || (reason === 'unknown-node' && changes.some(({ role }) => role === 'removed'))
}
