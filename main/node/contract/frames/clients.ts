/**
 * What a client asks and hears, as bytes. Both are written in one piece of the right size: they are the frames that a
 * busy node meets most. Little-endian:
 *
 *     request: f64 request, u8 consistency, the command as command.ts lays it out, its time and timeout 0
 *     reply:   u8 status, f64 request, and ok: u8 found, f64 index, f64 term, u32 length, value
 *              not-leader: u16 leader · refused: u32 length, problem, u32 length, detail · lost: nothing
 */
import type { ByteReader } from '../bytes'
import { type ClientReply, type ClientRequest, CONSISTENCIES } from '../client'
import { ArrivedRequest, commandBytes, putCommand } from '../command'

const REQUEST_HEAD = 9
const REPLY_HEAD = 9
const STATUSES = ['ok', 'not-leader', 'lost', 'refused'] as const satisfies readonly ClientReply['status'][]

export function requestBytes({ command }: ClientRequest): number {
  return REQUEST_HEAD + commandBytes(command)
}

/** Writes it at `at`, where there is room for {@link requestBytes}. */
export function putRequest(bytes: Buffer, at: number, request: ClientRequest): void {
  const { client, sequence, command } = request
  bytes.writeDoubleLE(request.request, at)
  bytes[at + 8] = CONSISTENCIES.indexOf(request.consistency)
  putCommand(bytes, at + REQUEST_HEAD, { client, sequence, command, time: 0 })
}

/** The request holds on to the bytes it was read from. */
export function readRequest(reader: ByteReader): ArrivedRequest {
  const request = reader.count('a request')
  const consistency = reader.choice(CONSISTENCIES, 'consistency')
  return new ArrivedRequest(request, consistency, reader.rest(), (reason) => reader.fail(reason))
}

export function replyBytes(reply: ClientReply): number {
  switch (reply.status) {
    case 'ok':
      return REPLY_HEAD + 21 + reply.value.length
    case 'not-leader':
      return REPLY_HEAD + 2
    case 'lost':
      return REPLY_HEAD
    case 'refused':
      return REPLY_HEAD + 8 + Buffer.byteLength(reply.problem) + Buffer.byteLength(reply.detail)
  }
}

/** Writes it at `at`, where there is room for {@link replyBytes}. */
export function putReply(bytes: Buffer, at: number, reply: ClientReply): void {
  bytes[at] = STATUSES.indexOf(reply.status)
  bytes.writeDoubleLE(reply.request, at + 1)
  const body = at + REPLY_HEAD
  switch (reply.status) {
    case 'ok':
      bytes[body] = reply.found ? 1 : 0
      bytes.writeDoubleLE(reply.index, body + 1)
      bytes.writeDoubleLE(reply.term, body + 9)
      bytes.writeUInt32LE(reply.value.length, body + 17)
      bytes.set(reply.value, body + 21)
      break
    case 'not-leader':
      bytes.writeUInt16LE(reply.leader, body)
      break
    case 'lost':
      break
    case 'refused':
      putText(bytes, putText(bytes, body, reply.problem), reply.detail)
      break
    default:
      reply satisfies never
  }
}

/** Returns where it ends. */
function putText(bytes: Buffer, at: number, text: string): number {
  const size = bytes.write(text, at + 4)
  bytes.writeUInt32LE(size, at)
  return at + 4 + size
}

export function readReply(reader: ByteReader): ClientReply {
  const status = reader.choice(STATUSES, 'status')
  const request = reader.count('a request')
  switch (status) {
    case 'ok': {
      const found = reader.flag()
      const index = reader.count('an index')
      const term = reader.count('a term')
      return { request, status, found, index, term, value: reader.bytes() }
    }
    case 'not-leader':
      return { request, status, leader: reader.u16() }
    case 'lost':
      return { request, status }
    case 'refused':
      return { request, status, problem: reader.text(), detail: reader.text() }
  }
}
