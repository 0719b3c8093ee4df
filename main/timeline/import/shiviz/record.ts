/** A ShiViz log as a timeline: what happened at each host in its own words, and the messages that its clocks tell of. */
import type { TimelineEvent } from '../../../node/contract/events'
import { bad } from '../bad'
import { Numbering } from '../events'
import type { Steps } from '../turns'
import { type OrderedEvent, orderOf } from './order'
import { type LoggedRun, parseShiviz } from './parse'

interface OrderedRun {
  readonly name: string
  readonly ordered: readonly OrderedEvent[]
}

/** A log that is called `name`, as a timeline: the events of its runs, one run after another. Throws `bad-input`. */
export function* shivizTimeline(text: string, name: string, parser?: string): Steps<Iterable<TimelineEvent>> {
  const runs = yield* parseShiviz(text, parser)
  const ordered: OrderedRun[] = []
  for (const run of runs) ordered.push({ name: run.name, ordered: yield* orderOf(run.events) })
  return eventsOf(ordered, nodesOf(runs), name)
}

function* eventsOf(
  runs: readonly OrderedRun[],
  nodes: ReadonlyMap<string, number>,
  name: string,
): Generator<TimelineEvent> {
  const numbering = new Numbering()
  let ids = 0
  yield numbering.event(0, 0, 'cluster', { id: '', name, nodes: nodes.size, settings: '{}' })
  for (const { name: runName, ordered } of runs) {
    if (runName !== '') yield numbering.event(0, numbering.next, 'note', { text: runName })
    const sends = sendsOf(ordered)
    const arriving = new Map<number, { readonly id: number; readonly from: number }[]>()
    for (const [place, { event }] of ordered.entries()) {
      const t = numbering.next
      const node = nodes.get(event.host) ?? 0
      for (const { id, from } of arriving.get(place) ?? []) {
        yield numbering.event(node, t, 'received', { peer: from, id, message: 'Foreign', term: 0, count: 0 })
      }
      arriving.delete(place)
      yield numbering.event(node, t, 'foreign', { host: event.host, text: event.text })
      for (const to of sends.get(place) ?? []) {
        const id = ++ids
        arriving.set(to, [...(arriving.get(to) ?? []), { id, from: node }])
        yield numbering.event(node, t, 'sent', { ...SENT, peer: nodes.get(ordered[to]?.event.host ?? '') ?? 0, id })
      }
    }
  }
}

const SENT = {
  message: 'Foreign',
  term: 0,
  index: 0,
  logTerm: 0,
  commit: 0,
  count: 0,
  ok: false,
  hint: 0,
  hintTerm: 0,
  inReplyTo: 0,
  round: 0,
} as const

/** By the place of the sender's event: those of who received. */
function sendsOf(ordered: readonly OrderedEvent[]): ReadonlyMap<number, readonly number[]> {
  const sends = new Map<number, number[]>()
  for (const [to, { from }] of ordered.entries()) {
    for (const place of from) {
      const known = sends.get(place)
      if (known === undefined) sends.set(place, [to])
      else known.push(to)
    }
  }
  return sends
}

const MOST_NODES = 0xffff

/** A host called n3 is node 3; the others take the numbers that are left, in the order of the log. */
function nodesOf(runs: readonly LoggedRun[]): ReadonlyMap<string, number> {
  const nodes = new Map<string, number>()
  const taken = new Set<number>()
  const hosts = new Map<string, number>()
  for (const { events } of runs) for (const { host, line } of events) if (!hosts.has(host)) hosts.set(host, line)
  for (const host of hosts.keys()) {
    const number = Number(/^n([1-9]\d{0,4})$/.exec(host)?.[1] ?? 0)
    if (number < 1 || number > MOST_NODES) continue
    nodes.set(host, number)
    taken.add(number)
  }
  let next = 1
  for (const [host, line] of hosts) {
    if (nodes.has(host)) continue
    while (taken.has(next)) next++
    if (next > MOST_NODES) throw bad(line, `at most ${MOST_NODES} hosts expected`)
    nodes.set(host, next)
    taken.add(next)
  }
  return nodes
}
