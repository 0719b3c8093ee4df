/**
 * The values of one workload, as names. Each put, cas and append writes a piece of its own (`workload/mix.ts`), all of the same
 * length; so a value says which appends stand behind what, and its last piece names the whole of it.
 */
import { hash } from 'node:crypto'

/** Nothing stands under the key. Pieces count from 1. */
export const ABSENT = 0

export interface Piece {
  readonly id: number
  readonly text: string
  /** The value that it was added to, wherever it was seen; undefined = it was never seen. */
  before: number | undefined
  /** When the first answer ended that showed it; Infinity = never. */
  seen: number
  /** Of the whole value that ends with it, as it was seen. */
  digest: string
}

export class Values {
  readonly #pieceBytes: number
  readonly #byText = new Map<string, Piece>()
  readonly #byId: Piece[] = []

  constructor(pieceBytes: number) {
    this.#pieceBytes = pieceBytes
  }

  /** The piece that somebody writes. */
  piece(bytes: Uint8Array): Piece {
    return this.#named(Buffer.from(bytes).toString('latin1'))
  }

  find(id: number): Piece | undefined {
    return this.#byId[id - 1]
  }

  /**
   * Names a value that an answer shows, which ended at `time`.
   * @returns the name, or in words why it cannot be
   */
  see(value: Uint8Array, time: number): number | string {
    const size = this.#pieceBytes
    if (value.length === 0 || value.length % size !== 0) return `a value of ${value.length} bytes that nobody wrote`
    const text = Buffer.from(value).toString('latin1')
    const last = this.#named(text.slice(-size))
    const digest = hash('sha1', value)
    if (last.digest === digest) {
      this.seenUntil(last, time)
      return last.id
    }
    if (last.digest !== '') return `${nameOf(last)} stands behind something else than before`
    let before = ABSENT
    for (let at = 0; at < text.length; at += size) {
      const piece = this.#named(text.slice(at, at + size))
      if (piece.before !== undefined && piece.before !== before) {
        return `${nameOf(piece)} stands behind something else than before, or twice`
      }
      piece.before = before
      piece.seen = Math.min(piece.seen, time)
      before = piece.id
    }
    last.digest = digest
    return last.id
  }

  /** The value that ends with this piece was shown by an answer that ended at `time`. */
  seenUntil(last: Piece, time: number): void {
    for (let at: Piece | undefined = last; at !== undefined && at.seen > time; at = this.find(at.before ?? ABSENT)) {
      at.seen = time
    }
  }

  #named(text: string): Piece {
    const known = this.#byText.get(text)
    if (known !== undefined) return known
    const piece = { id: this.#byId.length + 1, text, before: undefined, seen: Number.POSITIVE_INFINITY, digest: '' }
    this.#byText.set(text, piece)
    this.#byId.push(piece)
    return piece
  }
}

/** Without its filling. */
export const nameOf = ({ text }: Pick<Piece, 'text'>): string => text.split(';', 1)[0] ?? text
