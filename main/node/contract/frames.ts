/**
 * What travels on a socket: `u32 length` (little-endian, of what follows), `u8 type`, body. Raft messages, client calls
 * and events are binary; what is rare (hello, control, fatal, admin) is JSON, checked by its schema.
 */
import * as z from 'zod/mini'
import type { Entry } from '../../raft/types'
import { type AdminReply, type AdminRequest, adminReplySchema, adminRequestSchema } from './admin'
import { ByteReader, ByteWriter } from './bytes'
import type { ClientReply, ClientRequest } from './client'
import type { Control } from './control'
import { controlSchema } from './control'
import { type ControlReply, controlReplySchema } from './control-conditions'
import { decodeEvents, writeEvent } from './event-codec'
import type { ReportedEvent } from './events'
import { putReply, putRequest, readReply, readRequest, replyBytes, requestBytes } from './frames/clients'
import { FrameSplitter } from './frames/decoder'
import type { MessageFrame, NamedMessage } from './frames/messages'
import { readMessage, writeMessage } from './frames/messages'
import { MAX_FRAME_BYTES } from './limits'
import { type LogRun, logRunSchema } from './log-run'
import { Problem } from './problem'
import { decodeEntries, entriesBytes, putEntries } from './records/entries'

z.config({ ...z.locales.en(), jitless: true })

/** Both ends of a connection must name the same one in their hello. */
export const PROTOCOL_VERSION = 5

export const helloSchema = z.object({
  type: z.literal('hello'),
  version: z.int(),
  clusterId: z.string(),
  /** What the connecting side will say here: Raft messages, client requests, or events. */
  role: z.enum(['peer', 'client', 'telemetry']),
  /** 0 for a client. */
  node: z.int().check(z.minimum(0), z.maximum(65535)),
  incarnation: z.int().check(z.minimum(0)),
  pid: z.int().check(z.minimum(0)),
})
/** The first frame of every connection, from the side that connects. */
export type Hello = Readonly<z.infer<typeof helloSchema>>

export const fatalSchema = z.object({ type: z.literal('fatal'), problem: z.string(), details: z.string() })
/** A node's last word. `problem` is a code of problem.ts, `details` its details as JSON. */
export type Fatal = Readonly<z.infer<typeof fatalSchema>>

const logSchema = z.object({ type: z.literal('log'), runs: z.array(logRunSchema) })

export type Frame =
  | Hello
  | MessageFrame
  /** One that was decoded is an `ArrivedRequest` of command.ts, and holds on to the bytes it came in. */
  | { readonly type: 'request'; readonly request: ClientRequest }
  | { readonly type: 'reply'; readonly reply: ClientReply }
  /** `upTo`: the reporter has no event with an earlier `t` left to say. */
  | { readonly type: 'events'; readonly upTo: number; readonly events: readonly ReportedEvent[] }
  | { readonly type: 'control'; readonly control: Control }
  /** Of a node, to a control that has a request. */
  | ControlReply
  /**
   * Of a node that starts with a long log: the next `appended` events say of these runs that they are there, and not what is in
   * them. The node keeps that until the workbench has said which it wants to be told (control 'tell').
   */
  | { readonly type: 'log'; readonly runs: readonly LogRun[] }
  /** What is in the run at this place of the log that was announced. */
  | { readonly type: 'entries'; readonly run: number; readonly entries: readonly Entry[] }
  /** The node has read its disk and its socket listens. */
  | { readonly type: 'ready' }
  | Fatal
  /** On a client's connection. */
  | AdminRequest
  | AdminReply
export type FrameType = Frame['type']
export type { MessageFrame, NamedMessage }

const TYPES = [
  'hello',
  'message',
  'request',
  'reply',
  'events',
  'control',
  'ready',
  'fatal',
  'admin',
  'admin-reply',
  'control-reply',
  'log',
  'entries',
] as const satisfies readonly FrameType[]

const PREFIX_BYTES = 4

/** With its length prefix. Throws Problem 'frame-malformed' when the frame is longer than {@link MAX_FRAME_BYTES}. */
export function encodeFrame(frame: Frame): Uint8Array {
  const writer = new ByteWriter()
  writeFrame(writer, frame)
  return writer.finish()
}

/** The same, behind what `writer` has already: a connection puts together what leaves in one turn. */
export function writeFrame(writer: ByteWriter, frame: Frame): void {
  const from = beginFrame(writer, frame.type)
  writeBody(writer, frame)
  endFrame(writer, from)
}

