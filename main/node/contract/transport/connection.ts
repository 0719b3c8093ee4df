/** One socket that carries frames, the same for both ends. */
import type { Socket } from 'node:net'
import { ByteWriter } from '../bytes'
import type { Frame } from '../frames'
import { FrameDecoder, writeFrame } from '../frames'
import { asProblem, type Problem } from '../problem'

/** Encoded frames below this are put together before they are written; larger ones go as they are, without a copy. */
const SMALL_BYTES = 4096
/** Room that the bytes of one turn begin with: as much as the last turn's took, within this. */
const MIN_ROOM = 1024
const MAX_ROOM = 256 << 10
/** How long a closing connection may take to hand over what was sent before. */
const CLOSE_MILLIS = 500

export interface Connection {
  /**
   * Takes the frame; everything sent in one turn leaves in one socket write. False when the connection is closed and
   * the frame is gone. Nothing is ever held back: whoever sends much looks at {@link backlog} first.
   */
  send(frame: Frame): boolean
  /** The same for a frame that is bytes already. They belong to the connection from then on. */
  sendEncoded(frame: Uint8Array): boolean
  /** Hands what was sent so far to the system at once, before the turn is over. */
  flush(): void
  /** Bytes that were taken and not yet handed to the system. */
  readonly backlog: number
  /** Bytes that came so far, those of frames that are not whole yet as well. */
  readonly bytesRead: number
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
  /** What leaves at the end of the turn: whole chunks, then what is being written. */
  #chunks: Uint8Array[] = []
  #chunkBytes = 0
  #writer: ByteWriter | undefined
  #room = MIN_ROOM
  #isFlushing = false
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
    return this.#chunkBytes + (this.#writer?.length ?? 0) + this.#options.socket.writableLength
  }

  get bytesRead(): number {
    return this.#options.socket.bytesRead
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
    writeFrame(this.#begin(), frame)
    return true
  }

  sendEncoded(frame: Uint8Array): boolean {
    if (!this.#isOpen) return false
    const writer = this.#begin()
    if (frame.length < SMALL_BYTES) {
      writer.rest(frame)
    } else {
      this.#seal()
      this.#chunks.push(frame)
      this.#chunkBytes += frame.length
    }
    return true
  }

  flush(): void {
    this.#flush()
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
    this.#forget()
    for (const listener of this.#onClose) listener()
  }

  /** What is written now leaves at the end of the turn. */
  #begin(): ByteWriter {
    if (!this.#isFlushing) {
      this.#isFlushing = true
      queueMicrotask(() => this.#flush())
    }
    this.#writer ??= new ByteWriter(this.#room)
    return this.#writer
  }

  #seal(): void {
    const writer = this.#writer
    if (writer === undefined || writer.length === 0) return
    this.#chunks.push(writer.finish())
    this.#chunkBytes += writer.length
    this.#writer = undefined
  }

  #forget(): void {
    this.#isFlushing = false
    this.#writer = undefined
    this.#chunks = []
    this.#chunkBytes = 0
  }

  #flush(): void {
    if (!this.#isFlushing || !this.#isOpen) return
    this.#seal()
    const { socket, write, pauseAbove } = this.#options
    const chunks = this.#chunks
    this.#room = Math.min(Math.max(this.#chunkBytes, MIN_ROOM), MAX_ROOM)
    this.#forget()
    // Corked, so that several chunks still are one system call.
    if (chunks.length > 1) socket.cork()
    for (const { buffer, byteOffset, byteLength } of chunks) write(Buffer.from(buffer, byteOffset, byteLength))
    if (chunks.length > 1) socket.uncork()
    if (pauseAbove !== undefined && socket.writableNeedDrain && socket.writableLength > pauseAbove) socket.pause()
  }
}
