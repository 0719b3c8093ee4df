/** What a client asks and hears, as bytes. */
import type { ByteReader, ByteWriter } from '../bytes'
import type { ClientReply, ClientRequest } from '../client'
import { readCommand, writeCommand } from '../command'

const STATUSES = ['ok', 'not-leader', 'lost', 'refused'] as const satisfies readonly ClientReply['status'][]

export function writeRequest(writer: ByteWriter, request: ClientRequest): void {
  writer.f64(request.request)
  writeCommand(writer, request)
}

export function readRequest(reader: ByteReader): ClientRequest {
  const request = reader.count('a request')
  return { request, ...readCommand(reader) }
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
