/** The writer's loop: takes blocks, writes them in order, and goes on trying while the disk refuses. */
import { type FileHandle, open } from 'node:fs/promises'
import { asProblem, Problem } from '../../node/contract/problem'
import type { Block, RecordingHeader } from '../recording/format'
import { type RecordingFile, RecordingWriter } from '../recording/writer'
import type { FromWriter, ProblemData, ToWriter } from './protocol'

const RETRY_MILLIS = 500

/** Makes the file; it must not exist yet. Throws `directory-unwritable`. */
export async function createFile(path: string): Promise<RecordingFile> {
  let handle: FileHandle
  try {
    handle = await open(path, 'wx', 0o600)
  } catch (error) {
    throw new Problem('directory-unwritable', { path, reason: asProblem(error).message }, { cause: error })
  }
  return {
    async write(bytes, position) {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
        done += bytesWritten
      }
    },
    sync: () => handle.datasync(),
    close: () => handle.close(),
  }
}

/** What crosses the threads instead of an error; what is no problem is taken for one of the disk. */
export function problemData(error: unknown, path: string): ProblemData {
  if (error instanceof Problem) return { code: error.code, details: error.details }
  return { code: 'disk-failed', details: { path, operation: 'write', reason: asProblem(error).message } }
}

export class WriteLoop {
  readonly #path: string
  readonly #writer: RecordingWriter
  readonly #say: (message: FromWriter) => void
  readonly #retryMillis: number
  readonly #blocks: Block[] = []
  #closing = false
  #running = false
  #failing = false
  #retry: NodeJS.Timeout | undefined

  private constructor(path: string, writer: RecordingWriter, say: (message: FromWriter) => void, retryMillis: number) {
    this.#path = path
    this.#writer = writer
    this.#say = say
    this.#retryMillis = retryMillis
  }

  /** Writes the header and says `ready`. Throws when even that fails. */
  static async start(
    path: string,
    file: RecordingFile,
    header: RecordingHeader,
    say: (message: FromWriter) => void,
    retryMillis = RETRY_MILLIS,
  ): Promise<WriteLoop> {
    const writer = await RecordingWriter.create(file, header)
    say({ type: 'ready', bytes: writer.bytes })
    return new WriteLoop(path, writer, say, retryMillis)
  }

  take(message: ToWriter): void {
    if (message.type === 'block') this.#blocks.push(message.block)
    else this.#closing = true
    // While the disk refuses, only the retry or the end wakes the loop.
    if (!this.#failing || message.type === 'close') void this.#run()
  }

  async #run(): Promise<void> {
    if (this.#running) return
    this.#running = true
    clearTimeout(this.#retry)
    try {
      await this.#writeAll()
      if (this.#closing) await this.#finish()
    } catch (error) {
      await this.#failed(error)
    } finally {
      this.#running = false
    }
  }

  async #writeAll(): Promise<void> {
    const said = () => {
      if (this.#failing) this.#say({ type: 'recovered' })
      this.#failing = false
    }
    const flush = () =>
      this.#writer.flush((info) => {
        said()
        this.#say({ type: 'written', info, bytes: this.#writer.bytes })
      })
    await flush()
    for (let block = this.#blocks.shift(); block !== undefined; block = this.#blocks.shift()) {
      this.#writer.append(block)
      await flush()
    }
  }

  async #finish(): Promise<void> {
    await this.#writer.finish((info) => this.#say({ type: 'written', info, bytes: this.#writer.bytes }))
    await this.#writer.close()
    this.#say({ type: 'closed' })
  }

  /** At the end one attempt must do: quitting does not wait for a full disk. What was written stays readable. */
  async #failed(error: unknown): Promise<void> {
    const problem = problemData(error, this.#path)
    if (this.#closing) {
      await this.#writer.close().catch(() => undefined)
      this.#say({ type: 'closed', problem })
      return
    }
    if (!this.#failing) this.#say({ type: 'failing', problem })
    this.#failing = true
    this.#retry = setTimeout(() => void this.#run(), this.#retryMillis)
  }
}
