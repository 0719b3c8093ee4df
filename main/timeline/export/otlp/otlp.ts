/**
 * OpenTelemetry traces as OTLP/JSON. Each RPC is a span of who sent it, from there to its reply, with a child span of who
 * answered it, and a link from the first to the second when the reply came; each node is a resource. Leaderships, disk
 * writes, client calls and faults are spans as well. All of one RPC is one trace.
 */
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { TimelineEvent } from '../../../node/contract/events'
import type { RecordingInfo, TimelineSource } from '../../api'
import type { Exported, Exporter, ExportWish, Write } from '../exporter'
import { chooser } from '../select'
import { hostOf, messageKey, Recent, Tally, TextOut, walk } from '../walk'
import { attributesOf, SPAN_KIND, type Span, type STATUS, spanJson } from './span'

export const otlpExporter: Exporter = {
  format: 'otlp',
  extension: 'json',
  mediaType: 'application/json',
  write: writeOtlp,
}

async function writeOtlp(source: TimelineSource, wish: ExportWish, write: Write): Promise<Exported> {
  const out = new TextOut(write)
  const tally = new Tally()
  const isChosen = chooser(wish.selection)
  const info = source.info()
  const resources = new Resources(info, out)
  const spans = new Spans(new Ids(info), (span) => resources.add(span))
  out.add('{"resourceSpans":[')
  await walk(source, wish, out, (event) => {
    if (!isChosen(event)) return
    const why = spans.take(event)
    if (why === undefined) tally.events++
    else tally.leave(why)
  })
  let ended = 0
  for (const _ of spans.end()) {
    if (++ended % AT_ONCE !== 0) continue
    await out.flush()
    // Many may be open, and others want to go on meanwhile.
    await setImmediate()
    wish.signal.throwIfAborted()
  }
  resources.flush()
  out.add(']}\n')
  await out.flush(true)
  return tally.exported
}

/** Spans of one service until they are written together. */
class Resources {
  readonly #head: { readonly clusterId: string; readonly clusterName: string }
  readonly #began: bigint
  readonly #out: TextOut
  readonly #waiting = new Map<string, string[]>()
  #count = 0
  #comma = ''

  constructor({ clusterId, clusterName, began }: RecordingInfo, out: TextOut) {
    this.#head = { clusterId, clusterName }
    this.#began = BigInt(Date.parse(began) || 0) * 1_000_000n
    this.#out = out
  }

