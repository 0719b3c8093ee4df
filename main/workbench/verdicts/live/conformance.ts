/** Whether every transition is one that Raft's specification allows, as a window sees it, event by event. */
import type { CheckView, FindingView } from '../../../../preload/contract'
import { ConformanceWatcher, type Deviation } from '../../../checks/conformance'
import type { TimelineEvent } from '../../../node/contract/events'
import { deviationSentence } from '../deviations/words'
import type { Finder } from './finder'

/** What follows a first deviation mostly follows from it: the others are counted. */
const TOLD = 1
export const CONFORMANCE_NAME = {
  en: 'every transition is one that Raft’s specification allows',
  zh: '每次状态转换都是 Raft 规范所允许的',
} as const

export class ConformanceJudge {
  readonly #watcher = new ConformanceWatcher()
  readonly #finder: Finder
  readonly #findings: FindingView[] = []
  #untold: Deviation[] = []
  #found = 0
  #section = 'Figure 2'

  constructor(finder: Finder) {
    this.#finder = finder
  }

  take(event: TimelineEvent): void {
    const deviation = this.#watcher.take(event)
    if (deviation === undefined) return
    if (this.#found === 0) this.#section = deviation.section
    if (++this.#found <= TOLD) this.#untold.push(deviation)
  }

  /** Looks up the events of what was found since. */
  async tell(): Promise<void> {
    for (const deviation of this.#untold.splice(0)) {
      const sentence = { en: deviationSentence('en', deviation), zh: deviationSentence('zh', deviation) }
      this.#findings.push(await this.#finder.finding(sentence, deviation.events))
    }
  }

  view(): CheckView {
    const { judgedUntil, deviations } = this.#watcher.verdict()
    return {
      id: 'conformance',
      group: 'conformance',
      name: CONFORMANCE_NAME,
      section: this.#section,
      // What looked wrong may turn out to be right when a node says what it could not tell.
      standing: deviations > 0 ? 'broken' : judgedUntil >= 0 ? 'undecided' : 'holds',
      found: deviations,
      findings: deviations > 0 ? this.#findings : [],
      judgedUntil,
    }
  }
}
