/**
 * A Mermaid sequence diagram. Mermaid takes at most 50,000 characters, so this is for a window: it tells the story up to there
 * and says how much it left out.
 */
import type { TimelineEvent } from '../../../node/contract/events'
import type { TimelineSource } from '../../api'
import type { Exported, Exporter, ExportWish, Write } from '../exporter'
import { notedIn } from '../noted'
import { chooser } from '../select'
import { hostOf, messageKey, shortText, Tally, TextOut, textOf, walk } from '../walk'
import { type Words, wordsIn } from './words'

/** Mermaid's default `maxTextSize`. */
export const MOST_CHARACTERS = 50_000
/** Kept free for the names of the participants and for what is said at the end. */
const RESERVE = 2_000
/** Of one label. */
const LABEL = 60

export const mermaidExporter: Exporter = {
  format: 'mermaid',
  extension: 'mmd',
  mediaType: 'text/vnd.mermaid',
  write: writeMermaid,
}

async function writeMermaid(source: TimelineSource, wish: ExportWish, write: Write): Promise<Exported> {
  const out = new TextOut(write)
  const tally = new Tally()
  const isChosen = chooser(wish.selection)
  const diagram = new Diagram(wordsIn(wish.language))
  const noted = await notedIn(source, wish.selection)
  await walk(source, wish, out, (event) => {
    for (const { text } of noted.before(event.seq)) diagram.bookmark(text)
    if (!isChosen(event)) return
    const why = diagram.take(event)
    if (why === undefined) tally.events++
    else tally.leave(why)
  })
  for (const { text } of noted.rest()) diagram.bookmark(text)
  out.add(diagram.finish())
  await out.flush(true)
  return tally.exported
}

