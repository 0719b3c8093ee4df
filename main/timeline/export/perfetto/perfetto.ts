/**
 * Chrome Trace Event JSON, for Perfetto and chrome://tracing. A node is a process; its threads are its roles, its messages,
 * its disk and everything else. A message is an arrow from where it was sent to where it ended; what lasts and overlaps
 * (held messages, calls, faults) are asynchronous slices; term, commit index and log length are counters.
 */
import type { TimelineEvent } from '../../../node/contract/events'
import type { TimelineSource } from '../../api'
import type { TimelineNote } from '../../notes'
import type { Exported, Exporter, ExportWish, Write } from '../exporter'
import { notedIn } from '../noted'
import { chooser } from '../select'
import { hostOf, messageKey, Recent, Tally, TextOut, walk } from '../walk'
import { argsOf, type Slice, type TraceEvent, Track, traceLine } from './trace'

export const perfettoExporter: Exporter = {
  format: 'perfetto',
  extension: 'json',
  mediaType: 'application/json',
  write: writePerfetto,
}

async function writePerfetto(source: TimelineSource, wish: ExportWish, write: Write): Promise<Exported> {
  const out = new TextOut(write)
  const tally = new Tally()
  const isChosen = chooser(wish.selection)
  const { clusterId, clusterName, began } = source.info()
  out.add(
    `{"displayTimeUnit":"ns",\n"otherData":${JSON.stringify({ clusterId, clusterName, began })},\n"traceEvents":[`,
  )
  let comma = '\n'
  const trace = new Trace((event) => {
    out.add(`${comma}${traceLine(event)}`)
    comma = ',\n'
  })
  const noted = await notedIn(source, wish.selection)
  await walk(source, wish, out, (event) => {
    for (const note of noted.before(event.seq)) trace.note(note)
    if (!isChosen(event)) return
    if (trace.take(event)) tally.events++
    else tally.leave('unpaired')
  })
  for (const note of noted.rest()) trace.note(note)
  trace.end()
  out.add('\n]}\n')
  await out.flush(true)
  return tally.exported
}

const LANES = ['role', 'messages', 'disk', 'events'] as const
type Lane = (typeof LANES)[number]

/** The workbench is no node: a process of its own, which no node's number can be. Trace viewers keep pid 0 for themselves. */
const WORKBENCH = 1 << 20
const pidOf = (node: number): number => (node === 0 ? WORKBENCH : node)
/** Threads have numbers of their own over all processes; the first one is the process's main thread. */
const tidOf = (pid: number, lane: number): number => pid * 8 + lane

/** A message's send or receipt takes no time worth showing; this much can be seen and clicked. Nanoseconds. */
const MOMENT = 1_000

class Trace {
  readonly #write: (event: TraceEvent) => void
  readonly #tracks = new Map<number, Track>()
  readonly #named = new Set<number>()
  /** Messages whose arrow has a beginning. */
  readonly #flows = new Recent<string, true>()
  /** Asynchronous slices that have begun, by category and id. */
  readonly #begun = new Recent<string, string>()

  #known = 0

  constructor(write: (event: TraceEvent) => void) {
    this.#write = write
  }

