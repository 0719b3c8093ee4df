/** The hand-made client of etcd against a server that knows HTTP/2 in full: Node's own. */
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import { afterEach, expect, test } from 'vitest'
import { PUT_METHOD, putRequest, revisionOf } from './etcd-messages'
import { Http2Connection } from './http2'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A gRPC message in its envelope. */
const enveloped = (message: Uint8Array) => Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message])
const putResponse = (revision: number) => Buffer.from([0x0a, 4, 0x08, 7, 0x18, revision])

async function serve(
  answer: (stream: ServerHttp2Stream, body: Buffer, headers: Record<string, unknown>) => void,
): Promise<{ readonly connection: Http2Connection; readonly server: Http2Server }> {
  const server = createServer()
  server.on('stream', (stream, headers) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => answer(stream, Buffer.concat(chunks), headers))
    stream.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const connection = await Http2Connection.open('127.0.0.1', port, PUT_METHOD)
  closers.push(
    () => connection.close(),
    () => server.close(),
  )
  return { connection, server }
}

const succeed = (stream: ServerHttp2Stream, message: Uint8Array) => {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  stream.end(enveloped(message))
}

const call = (connection: Http2Connection, message: Uint8Array) =>
  new Promise<Uint8Array | undefined>((resolve) => connection.call(message, resolve))

test('a put arrives whole, with the headers of gRPC, also when the table of headers is used', async () => {
  const seen: { readonly body: Buffer; readonly headers: Record<string, unknown> }[] = []
  const { connection } = await serve((stream, body, headers) => {
    seen.push({ body, headers })
    succeed(stream, putResponse(seen.length))
  })
  const key = Buffer.from('bench/00000042')
  for (const [at, value] of [Buffer.alloc(256, 1), Buffer.alloc(3, 2), Buffer.alloc(16_000, 3)].entries()) {
    const message = putRequest(key, value)
    const answer = await call(connection, message)
    expect(revisionOf(answer ?? new Uint8Array())).toBe(at + 1)
    const { body, headers } = seen[at]!
    expect(headers).toMatchObject({
      ':method': 'POST',
      ':scheme': 'http',
      ':path': '/etcdserverpb.KV/Put',
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    expect(headers[':authority']).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(body.readUInt8(0)).toBe(0)
    expect(body.readUInt32BE(1)).toBe(message.length)
    expect(body.subarray(5).equals(message)).toBe(true)
    expect(message.subarray(2, 2 + key.length)).toEqual(new Uint8Array(key))
    expect(message.subarray(-value.length)).toEqual(new Uint8Array(value))
  }
})

test('more than the window is held back until the server gives more; every call is answered', async () => {
  let bytes = 0
  const { connection } = await serve((stream, body) => {
    bytes += body.length
    succeed(stream, putResponse(1))
  })
  const message = putRequest(Buffer.from('k'), Buffer.alloc(8000))
  const answers = await Promise.all(Array.from({ length: 64 }, () => call(connection, message)))
  expect(answers.filter((answer) => answer !== undefined && revisionOf(answer) === 1)).toHaveLength(64)
  expect(bytes).toBe(64 * (message.length + 5))
})

test('an error in the trailers, a reset stream and a lost connection are no answers', async () => {
  const { connection, server } = await serve((stream, body) => {
    const kind = body.at(-1)
    if (kind === 1) stream.respond({ ':status': 200, 'grpc-status': '14' }, { endStream: true })
    else if (kind === 2) stream.close(8)
    else stream.session?.destroy()
  })
  const fail = (kind: number) => call(connection, putRequest(Buffer.from('k'), Buffer.from([kind])))
  expect(await fail(1)).toBeUndefined()
  expect(await fail(2)).toBeUndefined()
  expect(connection.isOpen).toBe(true)
  expect(await fail(3)).toBeUndefined()
  expect(connection.isOpen).toBe(false)
  expect(await fail(1)).toBeUndefined()
  server.close()
})
