/** A judge whose judging is done in this process, over a story, and everything that it tells. */
import { onTestFinished } from 'vitest'
import type { TimelineSource } from '../../../main/timeline/api'
import { Judge } from '../../../main/workbench/verdicts/live/judge'
import { Judging } from '../../../main/workbench/verdicts/live/judging'
import { problemData } from '../../../main/workbench/verdicts/live/ports'
import type { FromJudge, JudgePort, JudgeStart, ToJudge } from '../../../main/workbench/verdicts/live/protocol'
import type { VerdictsView } from '../../../preload/contract'
import type { Story } from '../../checks/support/story'
import { MemoryTimeline } from '../../timeline/causality/memory'

/** What one judge's port was told, and what it can be made to say. */
export interface PortInHand extends JudgePort {
  readonly start: JudgeStart
  readonly posted: ToJudge[]
  readonly hasEnded: boolean
  say(message: FromJudge): void
}

/** A port behind which nobody judges. */
export function portInHand(start: JudgeStart): PortInHand {
  const listeners: ((message: FromJudge) => void)[] = []
  const posted: ToJudge[] = []
  let hasEnded = false
  return {
    start,
    posted,
    get hasEnded() {
      return hasEnded
    },
    say: (message) => {
      for (const listener of listeners) listener(message)
    },
    post: (message) => posted.push(message),
    onMessage: (listener) => listeners.push(listener),
    end: async () => {
      hasEnded = true
    },
  }
}

/** The same code as in its process, over a timeline in memory. */
export function portHere(start: JudgeStart, source: TimelineSource): JudgePort {
  const port = portInHand(start)
  const ending = new AbortController()
  const say = (message: FromJudge) => port.say(structuredClone(message))
  const judging = new Judging(source, {
    say,
    giveWay: async () => undefined,
    readOn: start.which === 'live' ? async () => undefined : undefined,
  })
  void judging.run(ending.signal).catch((thrown: unknown) => {
    if (!ending.signal.aborted) say({ type: 'failed', problem: problemData(thrown) })
  })
  return {
    ...port,
    end: async () => ending.abort(),
  }
}

export interface Told {
  readonly judge: Judge
  readonly told: (VerdictsView | null)[]
  until(is: (view: VerdictsView) => boolean): Promise<VerdictsView>
}

/** A judge over this story. */
export function judged(story: Story, port = portHere): Told {
  const told: (VerdictsView | null)[] = []
  const { source } = new MemoryTimeline(story.events)
  const judge = new Judge({
    timeline: () => source,
    tell: (view) => told.push(view),
    port: (start) => port(start, source),
    isAsked: () => false,
    problemView: (thrown) => {
      const message = String(thrown)
      return { code: 'internal', details: {}, message, sentences: { en: message, zh: message } }
    },
  })
  onTestFinished(() => judge.close())
  const until = async (is: (view: VerdictsView) => boolean): Promise<VerdictsView> => {
    for (;;) {
      const view = told.at(-1)
      if (view && is(view)) return view
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  return { judge, told, until }
}
