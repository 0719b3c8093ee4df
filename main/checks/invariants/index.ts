/** All invariants over one timeline: folded once, watched by all. */
import type { TimelineEvent } from '../../node/contract/events'
import { fold, newCluster } from '../../timeline'
import {
  answeredIsCommitted,
  commitNeverGoesBack,
  committedOnMajority,
  leaderCompleteness,
  stateMachineSafety,
} from './committed'
import { electionSafety, oneVotePerTerm, termsNeverGoBack } from './elections'
import type { Invariant, InvariantId, Violation, Watch } from './invariant'
import { leaderAppendOnly, logMatching } from './logs'
import { oneChangeAtATime } from './membership'

export * from './invariant'

/** By id; the compiler keeps it complete. */
export const INVARIANT: Readonly<Record<InvariantId, Invariant>> = {
  'election-safety': electionSafety,
  'one-vote-per-term': oneVotePerTerm,
  'terms-never-go-back': termsNeverGoBack,
  'leader-append-only': leaderAppendOnly,
  'log-matching': logMatching,
  'leader-completeness': leaderCompleteness,
  'state-machine-safety': stateMachineSafety,
  'committed-on-a-majority': committedOnMajority,
  'commit-never-goes-back': commitNeverGoesBack,
  'answered-is-committed': answeredIsCommitted,
  'one-change-at-a-time': oneChangeAtATime,
}

/** More of one kind are counted, not kept. */
const KEPT = 20

export interface InvariantVerdict {
  readonly id: InvariantId
  readonly section: string
  readonly violations: readonly Violation[]
  /** All of them; {@link violations} are the first. */
  readonly found: number
}

/** Takes a timeline's events one after the other, from the first on, live or from a file. */
export class InvariantWatcher {
  readonly #state = newCluster('', '')
  readonly #watches: readonly { readonly id: InvariantId; readonly watch: Watch }[]
  readonly #violations = new Map<InvariantId, Violation[]>()
  readonly #found = new Map<InvariantId, number>()
  #events = 0
  #gap = -1

  constructor() {
    this.#watches = Object.values(INVARIANT).map((invariant) => ({ id: invariant.id, watch: invariant.watch() }))
  }

  /** The `seq` from which on nothing was judged, because events were shed; −1 = there is no such. */
  get judgedUntil(): number {
    return this.#gap
  }

  get events(): number {
    return this.#events
  }

  /** @returns what this event shows to be violated */
  take(event: TimelineEvent): readonly Violation[] {
    if (this.#gap >= 0) return []
    // Without the events that were shed, what is folded is not what was.
    if (event.kind === 'gap' && event.shed > 0) {
      this.#gap = event.seq
      return []
    }
    this.#events++
    const before = this.#watches.map(({ watch }) => watch.before?.(event, this.#state))
    fold(this.#state, event)
    const after = this.#watches.map(({ watch }) => watch.after?.(event, this.#state))
    const found = [...before, ...after].filter((violation) => violation !== undefined)
    for (const violation of found) this.#keep(violation)
    return found
  }

  /** Of all events taken; what was only suspected is decided. */
  verdicts(): readonly InvariantVerdict[] {
    for (const { watch } of this.#watches) for (const violation of watch.end?.() ?? []) this.#keep(violation)
    return this.#watches.map(({ id }) => ({
      id,
      section: INVARIANT[id].section,
      violations: this.#violations.get(id) ?? [],
      found: this.#found.get(id) ?? 0,
    }))
  }

  #keep(violation: Violation): void {
    const { invariant } = violation
    this.#found.set(invariant, (this.#found.get(invariant) ?? 0) + 1)
    const kept = this.#violations.get(invariant)
    if (kept === undefined) this.#violations.set(invariant, [violation])
    else if (kept.length < KEPT) kept.push(violation)
  }
}
