/** One socket that carries frames, the same for both ends. */
import type { Socket } from 'node:net'
import type { Frame } from '../frames'
import { encodeFrame, FrameDecoder } from '../frames'
import { asProblem, type Problem } from '../problem'

/** Frames below this are put together before they are written; larger ones go as they are, without a copy. */
const SMALL_BYTES = 4096
/** How long a closing connection may take to hand over what was sent before. */
const CLOSE_MILLIS = 500

export interface Connection {
  /**
   * Takes the frame; everything sent in one turn leaves in one socket write. False when the connection is closed and
   * the frame is gone. Nothing is ever held back: whoever sends much looks at {@link backlog} first.
   */
  send(frame: Frame): boolean
  /** Bytes that were taken and not yet handed to the system. */
  readonly backlog: number
  readonly isOpen: boolean
  /** Resolves when the backlog is empty, or the connection closed. */
  drained(): Promise<void>
  /** Frames in order. One listener; frames that arrive before there is one are lost. */
  onFrame(listener: (frame: Frame) => void): void
  onClose(listener: () => void): void
  /** The other side said something that is no frame ('frame-malformed'); the connection closes right after. */
  onProblem(listener: (problem: Problem) => void): void
  /** Reads no more until it is called with false. */
  pause(isPaused: boolean): void
  /** Hands over what was sent, then closes. */
  close(): void
}

export interface ConnectionOptions {
  readonly socket: Socket
  /** Writes to the socket, through node-ipc. */
  readonly write: (chunk: Buffer) => void
  /** Who is blamed for a malformed frame. */
  readonly peer: string
  /** Stop reading while more than this waits to be written: whoever does not read its answers may not ask more. */
  readonly pauseAbove?: number
}

export class SocketConnection implements Connection {
  readonly #options: ConnectionOptions
  readonly #decoder: FrameDecoder
  #queue: Uint8Array[] = []
  #queued = 0
  #isOpen = true
  #isPaused = false
  #onFrame: (frame: Frame) => void = () => {}
  readonly #onClose: (() => void)[] = []
  readonly #onProblem: ((problem: Problem) => void)[] = []

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#decoder = new FrameDecoder(options.peer)
    options.socket.on('drain', () => {
      if (!this.#isPaused) options.socket.resume()
    })
  }

  get backlog(): number {
    return this.#queued + this.#options.socket.writableLength
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  onFrame(listener: (frame: Frame) => void): void {
    this.#onFrame = listener
  }

  onClose(listener: () => void): void {
    this.#onClose.push(listener)
  }

  onProblem(listener: (problem: Problem) => void): void {
    this.#onProblem.push(listener)
  }

  send(frame: Frame): boolean {
    if (!this.#isOpen) return false
    const bytes = encodeFrame(frame)
    if (this.#queue.length === 0) queueMicrotask(() => this.#flush())
    this.#queue.push(bytes)
    this.#queued += bytes.length
    return true
  }

  async drained(): Promise<void> {
    this.#flush()
    const { socket } = this.#options
    if (socket.writableLength === 0 || socket.destroyed) return
    await new Promise<void>((resolve) => {
      socket.once('drain', resolve)
      socket.once('close', resolve)
      // 'drain' only comes when a write was refused; this empty one is called back after all before it.
      socket.write('', () => resolve())
    })
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused
    if (isPaused) this.#options.socket.pause()
    else this.#options.socket.resume()
  }

  close(): void {
    if (!this.#isOpen) return
    this.#flush()
    const { socket } = this.#options
    const timer = setTimeout(() => socket.destroy(), CLOSE_MILLIS)
    timer.unref()
    socket.end(() => socket.destroy())
    this.closed()
  }

  /** For the endpoint: a chunk has arrived. */
  receive(chunk: Uint8Array): void {
    if (!this.#isOpen) return
    let frames: Frame[]
    try {
      frames = this.#decoder.push(chunk)
    } catch (error) {
      const problem = asProblem(error)
      for (const listener of this.#onProblem) listener(problem)
      this.#options.socket.destroy()
      this.closed()
      return
    }
    for (const frame of frames) if (this.#isOpen) this.#onFrame(frame)
  }

  /** For the endpoint: the socket is gone. */
  closed(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#queue = []
    this.#queued = 0
    for (const listener of this.#onClose) listener()
  }

  #flush(): void {
    if (this.#queue.length === 0 || !this.#isOpen) return
    const { socket, write, pauseAbove } = this.#options
    const queue = this.#queue
    this.#queue = []
    this.#queued = 0
    // Corked, so that several chunks still are one system call.
    socket.cork()
    for (const chunk of joinSmall(queue)) write(chunk)
    socket.uncork()
    if (pauseAbove !== undefined && socket.writableNeedDrain && socket.writableLength > pauseAbove) socket.pause()
  }
}

/** Runs of small frames become one chunk each; large frames stay alone. */
function* joinSmall(frames: readonly Uint8Array[]): Generator<Buffer> {
  let run: Uint8Array[] = []
  for (const frame of frames) {
    if (frame.length < SMALL_BYTES) {
      run.push(frame)
      continue
    }
    if (run.length > 0) yield Buffer.concat(run)
    run = []
    yield Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)
  }
  if (run.length > 0) yield Buffer.concat(run)
}
