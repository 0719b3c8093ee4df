/**
 * A server that answers every put of the etcd driver at once and does nothing: what the driver reaches against it is
 * what the driver itself can do. It tells its port to the process that started it.
 */
import { createServer } from 'node:net'

process.on('SIGINT', () => undefined)
process.on('disconnect', () => process.exit(0))

const HEADER_BYTES = 9
const DATA = 0
const SETTINGS = 4
const END_STREAM = 1
const PREFACE_BYTES = 24

function frame(type: number, flags: number, payload: readonly number[]): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + payload.length)
  bytes.writeUIntBE(payload.length, 0, 3)
  bytes.writeUInt8(type, 3)
  bytes.writeUInt8(flags, 4)
  bytes.set(payload, HEADER_BYTES)
  return bytes
}

// Headers `:status: 200`; a PutResponse whose header says revision 1; trailers `grpc-status: 0`.
const REPLY = [
  frame(1, 4, [0x88]),
  frame(DATA, 0, [0, 0, 0, 0, 4, 0x0a, 2, 0x18, 1]),
  frame(1, 5, [0x10, 11, ...Buffer.from('grpc-status'), 1, 0x30]),
]
const REPLY_BYTES = Buffer.concat(REPLY)
const STREAM_AT = REPLY.map((_, i) => REPLY.slice(0, i).reduce((sum, { length }) => sum + length, 0) + 5)
const WIDE = frame(8, 0, [0x40, 0, 0, 0])

const server = createServer((socket) => {
  let rest: Buffer = Buffer.alloc(0)
  let greeted = false
  let received = 0
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  socket.write(Buffer.concat([frame(SETTINGS, 0, []), WIDE]))
  socket.on('data', (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    if (!greeted) {
      if (bytes.length < PREFACE_BYTES) {
        rest = bytes
        return
      }
      greeted = true
      at = PREFACE_BYTES
    }
    const replies: Buffer[] = []
    while (at + HEADER_BYTES <= bytes.length) {
      const length = bytes.readUIntBE(at, 3)
      const end = at + HEADER_BYTES + length
      if (end > bytes.length) break
      const [type, flags] = [bytes[at + 3], bytes[at + 4] ?? 0]
      if (type === DATA) received += length
      if (type === DATA && flags & END_STREAM) {
        const reply = Buffer.from(REPLY_BYTES)
        const stream = bytes.readUInt32BE(at + 5)
        for (const place of STREAM_AT) reply.writeUInt32BE(stream, place)
        replies.push(reply)
      }
      at = end
    }
    rest = bytes.subarray(at)
    if (received > 1 << 28) {
      const more = Buffer.from(WIDE)
      more.writeUInt32BE(received, HEADER_BYTES)
      replies.push(more)
      received = 0
    }
    if (replies.length > 0) socket.write(Buffer.concat(replies))
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.(typeof address === 'object' && address !== null ? address.port : 0)
})
