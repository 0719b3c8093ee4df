import { type CAUSALITY_CALLS, type ChainView, FIND_BUDGET, isStep, parseFilter } from '../../../preload/contract'
import type { TimelineEvent } from '../../node/contract/events'
import type { TimelineSource } from '../../timeline/api'
import { type ChainStep, coneOf, pathOf, whyOf } from '../../timeline/causality'
import { countEvents, findEvent } from '../../timeline/search'
import { eventView } from '../../timeline/views/event'
import type { Calls, ReadingRooms } from './rooms'

type Names = Extract<keyof typeof CAUSALITY_CALLS, string>

/** Events that a cone or a path is looked for in, at most: what a few hundred milliseconds allow. */
const MOST_EVENTS = 400_000

export function causalityCalls({ session, signal }: ReadingRooms): Calls<Names> {
  const jobs = new Map<string, AbortController>()

  /** Runs something under a name, and gives up what ran under it; null when it was given up itself. */
  async function alone<T>(job: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    jobs.get(job)?.abort()
    const own = new AbortController()
    jobs.set(job, own)
    try {
      const result = await work(AbortSignal.any([signal, own.signal]))
      return own.signal.aborted ? null : result
    } catch (trouble) {
      if (own.signal.aborted) return null
      throw trouble
    } finally {
      if (jobs.get(job) === own) jobs.delete(job)
    }
  }

  return {
    'timeline.cone': async ({ source, seq, direction, limit, span, job }) =>
      alone(job, (given) =>
        coneOf(session.timeline(source), seq, direction, {
          limit,
          most: MOST_EVENTS,
          signal: given,
          ...(span === undefined ? {} : { span }),
        }),
      ),
    'timeline.why': async ({ source, seq, job }) =>
      alone(job, async (given) => viewOf(await whyOf(session.timeline(source), seq, given))),
    'timeline.path': async ({ source, from, to, job }) =>
      alone(job, async (given) => {
        const [first, last] = from <= to ? [from, to] : [to, from]
        const path = await between(session.timeline(source), first, last, given)
        return { steps: path === undefined ? null : viewOf(chained(path)) }
      }),
    'timeline.find': async ({ source, what, seq, by }) => {
      const { event, next } = await findEvent(session.timeline(source), testOf(what), seq, by, FIND_BUDGET, signal)
      return { match: event === null ? null : { seq: event.seq, t: event.t }, next }
    },
    'timeline.count': async ({ source, text, fromSeq, toSeq = Number.POSITIVE_INFINITY }) =>
      countEvents(session.timeline(source), testOf({ text }), fromSeq, toSeq, FIND_BUDGET, signal),
    'timeline.cancel': async ({ job }) => {
      jobs.get(job)?.abort()
      return undefined
    },
  }
}

/** An event that was told late may stand before what caused it: then the other way round. */
async function between(source: TimelineSource, first: number, last: number, signal: AbortSignal) {
  const reach = { most: Math.min(MOST_EVENTS, Math.max(8_192, 2 * (last - first))), signal }
  return (await pathOf(source, first, last, reach)) ?? pathOf(source, last, first, reach)
}

type What = Parameters<Calls<Names>['timeline.find']>[0]['what']

function testOf(what: What): (event: TimelineEvent) => boolean {
  if ('step' in what) return (event) => isStep(what.step, what.node, eventView(event))
  const filter = parseFilter(what.text)
  return (event) => filter.matches(eventView(event))
}

/** Each explains the next. */
function chained(events: readonly TimelineEvent[]): readonly ChainStep[] {
  return events.map((event, at) => {
    const next = events[at + 1]
    if (next === undefined) return { event, relation: null, explains: -1 }
    const relation = event.node === next.node ? 'here' : event.kind === 'sent' ? 'message' : 'began'
    return { event, relation, explains: next.seq }
  })
}

const viewOf = (steps: readonly ChainStep[]): ChainView =>
  steps.map((step) => ({ ...step, event: eventView(step.event) }))
