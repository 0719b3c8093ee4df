/** What the writers of foreign formats share: the events of a selection, text in chunks, memory that stays bounded. */
import { EVENT_FIELDS, type TimelineEvent } from '../../node/contract/events'
import type { TimelineSource } from '../api'
import type { Exported, ExportWish, LeftOut, Write } from './exporter'
import { rangeOf } from './select'

/** Counts what was written and what was not, and why. */
export class Tally {
  events = 0
  readonly #leftOut = new Map<LeftOut['reason'], number>()

  leave(reason: LeftOut['reason'], events = 1): void {
    this.#leftOut.set(reason, (this.#leftOut.get(reason) ?? 0) + events)
  }

  get exported(): Exported {
    return { events: this.events, leftOut: Array.from(this.#leftOut, ([reason, events]) => ({ reason, events })) }
  }
}

/** Characters that are handed on at once, about. */
const CHUNK = 256 << 10

/** Text on its way out. */
export class TextOut {
  readonly #write: Write
  #chunk: string[] = []
  #length = 0

  constructor(write: Write) {
    this.#write = write
  }

  add(text: string): void {
    this.#chunk.push(text)
    this.#length += text.length
  }

  /** Hands on what there is, once it is enough; `all`: in any case. */
  async flush(all = false): Promise<void> {
    if (this.#length === 0 || (!all && this.#length < CHUNK)) return
    const text = this.#chunk.join('')
    this.#chunk = []
    this.#length = 0
    await this.#write(text)
  }
}

/** Every event of the window in order; between blocks text goes out, progress is told and the wish can be cancelled. */
export async function walk(
  source: TimelineSource,
  wish: ExportWish,
  out: TextOut,
  each: (event: TimelineEvent) => void,
): Promise<void> {
  let done = 0
  wish.signal.throwIfAborted()
  for await (const batch of source.scan(rangeOf(wish.selection), wish.signal)) {
    for (const event of batch) each(event)
    done += batch.length
    await out.flush()
    wish.signal.throwIfAborted()
    wish.progress(done)
  }
}

/** Things that wait for their other half are remembered up to this many; then the oldest is given up. */
const MOST_OPEN = 100_000

/** A map that forgets its oldest entries instead of growing. */
export class Recent<K, V> {
  readonly #map = new Map<K, V>()
  readonly #most: number
  readonly #forget: (value: V) => void

  constructor(forget: (value: V) => void = () => undefined, most = MOST_OPEN) {
    this.#forget = forget
    this.#most = most
  }

  get(key: K): V | undefined {
    return this.#map.get(key)
  }

  has(key: K): boolean {
    return this.#map.has(key)
  }

  set(key: K, value: V): void {
    this.#map.set(key, value)
    if (this.#map.size <= this.#most) return
    const oldest = this.#map.entries().next().value
    if (oldest === undefined) return
    this.#map.delete(oldest[0])
    this.#forget(oldest[1])
  }

  take(key: K): V | undefined {
    const value = this.#map.get(key)
    this.#map.delete(key)
    return value
  }

  /** All that is left, oldest first. */
  *drain(): Generator<V> {
    for (const value of this.#map.values()) yield value
    this.#map.clear()
  }
}

/** Only sender, receiver and id together name a message and its copies. */
export const messageKey = (sender: number, receiver: number, id: number): string => `${sender}>${receiver}:${id}`

// ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export const hostOf = (node: number): string => (node === 0 ? 'workbench' : `n${node}`)

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Bytes as text, or undefined where they are none. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/** Longer texts are cut where they only tell a person what it was about. */
const LONGEST_TEXT = 80

export function shortText(text: string, most = LONGEST_TEXT): string {
  if (text.length <= most) return text
  const cut = text.slice(0, most - 1)
  // Half of a surrogate pair would be no character.
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}

/** The fields of an event with values that fit anywhere: text, numbers and flags; bytes and entries by their size. */
export function fieldsOf(event: TimelineEvent): readonly (readonly [name: string, value: string | number | boolean])[] {
  const values = event as Readonly<Record<string, unknown>>
  return Object.keys(EVENT_FIELDS[event.kind].fields).map((name) => [name, plain(values[name])])
}

function plain(value: unknown): string | number | boolean {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return shortText(value)
  if (value instanceof Uint8Array) {
    const text = value.length <= 4 * LONGEST_TEXT ? textOf(value) : undefined
    return text === undefined ? `${value.length} bytes` : shortText(text)
  }
  return Array.isArray(value) ? value.length : ''
}

/** An event in one line: `sent peer=2 id=7 message=AppendEntries …`. */
export function wordsOf(event: TimelineEvent): string {
  const fields = fieldsOf(event).filter(([, value]) => value !== '' && value !== false && value !== 'Infinity')
  return [event.kind, ...fields.map(([name, value]) => `${name}=${value}`)].join(' ')
}
