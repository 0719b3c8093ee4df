/**
 * A gRPC client as thin as it can be, so that it is never what bounds the server: HTTP/2 with prior knowledge (RFC 9113)
 * over one socket, always the same five headers (six bytes once the server's table has them, RFC 7541), one DATA frame
 * per request, one socket write per turn. Answers are matched by stream; their headers are not decoded: an answer with a
 * body succeeded, one without did not (gRPC sends an error as trailers alone).
 */
import { connect, type Socket } from 'node:net'

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')
const HEADER_BYTES = 9
/** Compressed flag and length, before every gRPC message. */
const MESSAGE_PREFIX_BYTES = 5

const FRAME = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
} as const
const END_STREAM = 1
const ACK = 1
const END_HEADERS = 4
const PADDED = 8
const SETTING_INITIAL_WINDOW = 4
const DEFAULT_WINDOW = 65_535
const OUR_WINDOW = 0x7fffffff
/** How much we read before we give the server new window. */
const RENEW_AFTER = 1 << 24

/** The message, or undefined when the call failed or the connection was lost. */
export type Answered = (message: Uint8Array | undefined) => void

interface Call {
  readonly answered: Answered
  body: Buffer | undefined
}

export class Http2Connection {
  readonly #socket: Socket
  readonly #firstBlock: Buffer
  readonly #calls = new Map<number, Call>()
  #block: Buffer
  #nextStream = 1
  #queue: Buffer[] = []
  /** Requests that wait for window, with their DATA bytes. */
  #held: { readonly bytes: number; readonly frames: Buffer; readonly stream: number }[] = []
  #window = DEFAULT_WINDOW
  #received = 0
  #rest: Buffer = Buffer.alloc(0)
  #isClosed = false

  private constructor(socket: Socket, authority: string, path: string) {
    this.#socket = socket
    this.#firstBlock = firstHeaderBlock(authority, path)
    this.#block = this.#firstBlock
    socket.on('data', (chunk) => this.#receive(chunk))
    socket.on('close', () => this.#closed())
    // 'close' follows and fails the calls.
    socket.on('error', () => undefined)
    const settings = frame(FRAME.settings, 0, 0, 6)
    settings.writeUInt16BE(SETTING_INITIAL_WINDOW, HEADER_BYTES)
    settings.writeUInt32BE(OUR_WINDOW, HEADER_BYTES + 2)
    socket.write(Buffer.concat([PREFACE, settings, windowUpdate(OUR_WINDOW - DEFAULT_WINDOW)]))
  }

  /** Rejects when nobody listens there. */
  static async open(host: string, port: number, path: string): Promise<Http2Connection> {
    const socket = connect({ host, port, noDelay: true })
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return new Http2Connection(socket, `${host}:${port}`, path)
  }

  get isOpen(): boolean {
    return !this.#isClosed
  }

  /** Calls the method with one message. */
  call(message: Uint8Array, answered: Answered): void {
    if (this.#isClosed) {
      queueMicrotask(() => answered(undefined))
      return
    }
    const stream = this.#nextStream
    this.#nextStream += 2
    const body = MESSAGE_PREFIX_BYTES + message.length
    const block = this.#block
    this.#block = LATER_HEADER_BLOCK
    const frames = Buffer.allocUnsafe(2 * HEADER_BYTES + block.length + body)
    writeHeader(frames, 0, { length: block.length, type: FRAME.headers, flags: END_HEADERS, stream })
    frames.set(block, HEADER_BYTES)
    const data = HEADER_BYTES + block.length
    writeHeader(frames, data, { length: body, type: FRAME.data, flags: END_STREAM, stream })
    frames.writeUInt8(0, data + HEADER_BYTES)
    frames.writeUInt32BE(message.length, data + HEADER_BYTES + 1)
    frames.set(message, data + HEADER_BYTES + MESSAGE_PREFIX_BYTES)
    this.#calls.set(stream, { answered, body: undefined })
    if (this.#held.length > 0 || body > this.#window) this.#held.push({ bytes: body, frames, stream })
    else this.#send(frames, body)
  }

  close(): void {
    this.#socket.destroy()
  }

  #send(frames: Buffer, windowBytes = 0): void {
    this.#window -= windowBytes
    if (this.#queue.length === 0) queueMicrotask(() => this.#flush())
    this.#queue.push(frames)
  }

  #flush(): void {
    const [first] = this.#queue
    if (first !== undefined) this.#socket.write(this.#queue.length === 1 ? first : Buffer.concat(this.#queue))
    this.#queue = []
  }

  #receive(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    while (at + HEADER_BYTES <= bytes.length) {
      const length = bytes.readUIntBE(at, 3)
      const end = at + HEADER_BYTES + length
      if (end > bytes.length) break
      const stream = bytes.readUInt32BE(at + 5) & 0x7fffffff
      this.#hear(bytes[at + 3] ?? 0, bytes[at + 4] ?? 0, stream, bytes.subarray(at + HEADER_BYTES, end))
      at = end
    }
    this.#rest = bytes.subarray(at)
  }