  /** False: it is the end of something that began before, and cannot be shown as an end. */
  take(event: TimelineEvent): boolean {
    this.#known = Math.max(this.#known, event.t)
    switch (event.kind) {
      case 'role':
        this.#track(event.node, 'role').become(event.t, `${event.role} · term ${event.term}`, argsOf(event))
        for (const [counter, value] of countersOf(event)) this.#counter(event, counter, value)
        return true
      case 'sent':
        this.#message(event, `→ ${hostOf(event.peer)} ${nameOf(event)}`, {
          begins: messageKey(event.node, event.peer, event.id),
        })
        return true
      case 'received':
        this.#message(event, `← ${hostOf(event.peer)} ${nameOf(event)}`, {
          ends: messageKey(event.peer, event.node, event.id),
        })
        return true
      case 'copied':
        this.#message(event, `copy of ${event.message} from ${hostOf(event.peer)}`, {
          begins: messageKey(event.peer, event.node, event.copy),
        })
        return true
      case 'dropped':
        this.#message(
          event,
          `✕ ${event.message} ${hostOf(event.sender)} → ${hostOf(event.receiver)}: ${event.reason}`,
          {
            ends: messageKey(event.sender, event.receiver, event.id),
          },
        )
        return true
      case 'held': {
        const name = `holds ${event.message} of ${hostOf(event.peer)}`
        return this.#begin(event, 'held', messageKey(event.peer, event.node, event.id), name)
      }
      case 'released':
        return this.#finish(event, 'held', messageKey(event.peer, event.node, event.id))
      case 'invoke':
        return this.#begin(event, 'call', `call ${event.call}`, `${event.op} ${event.key}`)
      case 'answer':
        return this.#finish(event, 'call', `call ${event.call}`)
      case 'fault':
        return event.action === 'begin'
          ? this.#begin(event, 'fault', `fault ${event.id}`, event.type)
          : this.#finish(event, 'fault', `fault ${event.id}`)
      case 'persisted':
        this.#track(event.node, 'disk').slice({
          from: event.t - event.micros * 1_000,
          to: event.t,
          name: `persist up to ${event.lastIndex}`,
          args: argsOf(event),
        })
        return true
      default:
        this.#instant(event)
        return true
    }
  }

  /** A person's note of a moment, across all processes. */
  note({ id, seq, t, text, created }: TimelineNote): void {
    const args = { seq, id, text, created }
    this.#track(0, 'events').instant({ name: text || 'bookmark', cat: 'bookmark', ts: t, s: 'g', args })
  }

  /** Writes what is still open, as far as it is known. */
  end(): void {
    for (const track of this.#tracks.values()) track.end(this.#known)
  }

  #message(event: TimelineEvent, name: string, arrow: { readonly begins: string } | { readonly ends: string }): void {
    const flow = this.#flowOf(arrow)
    const slice: Slice = { from: event.t, to: event.t + MOMENT, name, args: argsOf(event), ...(flow && { flow }) }
    this.#track(event.node, 'messages').slice(slice)
  }

  #flowOf(arrow: { readonly begins: string } | { readonly ends: string }): Slice['flow'] {
    if ('begins' in arrow) {
      this.#flows.set(arrow.begins, true)
      return { ph: 's', id: arrow.begins }
    }
    // An arrow ends only where it was seen to begin.
    return this.#flows.take(arrow.ends) && { ph: 'f', id: arrow.ends }
  }

  #begin(event: TimelineEvent, cat: string, id: string, name: string): boolean {
    this.#begun.set(`${cat} ${id}`, name)
    this.#async(event, 'b', cat, id, name)
    return true
  }

  #finish(event: TimelineEvent, cat: string, id: string): boolean {
    const name = this.#begun.take(`${cat} ${id}`)
    if (name === undefined) return false
    this.#async(event, 'e', cat, id, name)
    return true
  }

  #async(event: TimelineEvent, ph: 'b' | 'e', cat: string, id: string, name: string): void {
    const { pid, tid } = this.#track(event.node, 'events')
    this.#write({ name, cat, ph, ts: event.t, pid, tid, id, args: argsOf(event) })
  }

  #instant(event: TimelineEvent): void {
    const track = this.#track(event.node, 'events')
    const name = event.kind === 'note' ? event.text : event.kind === 'foreign' ? event.text : nameOf(event)
    const s = event.kind === 'note' || event.kind === 'closing' ? 'g' : event.kind === 'process' ? 'p' : 't'
    track.instant({ name, cat: event.kind, ts: event.t, s, args: argsOf(event) })
    for (const [counter, value] of countersOf(event)) this.#counter(event, counter, value)
  }

  #counter(event: TimelineEvent, name: Counter, value: number): void {
    const { pid, tid } = this.#track(event.node, 'events')
    if (Number.isFinite(value)) this.#write({ name, ph: 'C', ts: event.t, pid, tid, args: { [name]: value } })
  }

  #track(node: number, lane: Lane): Track {
    const pid = pidOf(node)
    const place = LANES.indexOf(lane)
    const tid = tidOf(pid, place)
    const known = this.#tracks.get(tid)
    if (known !== undefined) return known
    if (!this.#named.has(pid)) {
      this.#named.add(pid)
      const sort = node === 0 ? -1 : node
      this.#write({ name: 'process_name', ph: 'M', ts: 0, pid, tid, args: { name: hostOf(node) } })
      this.#write({ name: 'process_sort_index', ph: 'M', ts: 0, pid, tid, args: { sort_index: sort } })
    }
    this.#write({ name: 'thread_name', ph: 'M', ts: 0, pid, tid, args: { name: lane } })
    this.#write({ name: 'thread_sort_index', ph: 'M', ts: 0, pid, tid, args: { sort_index: place } })
    const track = new Track(pid, tid, this.#write)
    this.#tracks.set(tid, track)
    return track
  }
}

type Counter = 'term' | 'commitIndex' | 'log'

function countersOf(event: TimelineEvent): readonly (readonly [counter: Counter, value: number])[] {
  switch (event.kind) {
    case 'started':
      return [
        ['term', event.currentTerm],
        ['log', event.lastIndex],
      ]
    case 'role':
      return [['term', event.term]]
    case 'hardState':
      return [['term', event.currentTerm]]
    case 'committed':
      return [['commitIndex', event.commitIndex]]
    case 'appended':
      return [['log', event.firstIndex + event.count - 1]]
    case 'truncated':
      return [['log', event.fromIndex - 1]]
    default:
      return []
  }
}

function nameOf(event: TimelineEvent): string {
  switch (event.kind) {
    case 'sent':
    case 'received':
      return event.message === 'AppendEntries' && event.count === 0 ? 'heartbeat' : event.message
    case 'remark':
      return event.name
    case 'process':
      return `${hostOf(event.subject)} ${event.state}`
    case 'operation':
      return `${event.type} ${event.action}`
    default:
      return event.kind
  }
}
