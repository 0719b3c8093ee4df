/** The events of a selection, block by block, as every format reads them. */
import type { TimelineEvent } from '../../node/contract/events'
import type { EventRange, TimelineSource } from '../api'
import type { ExportSelection, ExportWish } from './exporter'

export function rangeOf({ nodes: _nodes, kinds: _kinds, key: _key, ...range }: ExportSelection): EventRange {
  return range
}

/** Whether a selection takes an event of its range; to be asked once for each, in order. */
export function chooser({ nodes, kinds, key }: ExportSelection): (event: TimelineEvent) => boolean {
  const wantedNodes = nodes && new Set(nodes)
  const wantedKinds = kinds && new Set(kinds)
  /** Calls of other keys that are under way: an answer does not say of which key it is. */
  const others = new Set<number>()
  const isOfKey = (event: TimelineEvent): boolean => {
    if (event.kind === 'answer') return !others.delete(event.call)
    if (key === undefined || event.kind !== 'invoke' || event.key === key) return true
    others.add(event.call)
    return false
  }
  return (event) =>
    isOfKey(event) &&
    (wantedNodes === undefined || wantedNodes.has(event.node)) &&
    (wantedKinds === undefined || wantedKinds.has(event.kind))
}

/** Tells the progress by what was looked at, so that a narrow selection of a long timeline moves, too. */
export async function* selected(
  source: TimelineSource,
  { selection, signal, progress }: Pick<ExportWish, 'selection' | 'signal' | 'progress'>,
): AsyncGenerator<readonly TimelineEvent[]> {
  const takes = chooser(selection)
  const takesAll = [selection.nodes, selection.kinds, selection.key].every((each) => each === undefined)
  let done = 0
  for await (const batch of source.scan(rangeOf(selection), signal)) {
    signal.throwIfAborted()
    const chosen = takesAll ? batch : batch.filter(takes)
    if (chosen.length > 0) yield chosen
    done += batch.length
    progress(done)
  }
  signal.throwIfAborted()
}

/** Characters that are handed on at once, about. */
const CHUNK = 256 << 10

/** Gathers pieces of text, so that a disk or a socket is asked seldom. */
export class TextChunks {
  readonly #write: (chunk: string) => Promise<void>
  #waiting = ''

  constructor(write: (chunk: string) => Promise<void>) {
    this.#write = write
  }

  async add(text: string): Promise<void> {
    this.#waiting += text
    if (this.#waiting.length >= CHUNK) await this.end()
  }

  /** Hands over what waits. */
  async end(): Promise<void> {
    const text = this.#waiting
    this.#waiting = ''
    if (text !== '') await this.#write(text)
  }
}