  add(span: Span): void {
    const spans = this.#waiting.get(span.service) ?? []
    spans.push(spanJson(span, this.#began))
    this.#waiting.set(span.service, spans)
    if (++this.#count >= MOST_WAITING) this.flush()
  }

  flush(): void {
    const { clusterId, clusterName } = this.#head
    for (const [service, spans] of this.#waiting) {
      const attributes = attributesOf({
        'service.name': service,
        'service.namespace': clusterName,
        'raft.cluster.id': clusterId,
      })
      const scope = JSON.stringify({ name: 'raft-workbench' })
      this.#out.add(
        `${this.#comma}\n{"resource":{"attributes":${JSON.stringify(attributes)}},"scopeSpans":[{"scope":${scope},"spans":[\n${spans.join(',\n')}]}]}`,
      )
      this.#comma = ','
    }
    this.#waiting.clear()
    this.#count = 0
  }
}

const MOST_WAITING = 1_000
/** So many open spans are ended before others have their turn. */
const AT_ONCE = 2_000

/** Ids that are the same in every export of this recording: from the event that a span begins with. */
class Ids {
  readonly #high: string

  constructor({ clusterId, began }: RecordingInfo) {
    const hash = createHash('sha256').update(`${clusterId}\n${began}`).digest('hex').slice(0, 16)
    this.#high = /^0+$/.test(hash) ? 'f'.repeat(16) : hash
  }

  of({ seq, trace }: Pick<Open, 'seq' | 'trace'>): Pick<Span, 'traceId' | 'spanId'> {
    return { traceId: this.#traceOf(trace), spanId: this.spanOf(seq) }
  }

  #traceOf(seq: number): string {
    return `${this.#high}${seq.toString(16).padStart(16, '0')}`
  }

  spanOf(seq: number): string {
    return (seq + 1).toString(16).padStart(16, '0')
  }
}

/** Many may be open at a time: ids are made when a span is written, of the events that they come from. */
interface Open extends Omit<Span, 'end' | 'status' | 'links' | 'traceId' | 'spanId' | 'parentSpanId'> {
  /** The event that it begins with, and the one that its trace begins with. */
  readonly seq: number
  readonly trace: number
  readonly parent?: number
  /** Of a call that began here: who answered. */
  answeredBy?: Pick<Open, 'seq' | 'trace'>
}

class Spans {
  readonly #ids: Ids
  readonly #write: (span: Span) => void
  /** Requests under way, and copies of them, by message. */
  readonly #requests: Recent<string, Open>
  /** Requests that somebody is answering, by request. */
  readonly #answering: Recent<string, Open>
  /** Which request a reply on its way belongs to. */
  readonly #replies = new Recent<string, string>()
  /** Of each copy: what it is a copy of. */
  readonly #copies = new Recent<string, string>()
  /** Calls, faults, leaderships: by what they are. */
  readonly #others: Recent<string, Open>
  #known = 0

  constructor(ids: Ids, write: (span: Span) => void) {
    this.#ids = ids
    this.#write = write
    const giveUp = (open: Open) => this.#finish(open, this.#known, 'unset', { 'raft.unfinished': true })
    this.#requests = new Recent(giveUp)
    this.#answering = new Recent(giveUp)
    this.#others = new Recent(giveUp)
  }

  take(event: TimelineEvent): 'unpaired' | 'no-such-event' | undefined {
    this.#known = Math.max(this.#known, event.t)
    switch (event.kind) {
      case 'sent':
        return event.inReplyTo === 0 ? this.#request(event) : this.#reply(event)
      case 'received':
        return this.#received(event)
      case 'copied': {
        const original = messageKey(event.peer, event.node, event.id)
        const copy = messageKey(event.peer, event.node, event.copy)
        const request = this.#replies.get(original)
        if (request === undefined) this.#copies.set(copy, this.#copies.get(original) ?? original)
        else this.#replies.set(copy, request)
        return undefined
      }
      case 'dropped':
        return this.#dropped(event)
      case 'role':
        return this.#role(event)
      case 'persisted': {
        const open = this.#open(event, hostOf(event.node), 'persist', SPAN_KIND.internal)
        const from = Math.max(0, event.t - event.micros * 1_000)
        this.#finish({ ...open, start: from }, event.t, 'ok', { 'raft.index': event.lastIndex, bytes: event.bytes })
        return undefined
      }
      case 'invoke': {
        const attributes = { 'db.system.name': 'raft-workbench', 'db.operation.name': event.op, key: event.key }
        const open = this.#open(event, `client${event.client}`, event.op, SPAN_KIND.client, attributes)
        this.#others.set(`call ${event.call}`, open)
        return undefined
      }
      case 'answer': {
        const open = this.#others.take(`call ${event.call}`)
        if (open === undefined) return 'unpaired'
        const more = { outcome: event.outcome, found: event.found, 'raft.index': event.index, problem: event.problem }
        this.#finish(open, event.t, event.outcome === 'ok' ? 'ok' : 'error', more)
        return undefined
      }
      case 'fault': {
        if (event.action === 'begin') {
          const attributes = { detail: event.detail }
          const open = this.#open(event, hostOf(0), `fault ${event.type}`, SPAN_KIND.internal, attributes)
          this.#others.set(`fault ${event.id}`, open)
          return undefined
        }
        const open = this.#others.take(`fault ${event.id}`)
        if (open === undefined) return 'unpaired'
        this.#finish(open, event.t, 'ok', {})
        return undefined
      }
      default:
        return 'no-such-event'
    }
  }

  /** What is still open ends with the last thing that is known, one after the other. */
  *end(): Generator<void> {
    for (const opens of [this.#answering, this.#requests, this.#others]) {
      for (const open of opens.drain()) {
        this.#finish(open, this.#known, 'unset', { 'raft.unfinished': true })
        yield
      }
    }
  }

  #request(event: TimelineEvent<'sent'>): undefined {
    const attributes = {
      'rpc.system': 'raft',
      'rpc.method': event.message,
      'raft.from': event.node,
      'raft.to': event.peer,
      'raft.message': event.id,
      'raft.term': event.term,
      'raft.index': event.index,
      'raft.entries': event.count,
    }
    const open = this.#open(event, hostOf(event.node), event.message, SPAN_KIND.client, attributes)
    this.#requests.set(messageKey(event.node, event.peer, event.id), open)
  }

  #reply(event: TimelineEvent<'sent'>): 'unpaired' | undefined {
    const request = messageKey(event.peer, event.node, event.inReplyTo)
    this.#replies.set(messageKey(event.node, event.peer, event.id), request)
    const answering = this.#answering.take(request)
    if (answering === undefined) return 'unpaired'
    const more = { 'raft.ok': event.ok, 'raft.reply': event.id, 'raft.reply.term': event.term }
    this.#finish(answering, event.t, 'ok', more)
    const asked = this.#requests.get(request)
    if (asked !== undefined) asked.answeredBy = { seq: answering.seq, trace: answering.trace }
    return undefined
  }

  #received(event: TimelineEvent<'received'>): 'unpaired' | undefined {
    const key = messageKey(event.peer, event.node, event.id)
    const request = this.#replies.take(key)
    if (request !== undefined) {
      const asked = this.#requests.take(request)
      if (asked === undefined) return 'unpaired'
      this.#finish(asked, event.t, 'ok', {})
      return undefined
    }
    if (event.message.endsWith('Reply')) return 'unpaired'
    // Whoever answers a copy answers its original.
    const original = this.#copies.take(key) ?? key
    const asked = this.#requests.get(original)
    const open = this.#open(event, hostOf(event.node), event.message, SPAN_KIND.server, {
      'rpc.system': 'raft',
      'rpc.method': event.message,
      'raft.from': event.peer,
      'raft.to': event.node,
      'raft.message': event.id,
    })
    const child = asked && { trace: asked.trace, parent: asked.seq }
    if (hasReply(event.message)) {
      const before = this.#answering.take(original)
      if (before !== undefined) this.#finish(before, event.t, 'unset', { 'raft.unfinished': true })
      this.#answering.set(original, { ...open, ...child })
      return undefined
    }
    // Nobody answers this one: it is done when it is there.
    this.#finish({ ...open, ...child }, event.t, 'ok', {})
    const done = this.#requests.take(original)
    if (done !== undefined) this.#finish(done, event.t, 'ok', {})
    return undefined
  }

  #dropped(event: TimelineEvent<'dropped'>): 'unpaired' | undefined {
    const key = messageKey(event.sender, event.receiver, event.id)
    // A copy that is lost is no loss to who asked.
    if (this.#copies.take(key) !== undefined) return undefined
    const asked = this.#requests.take(this.#replies.take(key) ?? key)
    if (asked === undefined) return 'unpaired'
    this.#finish(asked, event.t, 'error', { 'raft.dropped': event.message, 'raft.reason': event.reason })
    return undefined
  }

  #role(event: TimelineEvent<'role'>): 'no-such-event' | undefined {
    const name = `leader ${event.node}`
    const led = this.#others.take(name)
    if (led !== undefined) this.#finish(led, event.t, 'ok', { 'raft.ended': event.reason })
    if (event.role !== 'leader') return led === undefined ? 'no-such-event' : undefined
    const service = hostOf(event.node)
    this.#others.set(name, this.#open(event, service, `leader of term ${event.term}`, SPAN_KIND.internal))
    return undefined
  }

  #open(
    event: TimelineEvent,
    service: string,
    name: string,
    kind: Span['kind'],
    attributes: Span['attributes'] = {},
  ): Open {
    const { seq, t: start } = event
    return { service, name, kind, start, attributes, seq, trace: seq }
  }

  #finish(open: Open, end: number, status: keyof typeof STATUS, more: Span['attributes']): void {
    const { seq, trace, parent, answeredBy, ...span } = open
    this.#write({
      ...span,
      ...this.#ids.of({ seq, trace }),
      ...(parent !== undefined && { parentSpanId: this.#ids.spanOf(parent) }),
      end,
      status,
      attributes: { ...span.attributes, ...more },
      links: answeredBy === undefined ? [] : [this.#ids.of(answeredBy)],
    })
  }
}

function hasReply(message: TimelineEvent<'received'>['message']): boolean {
  return message !== 'TimeoutNow' && message !== 'Foreign'
}