/** What a diagram's grammar would take for its own: ends of statements, entities, comments, and the word that ends a block. */
export function escapeLabel(text: string): string {
  return shortText(text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim(), LABEL)
    .replace(/[#;%<>{}"\\`:&]/g, (char) => `#${char.charCodeAt(0)};`)
    .replace(/\b(e)(nd)\b/gi, (_, first: string, rest: string) => `#${first.charCodeAt(0)};${rest}`)
}

/** An arrow whose head depends on what becomes of the message. */
interface Arrow {
  readonly from: string
  readonly to: string
  readonly label: string
  fate: 'delivered' | 'lost' | 'under way'
}
type Line = string | Arrow

const HEADS = { delivered: '->>', lost: '-x', 'under way': '-)' } as const
/** What an arrow's head may grow by. */
const HEAD_GROWTH = 1

class Diagram {
  readonly #words: Words
  readonly #lines: Line[] = []
  readonly #participants = new Set<number | 'client'>()
  readonly #flying = new Map<string, Arrow>()
  readonly #calls = new Map<number, string>()
  readonly #faults = new Set<number>()
  #length = 0
  #leftOut = 0

  constructor(words: Words) {
    this.#words = words
  }

  take(event: TimelineEvent): 'too-long' | 'no-such-event' | 'unpaired' | undefined {
    const words = this.#words
    const { node } = event
    switch (event.kind) {
      case 'sent': {
        const beat = event.message === 'AppendEntries' && event.count === 0
        const count = event.message === 'AppendEntries' && !beat ? ` ${words.entries(event.count)}` : ''
        const name = beat ? words.heartbeat : event.message
        const no = event.message.endsWith('Reply') && !event.ok ? ` ${words.no}` : ''
        return this.#arrow(node, event.peer, event.id, `${name}${count}${no} T${event.term}`)
      }
      case 'copied': {
        const label = `${words.copyOf} ${event.message}`
        return this.#arrow(event.peer, node, event.copy, label)
      }
      case 'received':
        return this.#land(messageKey(event.peer, node, event.id), 'delivered')
      case 'dropped':
        return this.#land(messageKey(event.sender, event.receiver, event.id), 'lost', event.reason)
      case 'held':
        return this.#note(node, words.holds(event.message, hostOf(event.peer)))
      case 'role':
        if (event.role === 'follower' || event.role === 'learner') return 'no-such-event'
        return this.#note(node, words.role(event.role, event.term))
      case 'committed':
        return event.by === 'counted' ? this.#note(node, words.committed(event.commitIndex)) : 'no-such-event'
      case 'process':
        return this.#note(event.subject, words.process(event.state))
      case 'breakpoint':
        return this.#note(node, `${words.breakpoint} ${event.by}`)
      case 'trouble':
        return this.#note(node, event.problem)
      case 'foreign':
        return this.#note(node, event.text)
      case 'note':
        return this.#noteOverAll(event.text)
      case 'fault':
        return this.#fault(event)
      case 'invoke':
        return this.#invoke(event)
      case 'answer':
        return this.#answer(event)
      default:
        return 'no-such-event'
    }
  }

  /** A person's note beside the recording. */
  bookmark(text: string): void {
    this.#noteOverAll(text || this.#words.bookmark)
  }

  #arrow(from: number, to: number, id: number, label: string): 'too-long' | undefined {
    const arrow: Arrow = {
      from: this.#name(from),
      to: this.#name(to),
      label: escapeLabel(label),
      fate: 'under way',
    }
    const why = this.#add(arrow)
    if (why === undefined) this.#flying.set(messageKey(from, to, id), arrow)
    return why
  }

  #land(key: string, fate: Arrow['fate'], reason = ''): 'unpaired' | 'too-long' | undefined {
    const arrow = this.#flying.get(key)
    if (arrow === undefined) return this.#isFull ? this.#full() : 'unpaired'
    this.#flying.delete(key)
    arrow.fate = fate
    // The label was counted; what is added to it only where there is room.
    if (reason !== '' && !this.#isFull) {
      const at = this.#lines.indexOf(arrow)
      const label = `${arrow.label} (${escapeLabel(reason)})`
      this.#length += label.length - arrow.label.length
      this.#lines[at] = { ...arrow, label }
    }
    return undefined
  }

  #note(node: number, text: string): 'too-long' | 'no-such-event' | undefined {
    if (node === 0) return 'no-such-event'
    return this.#add(`Note over ${this.#name(node)}: ${escapeLabel(text) || '–'}`)
  }

  /** Over all participants, who are only known in the end. */
  #noteOverAll(text: string): 'too-long' | undefined {
    return this.#add(`${OVER_ALL}${escapeLabel(text) || '–'}`)
  }

  #fault(event: TimelineEvent<'fault'>): 'too-long' | 'unpaired' | undefined {
    const text = this.#words.fault(event.action, event.type)
    if (event.action === 'begin') {
      const why = this.#noteOverAll(text)
      if (why !== undefined) return why
      // Faults overlap as they like, and blocks cannot: one stands for as long as any lasts.
      if (this.#faults.size === 0) this.#add('rect rgba(229, 72, 77, 0.12)')
      this.#faults.add(event.id)
      return undefined
    }
    if (!this.#faults.delete(event.id)) return this.#isFull ? this.#full() : 'unpaired'
    if (this.#faults.size === 0) this.#close()
    return this.#noteOverAll(text)
  }

  #invoke(event: TimelineEvent<'invoke'>): 'too-long' | undefined {
    const value = event.op === 'put' || event.op === 'append' || event.op === 'cas' ? ` ${shown(event.value)}` : ''
    const what = `${event.op} ${event.key}${value}`
    this.#participants.add('client')
    const why = this.#add(`Note over client: ${escapeLabel(what)}`)
    if (why === undefined) this.#calls.set(event.call, what)
    return why
  }

  #answer(event: TimelineEvent<'answer'>): 'too-long' | 'unpaired' | undefined {
    const what = this.#calls.get(event.call)
    if (what === undefined) return this.#isFull ? this.#full() : 'unpaired'
    this.#calls.delete(event.call)
    const result = this.#words.outcome(event.outcome)
    const value = event.outcome === 'ok' && event.found && event.value.length > 0 ? ` ${shown(event.value)}` : ''
    const label = escapeLabel(`${what}: ${result}${value}`)
    if (event.from === 0) return this.#add(`Note over client: ${label}`)
    return this.#add(`${this.#name(event.from)}-->>client: ${label}`)
  }

  #name(node: number): string {
    this.#participants.add(node)
    return hostOf(node)
  }

  get #isFull(): boolean {
    return this.#leftOut > 0
  }

  #full(): 'too-long' {
    this.#leftOut++
    return 'too-long'
  }

  /** Once one does not fit, nothing more comes: a story with holes is none. */
  #add(line: Line): 'too-long' | undefined {
    const length = lengthOf(line)
    if (this.#isFull || this.#length + length > MOST_CHARACTERS - RESERVE) return this.#full()
    this.#lines.push(line)
    this.#length += length
    return undefined
  }

  #close(): void {
    this.#lines.push('end')
    this.#length += 'end\n'.length
  }

  finish(): string {
    if (this.#faults.size > 0) this.#close()
    const nodes = [...this.#participants].filter((one) => typeof one === 'number').sort((a, b) => a - b)
    const names = [...(this.#participants.has('client') ? ['client'] : []), ...nodes.map(hostOf)]
    if (names.length === 0) names.push(hostOf(0))
    const [first, last] = [names[0], names.at(-1)]
    const over = `Note over ${first === last ? first : `${first},${last}`}: `
    const lines = this.#lines.map((line) => (typeof line === 'string' ? line.replace(OVER_ALL, over) : arrowLine(line)))
    if (this.#isFull) lines.push(`${over}${escapeLabel(this.#words.leftOut(this.#leftOut))}`)
    if (lines.length === 0) lines.push(`${over}${escapeLabel(this.#words.nothing)}`)
    return ['sequenceDiagram', ...names.map((name) => `participant ${name}`), ...lines, ''].join('\n')
  }
}

/** Stands for "Note over all": longer than what it becomes, so that the length counted is enough. */
const OVER_ALL = 'Note over \u0000                    : '

const arrowLine = ({ from, to, label, fate }: Arrow): string => `${from}${HEADS[fate]}${to}: ${label}`

function lengthOf(line: Line): number {
  return (typeof line === 'string' ? line.length : arrowLine(line).length + HEAD_GROWTH) + 1
}

const shown = (bytes: Uint8Array): string => shortText(textOf(bytes) ?? `${bytes.length} B`, 24)