  #hear(type: number, flags: number, stream: number, payload: Buffer): void {
    switch (type) {
      case FRAME.data:
        this.#hearData(stream, flags, payload)
        break
      case FRAME.headers:
        if (flags & END_STREAM) this.#finish(stream)
        break
      case FRAME.reset:
        this.#finish(stream)
        break
      case FRAME.settings:
        if (!(flags & ACK)) this.#send(frame(FRAME.settings, ACK, 0, 0))
        break
      case FRAME.ping: {
        if (flags & ACK) break
        const pong = frame(FRAME.ping, ACK, 0, payload.length)
        pong.set(payload, HEADER_BYTES)
        this.#send(pong)
        break
      }
      case FRAME.goAway:
        this.#socket.destroy()
        break
      case FRAME.windowUpdate:
        if (stream === 0) this.#widen(payload.readUInt32BE(0) & 0x7fffffff)
        break
    }
  }

  #hearData(stream: number, flags: number, payload: Buffer): void {
    this.#received += payload.length
    if (this.#received >= RENEW_AFTER) {
      this.#send(windowUpdate(this.#received))
      this.#received = 0
    }
    const call = this.#calls.get(stream)
    const padding = flags & PADDED ? (payload[0] ?? 0) : 0
    const part = flags & PADDED ? payload.subarray(1, payload.length - padding) : payload
    if (call !== undefined) call.body = call.body === undefined ? part : Buffer.concat([call.body, part])
    if (flags & END_STREAM) this.#finish(stream)
  }

  #widen(bytes: number): void {
    this.#window += bytes
    for (let next = this.#held[0]; next !== undefined && next.bytes <= this.#window; next = this.#held[0]) {
      this.#held.shift()
      this.#send(next.frames, next.bytes)
    }
  }

  #finish(stream: number): void {
    const call = this.#calls.get(stream)
    if (call === undefined) return
    this.#calls.delete(stream)
    call.answered(call.body?.subarray(MESSAGE_PREFIX_BYTES))
  }

  #closed(): void {
    this.#isClosed = true
    for (const stream of [...this.#calls.keys()]) this.#finish(stream)
  }
}

function writeHeader(
  into: Buffer,
  at: number,
  { length, type, flags, stream }: { length: number; type: number; flags: number; stream: number },
): void {
  into.writeUIntBE(length, at, 3)
  into.writeUInt8(type, at + 3)
  into.writeUInt8(flags, at + 4)
  into.writeUInt32BE(stream, at + 5)
}

function frame(type: number, flags: number, stream: number, length: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + length)
  writeHeader(bytes, 0, { length, type, flags, stream })
  return bytes
}

function windowUpdate(bytes: number): Buffer {
  const update = frame(FRAME.windowUpdate, 0, 0, 4)
  update.writeUInt32BE(bytes, HEADER_BYTES)
  return update
}

/** `:method: POST` and `:scheme: http` stand in the static table; the others enter the dynamic one. */
function firstHeaderBlock(authority: string, path: string): Buffer {
  const indexed = (name: number, value: string) => [Buffer.from([0x40 | name]), text(value)]
  return Buffer.concat([
    Buffer.from([0x83, 0x86]),
    ...indexed(4, path),
    ...indexed(1, authority),
    ...indexed(31, 'application/grpc'),
    ...[Buffer.from([0x40]), text('te'), text('trailers')],
  ])
}

/** The same once they stand in the dynamic table, the newest at 62. */
const LATER_HEADER_BLOCK = Buffer.from([0x83, 0x86, 0x80 | 65, 0x80 | 64, 0x80 | 63, 0x80 | 62])

/** A string literal without Huffman coding; ours are shorter than 127 bytes. */
function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([value.length]), Buffer.from(value, 'latin1')])
}
