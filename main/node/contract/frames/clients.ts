/**
 * What a client asks and hears, as bytes.
 *
 * Request: `f64 request, u8 consistency`, then the command as `command.ts` lays it out, its time and timeout 0.
 */
import type { ByteReader, ByteWriter } from '../bytes'
import { type ClientReply, type ClientRequest, CONSISTENCIES } from '../client'
import { ArrivedRequest, encodeCommand } from '../command'

const STATUSES = ['ok', 'not-leader', 'lost', 'refused'] as const satisfies readonly ClientReply['status'][]

export function writeRequest(writer: ByteWriter, request: ClientRequest): void {
  writer.f64(request.request)
  writer.u8(CONSISTENCIES.indexOf(request.consistency))
  const { client, sequence, command } = request
  writer.rest(encodeCommand({ client, sequence, command, time: 0 }))
}

/** The request holds on to the bytes it was read from. */
export function readRequest(reader: ByteReader): ArrivedRequest {
  const request = reader.count('a request')
  const consistency = reader.choice(CONSISTENCIES, 'consistency')
  return new ArrivedRequest(request, consistency, reader.rest(), (reason) => reader.fail(reason))
}
export function writeReply(writer: ByteWriter, reply: ClientReply): void {
  writer.u8(STATUSES.indexOf(reply.status))
  writer.f64(reply.request)
  switch (reply.status) {
    case 'ok':
      writer.flag(reply.found)
      writer.f64(reply.index)
      writer.f64(reply.term)
      writer.bytes(reply.value)
      break
    case 'not-leader':
      writer.u16(reply.leader)
      break
    case 'lost':
      break
    case 'refused':
      writer.text(reply.problem)
      writer.text(reply.detail)
      break
    default:
      reply satisfies never
  }
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
