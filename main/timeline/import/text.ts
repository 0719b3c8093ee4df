/** A text file as it comes, piece by piece or line by line: UTF-8, and nothing that would fill the memory. */
import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { Problem } from '../../node/contract/problem'
import { bad } from './bad'

/** Who is told of an import, and who may end it. */
export interface ImportOptions {
  readonly signal?: AbortSignal | undefined
  /** Called now and then with the bytes read so far. */
  readonly progress?: ((bytes: number) => void) | undefined
}

/** A file's text as it comes. Throws `unreadable-file`, `bad-input` where it is no UTF-8, and the signal's reason. */
export async function* textOf(path: string, { signal, progress }: ImportOptions = {}): AsyncGenerator<string> {
  const stream = createReadStream(path, { highWaterMark: 256 << 10 })
  const decoder = new Utf8Decoder()
  try {
    for await (const chunk of stream) {
      signal?.throwIfAborted()
      progress?.(stream.bytesRead)
      yield decoder.take(chunk as Uint8Array)
    }
    decoder.end()
  } catch (error) {
    if (error instanceof Problem || signal?.aborted) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new Problem('unreadable-file', { path, reason }, { cause: error })
  } finally {
    stream.destroy()
  }
}

/**
 * Bytes as text. What is no UTF-8 is refused with its line: replaced by a sign it would be another text than was written. A
 * byte order mark at the beginning is none of the text.
 */
class Utf8Decoder {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })
  #lines = 0
  /** The last bytes that were taken: a character may have begun there. */
  #last: Uint8Array = new Uint8Array(0)

  take(bytes: Uint8Array): string {
    const text = this.#decode(bytes)
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#lines++
    this.#last = bytes.slice(-3)
    return text
  }

  /** At the end of the file: it may end within a character. */
  end(): void {
    try {
      this.#decoder.decode()
    } catch {
      throw bad(this.#lines + 1, NO_UTF8)
    }
  }

  #decode(bytes: Uint8Array): string {
    try {
      return this.#decoder.decode(bytes, { stream: true })
    } catch {
      throw bad(this.#lines + 1 + soundLines(Buffer.concat([begunIn(this.#last), bytes])), NO_UTF8)
    }
  }
}

const NO_UTF8 = 'UTF-8 text expected'

/** The bytes of a character of which the rest is still to come. */
function begunIn(bytes: Uint8Array): Uint8Array {
  const lead = bytes.findLastIndex((byte) => byte >= 0xc0)
  if (lead < 0) return bytes.subarray(bytes.length)
  const first = bytes[lead] ?? 0
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  return bytes.subarray(bytes.length - lead < length ? lead : bytes.length)
}

/** How many whole lines at the beginning are UTF-8. */
function soundLines(bytes: Buffer): number {
  let count = 0
  for (let from = 0; ; count++) {
    const end = bytes.indexOf(0x0a, from)
    if (end < 0 || !isUtf8(bytes.subarray(from, end))) return count
    from = end + 1
  }
}

/** No line of a file is so long that was written to be read. Characters. */
const LONGEST_LINE = 256 << 20

/**
 * Lines of a text that comes in chunks. Only "\n" ends a line: node:readline also splits at U+2028, which JSON may hold. Throws
 * `bad-input` at a line that is too long to be held.
 */
export async function* linesOf(chunks: AsyncIterable<string>, longest = LONGEST_LINE): AsyncGenerator<string> {
  /** What came of a line so far: put together once, when it ends. */
  let parts: string[] = []
  let length = 0
  let number = 1
  for await (const chunk of chunks) {
    const lines = chunk.split('\n')
    const rest = lines.pop() ?? ''
    if (lines.length > 0) {
      lines[0] = parts.join('') + lines[0]
      parts = []
      length = 0
      number += lines.length
      yield* lines
    }
    parts.push(rest)
    length += rest.length
    if (length > longest) throw bad(number, `a line of at most ${longest} characters expected`)
  }
  if (length > 0) yield parts.join('')
}
