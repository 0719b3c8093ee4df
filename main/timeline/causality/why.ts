/** The chain that explains an event: what led to it, and what led to that, back to where somebody did something. */
import type { TimelineEvent } from '../../node/contract/events'
import type { TimelineSource } from '../api'
import { Look } from './look'
import { explain } from './rules'
import type { ChainStep, Relation } from './types'

/** A chain that is longer is not read by anybody. */
const MAX_STEPS = 28
/** These explain, and need no explanation here: how a leader came to lead is another question. */
const LAST: ReadonlySet<Relation> = new Set<Relation>(['leads', 'last-heard', 'no-majority', 'log', 'already-voted'])
/** How many of the votes, or acknowledgements, are told to the end; the others only by themselves. */
const DETAILED = 3

/** Steps in the order of the timeline; the event itself is the last one that counts, and explains nothing. */
export async function whyOf(source: TimelineSource, seq: number, signal?: AbortSignal): Promise<readonly ChainStep[]> {
  const look = new Look(source, signal)
  const origin = await look.at(seq)
  if (origin === undefined) return []
  const steps = new Map<number, ChainStep>([[seq, { event: origin, relation: null, explains: -1 }]])
  let open: readonly TimelineEvent[] = [origin]
  while (open.length > 0 && steps.size < MAX_STEPS) {
    const next: TimelineEvent[] = []
    for (const event of open) {
      let votes = 0
      for (const { event: cause, relation } of await explain(look, event)) {
        if (steps.has(cause.seq) || steps.size >= MAX_STEPS) continue
        steps.set(cause.seq, { event: cause, relation, explains: event.seq })
        if (relation === 'voted' || relation === 'acknowledged') votes++
        if (!LAST.has(relation) && votes <= DETAILED && !isOwnVote(cause)) next.push(cause)
      }
    }
    open = next
  }
  return [...steps.values()].sort((a, b) => a.event.t - b.event.t || a.event.seq - b.event.seq)
}

/** A candidate votes for itself: that is what standing is. */
const isOwnVote = (event: TimelineEvent): boolean =>
  event.kind === 'remark' && event.name === 'vote-received' && event.peer === event.node