/** For who writes the body of a frame itself: returns where the frame begins, for {@link endFrame}. */
export function beginFrame(writer: ByteWriter, type: FrameType): number {
  const from = writer.reserve(PREFIX_BYTES + 1)
  writer.view.setUint8(from + PREFIX_BYTES, TYPES.indexOf(type))
  return from
}

/** Throws Problem 'frame-malformed', and takes the frame back, when it is longer than {@link MAX_FRAME_BYTES}. */
export function endFrame(writer: ByteWriter, from: number): void {
  const length = writer.length - from - PREFIX_BYTES
  if (length > MAX_FRAME_BYTES) {
    writer.cut(from)
    throw new Problem('frame-malformed', { peer: '', reason: `a frame of ${length} bytes is too long` })
  }
  writer.patchU32(from, length)
}

function writeBody(writer: ByteWriter, frame: Frame): void {
  switch (frame.type) {
    case 'hello':
    case 'fatal':
    case 'admin':
    case 'admin-reply':
    case 'control-reply':
    case 'log':
      writer.text(JSON.stringify(frame))
      break
    case 'message':
      writer.f64(frame.sentAt)
      writeMessage(writer, frame)
      break
    case 'request': {
      const at = writer.reserve(requestBytes(frame.request))
      putRequest(writer.target, at, frame.request)
      break
    }
    case 'reply': {
      const at = writer.reserve(replyBytes(frame.reply))
      putReply(writer.target, at, frame.reply)
      break
    }
    case 'events':
      writer.f64(frame.upTo)
      for (const event of frame.events) writeEvent(writer, event)
      break
    case 'control':
      writer.text(JSON.stringify(frame.control))
      break
    case 'entries': {
      writer.u32(frame.run)
      const at = writer.reserve(entriesBytes(frame.entries))
      putEntries(writer.target, writer.view, at, frame.entries)
      break
    }
    case 'ready':
      break
    default:
      frame satisfies never
  }
}

/** The frame whose body (type and what follows) is all that `reader` has left. */
function readFrame(reader: ByteReader, peer: string): Frame {
  const type = reader.choice(TYPES, 'frame type')
  const frame = readBody(reader, type, peer)
  reader.end()
  return frame
}

function readBody(reader: ByteReader, type: FrameType, peer: string): Frame {
  switch (type) {
    case 'hello':
      return readJson(reader, helloSchema)
    case 'message': {
      const sentAt = reader.count('a time')
      return { ...readMessage(reader, peer), sentAt }
    }
    case 'request':
      return { type, request: readRequest(reader) }
    case 'reply':
      return { type, reply: readReply(reader) }
    case 'events': {
      const upTo = reader.f64()
      return { type, upTo, events: decodeEvents(reader.rest(), peer) }
    }
    case 'control':
      return { type, control: readJson(reader, controlSchema) }
    case 'ready':
      return { type }
    case 'fatal':
      return readJson(reader, fatalSchema)
    case 'admin':
      return readJson(reader, adminRequestSchema)
    case 'admin-reply':
      return readJson(reader, adminReplySchema)
    case 'control-reply':
      return readJson(reader, controlReplySchema)
    case 'log':
      return readJson(reader, logSchema)
    case 'entries': {
      const run = reader.u32()
      return { type, run, entries: decodeEntries(reader.rest(), peer) }
    }
  }
}

function readJson<S extends z.ZodMiniType>(reader: ByteReader, schema: S): z.infer<S> {
  let value: unknown
  try {
    value = JSON.parse(reader.text())
  } catch (error) {
    if (error instanceof Problem) throw error
    reader.fail('its JSON cannot be read')
  }
  const read = schema.safeParse(value)
  if (!read.success) reader.fail(z.prettifyError(read.error))
  return read.data
}

/**
 * One per connection, and a new one after every reconnect. Bounded by {@link MAX_FRAME_BYTES}. After it threw it must
 * not be used again: the place in the stream is lost.
 */
export class FrameDecoder {
  readonly #peer: string
  readonly #splitter: FrameSplitter

  /** `peer` is who gets the blame. */
  constructor(peer = '') {
    this.#peer = peer
    this.#splitter = new FrameSplitter(peer)
  }

  /** The frames that `chunk` completes, in order. Throws Problem 'frame-malformed'. */
  push(chunk: Uint8Array): Frame[] {
    const frames: Frame[] = []
    let reader: ByteReader | undefined
    let readable: Uint8Array | undefined
    this.#splitter.push(chunk, (bytes, from, to) => {
      if (reader === undefined || readable !== bytes) {
        reader = new ByteReader(bytes, this.#peer)
        readable = bytes
      }
      reader.window(from, to)
      frames.push(readFrame(reader, this.#peer))
    })
    return frames
  }
}
