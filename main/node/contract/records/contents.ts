/** What is in a write, read record by record: nearly all of it is entries, and a node may begin with ten thousands of them. */
import { crc32cOfWord } from '../crc32c'
import {
  type ContentRecord,
  ENTRY_OVERHEAD_BYTES,
  type PlainRecord,
  type ReadRecord,
  type RecordedEntry,
  readEntry,
  readRecord,
} from './record'

/** Several entries have consecutive indexes. */
export type Content = { readonly type: 'entries'; readonly entries: readonly RecordedEntry[] } | PlainRecord

/** One record for each entry. */
export function recordsOf(contents: readonly Content[]): ContentRecord[] {
  return contents.flatMap((content): ContentRecord[] =>
    content.type === 'entries' ? content.entries.map((entry) => ({ type: 'entry', entry })) : [content],
  )
}

/**
 * So many entries are read at a time. In a process that just began a loop over thousands is compiled while it runs, and until that is
 * done each of its rounds asks for it: 10 ms of CPU for 10,000 entries. A short loop is compiled between two calls.
 */
const BATCH = 64

export class ContentReader {
  readonly contents: Content[] = []
  /** Records that have been read. */
  count = 0
  /** CRC-32C of their checksums. */
  seal = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #end: number
  #at: number

  /** Nothing at or after `end` is looked at. */
  constructor(bytes: Uint8Array, view: DataView, at: number, end: number) {
    this.#bytes = bytes
    this.#view = view
    this.#at = at
    this.#end = end
  }

  /** Where the next record begins. */
  get at(): number {
    return this.#at
  }

  /** Reads the entries that come next, but not very many at once. Returns false when something else does. */
  readEntries(): boolean {
    const bytes = this.#bytes
    const view = this.#view
    const end = this.#end
    const entries: RecordedEntry[] = []
    let next = 0
    let { seal } = this
    let at = this.#at
    while (entries.length < BATCH) {
      const entry = readEntry(bytes, view, at, end)
      if (entry === undefined || (entries.length > 0 && entry.index !== next)) break
      seal = crc32cOfWord(view.getInt32(at + 4, true), seal)
      entries.push(entry)
      next = entry.index + 1
      at += ENTRY_OVERHEAD_BYTES + entry.data.length
    }
    if (entries.length === 0) return false
    this.contents.push({ type: 'entries', entries })
    this.count += entries.length
    this.seal = seal
    this.#at = at
    return true
  }

  /** Reads one record, which is no entry. */
  readOther(): ReadRecord {
    const read = readRecord(this.#bytes, this.#view, this.#at, this.#end)
    if (!read.ok) return read
    const { record, span } = read
    if (record.type === 'write') return read
    this.seal = crc32cOfWord(span.storedCrc, this.seal)
    this.contents.push(record.type === 'entry' ? { type: 'entries', entries: [record.entry] } : record)
    this.count += 1
    this.#at += span.bytes
    return read
  }
}
