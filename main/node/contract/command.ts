/** A client's command as the data of a log entry: session (client, sequence) and what to do. */
import { ByteReader, ByteWriter } from './bytes'
import type { Command } from './client'

export interface SessionCommand {
  readonly client: number
  readonly sequence: number
  readonly command: Command
}

export const COMMAND_OPS = ['put', 'get', 'delete'] as const satisfies readonly Command['op'][]

export function writeCommand(writer: ByteWriter, { client, sequence, command }: SessionCommand): void {
  writer.u8(COMMAND_OPS.indexOf(command.op))
  writer.f64(client)
  writer.f64(sequence)
  writer.text(command.key)
  if (command.op === 'put') writer.bytes(command.value)
}

export function readCommand(reader: ByteReader): SessionCommand {
  const op = reader.choice(COMMAND_OPS, 'operation')
  const client = reader.count('a client')
  const sequence = reader.count('a sequence')
  const key = reader.text()
  return { client, sequence, command: op === 'put' ? { op, key, value: reader.bytes() } : { op, key } }
}

export function encodeCommand(command: SessionCommand): Uint8Array {
  const writer = new ByteWriter()
  writeCommand(writer, command)
  return writer.finish()
}

/** Throws Problem 'frame-malformed' when `data` is not a command. */
export function decodeCommand(data: Uint8Array): SessionCommand {
  const reader = new ByteReader(data)
  const command = readCommand(reader)
  reader.end()
  return command
}
