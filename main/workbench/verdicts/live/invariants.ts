/** Invariants as a window sees them, event by event. */
import type { CheckView, FindingView } from '../../../../preload/contract'
import { INVARIANT, INVARIANTS, type InvariantId, InvariantWatcher, type Violation } from '../../../checks/invariants'
import type { TimelineEvent } from '../../../node/contract/events'
import { invariantName, violationSentence } from '../words'
import type { Finder } from './finder'

/** More of one kind are counted, not told. */
const TOLD = 5

export class InvariantJudge {
  readonly #watcher = new InvariantWatcher()
  readonly #finder: Finder
  readonly #findings = new Map<InvariantId, FindingView[]>()
  readonly #found = new Map<InvariantId, number>()
  #untold: Violation[] = []

  constructor(finder: Finder) {
    this.#finder = finder
  }

  take(event: TimelineEvent): void {
    for (const violation of this.#watcher.take(event)) this.#note(violation)
  }

  /** No more events come: what was only suspected is decided. */
  finish(): void {
    for (const { id, violations } of this.#watcher.verdicts()) {
      for (const violation of violations.slice(this.#found.get(id) ?? 0)) this.#note(violation)
    }
  }

  #note(violation: Violation): void {
    const found = (this.#found.get(violation.invariant) ?? 0) + 1
    this.#found.set(violation.invariant, found)
    if (found <= TOLD) this.#untold.push(violation)
  }

  /** Looks up the events of what was found since. */
  async tell(): Promise<void> {
    for (const violation of this.#untold.splice(0)) {
      const findings = this.#findings.get(violation.invariant) ?? []
      this.#findings.set(violation.invariant, findings)
      const sentence = { en: violationSentence('en', violation), zh: violationSentence('zh', violation) }
      findings.push(await this.#finder.finding(sentence, violation.events))
    }
  }

  view(): readonly CheckView[] {
    const { judgedUntil } = this.#watcher
    return INVARIANTS.map((id): CheckView => {
      const found = this.#found.get(id) ?? 0
      return {
        id,
        group: 'invariant',
        name: { en: invariantName('en', id), zh: invariantName('zh', id) },
        section: INVARIANT[id].section,
        standing: found > 0 ? 'broken' : judgedUntil >= 0 ? 'undecided' : 'holds',
        found,
        findings: this.#findings.get(id) ?? [],
        judgedUntil,
      }
    })
  }
}
