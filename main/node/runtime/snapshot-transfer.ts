/** Snapshots between servers (§7, Figure 13): bytes from the disk into messages, and from messages onto the disk. */
import type { Input, InstallSnapshot, NodeId, SnapshotChunk } from '../../raft/types'
import type { NamedMessage } from '../contract/frames'
import type { SnapshotFiles } from '../disk/api'

type SnapshotFrame = NamedMessage & { readonly message: InstallSnapshot }

export function isSnapshotFrame(frame: NamedMessage): frame is SnapshotFrame {
  return frame.message.type === 'InstallSnapshot'
}

/** Fills in what the core leaves out. One read at a time for each peer; of those that wait the latest counts. */
export class SnapshotSender {
  readonly #files: SnapshotFiles
  readonly #chunkBytes: number
  readonly #ready: (frame: NamedMessage) => void
  readonly #failed: (error: unknown) => void
  /** Peers for whom something is being read, and what comes after that. */
  readonly #reading = new Map<NodeId, SnapshotFrame | undefined>()

  /** `ready` takes a message that is whole. */
  constructor(
    files: SnapshotFiles,
    chunkBytes: number,
    ready: (frame: NamedMessage) => void,
    failed: (error: unknown) => void,
  ) {
    this.#files = files
    this.#chunkBytes = chunkBytes
    this.#ready = ready
    this.#failed = failed
  }

  fill(frame: SnapshotFrame): void {
    const { to } = frame.message
    if (this.#reading.has(to)) this.#reading.set(to, frame)
    else this.#read(frame)
  }

  #read(frame: SnapshotFrame): void {
    const { to, snapshot, offset } = frame.message
    // A witness gets the fact without the data.
    if (snapshot.bytes === 0) {
      this.#ready({ ...frame, message: { ...frame.message, done: true } })
      return
    }
    this.#reading.set(to, undefined)
    this.#files.read(snapshot, offset, this.#chunkBytes).then((chunk) => {
      // Gone: a newer one took its place, which the core sends when this one is not answered.
      if (chunk !== undefined) this.#ready({ ...frame, message: { ...frame.message, ...chunk } })
      const next = this.#reading.get(to)
      this.#reading.delete(to)
      if (next !== undefined) this.#read(next)
    }, this.#failed)
  }
}

/** Stores what arrives, in order, and tells the core how far that is. */
export class SnapshotReceiver {
  readonly #files: SnapshotFiles
  readonly #stored: (input: Input, cause: NamedMessage | undefined) => void
  readonly #failed: (error: unknown) => void
  #last: Promise<void> = Promise.resolve()

  /** `cause`: the message that brought the chunk. */
  constructor(
    files: SnapshotFiles,
    stored: (input: Input, cause: NamedMessage | undefined) => void,
    failed: (error: unknown) => void,
  ) {
    this.#files = files
    this.#stored = stored
    this.#failed = failed
  }

  store(chunk: SnapshotChunk, cause: NamedMessage | undefined): void {
    this.#last = this.#last.then(() => this.#store(chunk, cause)).catch(this.#failed)
  }

  async #store({ from, snapshot, offset, data, done }: SnapshotChunk, cause: NamedMessage | undefined): Promise<void> {
    const stored = await this.#files.receive(snapshot, offset, data, done)
    if (stored.complete) this.#stored({ type: 'snapshot-received', from, snapshot }, cause)
    else this.#stored({ type: 'chunk-stored', from, snapshot, offset: stored.offset }, cause)
  }
}
