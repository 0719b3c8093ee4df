import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { Server, Socket } from 'node:net'
import { createServer, connect as netConnect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Frame } from '../../main/node/contract/frames'
import { encodeFrame } from '../../main/node/contract/frames'
import { MAX_FRAME_BYTES } from '../../main/node/contract/limits'
import type { Problem } from '../../main/node/contract/problem'
import type { Connection, Listener, Outbound } from '../../main/node/contract/transport'
import { connect, listen } from '../../main/node/contract/transport'

let dir: string
let open: { close(): unknown }[]

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rw-transport-'))
  open = []
})
afterEach(async () => {
  for (const thing of open.reverse()) await thing.close()
  rmSync(dir, { recursive: true, force: true })
})

const note = (text: string): Frame => ({ type: 'fatal', problem: 'internal', details: text })

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + 20_000
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function serve(address: string, onConnection: (c: Connection) => void): Promise<Listener> {
  const listener = await listen(address, onConnection)
  open.push(listener)
  return listener
}

interface Client {
  readonly outbound: Outbound
  readonly frames: Frame[]
  readonly problems: Problem[]
  opened: number
  closed: number
}

function dial(address: string): Client {
  const frames: Frame[] = []
  const problems: Problem[] = []
  const client: Client = {
    frames,
    problems,
    opened: 0,
    closed: 0,
    outbound: connect(
      address,
      {
        onOpen: () => {
          client.opened += 1
        },
        onFrame: (frame) => frames.push(frame),
        onClose: () => {
          client.closed += 1
        },
        onError: (problem) => problems.push(problem),
      },
      { retryMs: 20 },
    ),
  }
  open.push(client.outbound)
  return client
}

function details(frames: readonly Frame[]): string[] {
  return frames.map((frame) => (frame.type === 'fatal' ? frame.details : frame.type))
}

describe('transport', () => {
  test('frames of all sizes arrive whole and in order, both ways', async () => {
    const heard: Frame[] = []
    const address = join(dir, 'run', 'a.sock')
    await serve(address, (connection) =>
      connection.onFrame((frame) => {
        heard.push(frame)
        connection.send(frame)
      }),
    )
    const client = dial(address)
    await until('open', () => client.opened === 1)
    const sizes = [1, 10, 3000, 5000, 100, 1 << 20, 7, 4 << 20, 2]
    for (const [at, size] of sizes.entries()) client.outbound.connection?.send(note(`${at}:${'x'.repeat(size)}`))
    await until('echo', () => client.frames.length === sizes.length)
    expect(details(heard)).toEqual(sizes.map((size, at) => `${at}:${'x'.repeat(size)}`))
    expect(details(client.frames)).toEqual(details(heard))
  })

  test('frames that are bytes already keep their place among the others', async () => {
    const address = join(dir, 'a.sock')
    const heard: Frame[] = []
    await serve(address, (connection) => connection.onFrame((frame) => heard.push(frame)))
    const client = dial(address)
    await until('open', () => client.opened === 1)
    const sizes = [1, 100, 5000, 3000, 9000, 10, 1 << 20, 1]
    for (const [at, size] of sizes.entries()) {
      const frame = note(`${at}:${'x'.repeat(size)}`)
      if (at % 2 === 0) client.outbound.connection?.send(frame)
      else client.outbound.connection?.sendEncoded(encodeFrame(frame))
    }
    expect(client.outbound.connection?.backlog).toBeGreaterThan(1 << 20)
    await until('all', () => heard.length === sizes.length)
    expect(details(heard)).toEqual(sizes.map((size, at) => `${at}:${'x'.repeat(size)}`))
    // That it has left is heard in a turn of its own.
    await until('nothing waits any more', () => client.outbound.connection?.backlog === 0)
  })

  test('a frame that is too long leaves those around it alone', async () => {
    const address = join(dir, 'a.sock')
    const heard: Frame[] = []
    await serve(address, (connection) => connection.onFrame((frame) => heard.push(frame)))
    const client = dial(address)
    await until('open', () => client.opened === 1)
    client.outbound.connection?.send(note('before'))
    expect(() => client.outbound.connection?.send(note('x'.repeat(MAX_FRAME_BYTES)))).toThrow()
    client.outbound.connection?.send(note('after'))
    await until('both', () => heard.length === 2)
    expect(details(heard)).toEqual(['before', 'after'])
  })

  test('what is sent in one turn is one write', async () => {
    const address = join(dir, 'a.sock')
    const chunks: number[] = []
    await serve(address, (connection) => {
      for (let i = 0; i < 100; i++) connection.send(note(String(i)))
    })
    const socket = netConnect(address)
    socket.on('data', (chunk: Buffer) => chunks.push(chunk.length))
    const total = [...Array(100).keys()].reduce((sum, i) => sum + encodeFrame(note(String(i))).length, 0)
    await until('all', () => chunks.reduce((a, b) => a + b, 0) === total)
    expect(chunks).toHaveLength(1)
    socket.destroy()
  })

  test('only the owner may enter: the directory is 0700 and the socket 0600; both vanish or stay as they should', async () => {
    const address = join(dir, 'run', 'a.sock')
    const listener = await serve(address, () => {})
    expect(statSync(join(dir, 'run')).mode & 0o777).toBe(0o700)
    expect(statSync(address).mode & 0o777).toBe(0o600)
    await listener.close()
    expect(existsSync(address)).toBe(false)
  })

  test('a living server is not taken over, a dead socket file is replaced, a plain file is left alone', async () => {
    const address = join(dir, 'a.sock')
    const first = await serve(address, () => {})
    await expect(listen(address, () => {})).rejects.toMatchObject({ code: 'address-in-use' })
    const client = dial(address)
    await until('the first still answers', () => client.opened === 1)
    client.outbound.close()
    await first.close()

    const script = `require('node:net').createServer().listen(${JSON.stringify(address)}, () => process.kill(process.pid, 'SIGKILL'))`
    spawnSync(process.execPath, ['-e', script])
    expect(existsSync(address)).toBe(true)
    await serve(address, () => {})

    const file = join(dir, 'file')
    writeFileSync(file, 'mine')
    await expect(listen(file, () => {})).rejects.toMatchObject({ code: 'address-in-use' })
    expect(statSync(file).size).toBe(4)
  })

  test('a path that is too long is refused by name, not by EINVAL', async () => {
    const address = join(dir, 'x'.repeat(120))
    await expect(listen(address, () => {})).rejects.toMatchObject({ code: 'socket-path' })
    expect(() => dial(address)).toThrow(expect.objectContaining({ code: 'socket-path' }))
  })

  test('a lost server is found again, and half a frame of the old connection does not meet the new one', async () => {
    const address = join(dir, 'a.sock')
    const whole = Buffer.from(encodeFrame(note('whole')))
    const greet = async (part: Buffer): Promise<Server> => {
      const server = createServer((socket) => {
        sockets.push(socket)
        socket.on('error', () => {})
        socket.write(part)
      })
      await new Promise<void>((resolve) => server.listen(address, resolve))
      return server
    }
    const sockets: Socket[] = []
    const client = dial(address)
    const first = await greet(whole.subarray(0, 9))
    await until('first', () => client.opened === 1 && sockets.length === 1)
    await new Promise((resolve) => {
      first.close(resolve)
      sockets[0]?.end()
    })
    await until('lost', () => client.closed === 1)
    const second = await greet(whole)
    await until('again', () => client.frames.length === 1)
    expect(details(client.frames)).toEqual(['whole'])
    expect(client.opened).toBe(2)
    client.outbound.close()
    await new Promise((resolve) => second.close(resolve))
  })

  test('malformed bytes close that connection only, and say why', async () => {
    const address = join(dir, 'a.sock')
    const problems: Problem[] = []
    const heard: Frame[] = []
    await serve(address, (connection) => {
      connection.onProblem((problem) => problems.push(problem))
      connection.onFrame((frame) => heard.push(frame))
    })
    const good = dial(address)
    await until('open', () => good.opened === 1)
    const tooLong = Buffer.alloc(8)
    tooLong.writeUInt32LE(MAX_FRAME_BYTES + 1)
    for (const bytes of [tooLong, Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.from([1, 0, 0, 0, 99])]) {
      const bad = netConnect(address)
      let isClosed = false
      bad.on('close', () => {
        isClosed = true
      })
      bad.on('error', () => {})
      bad.write(bytes)
      await until('thrown out', () => isClosed)
    }
    expect(problems.map((problem) => problem.code)).toEqual(Array(3).fill('frame-malformed'))
    good.outbound.connection?.send(note('still here'))
    await until('heard', () => heard.length === 1)
    expect(details(heard)).toEqual(['still here'])
  })

  test('the backlog shows when the other side does not read, and nothing that was sent is lost', async () => {
    const address = join(dir, 'a.sock')
    let server: Connection | undefined
    await serve(address, (connection) => {
      server = connection
    })
    const socket = netConnect(address)
    await until('connected', () => server !== undefined)
    const count = 40
    for (let i = 0; i < count; i++) server?.send(note('y'.repeat(1 << 18)))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(server!.backlog).toBeGreaterThan(4 << 20)
    let got = 0
    socket.on('data', (chunk: Buffer) => {
      got += chunk.length
    })
    await server?.drained()
    expect(server!.backlog).toBe(0)
    await until('all', () => got === count * encodeFrame(note('y'.repeat(1 << 18))).length)
    socket.destroy()
  })

  test('closing hands over what was sent', async () => {
    const address = join(dir, 'a.sock')
    const heard: Frame[] = []
    await serve(address, (connection) => connection.onFrame((frame) => heard.push(frame)))
    const client = dial(address)
    await until('open', () => client.opened === 1)
    client.outbound.connection?.send(note('last words'))
    client.outbound.close()
    expect(client.closed).toBe(1)
    await until('heard', () => heard.length === 1)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(client.opened).toBe(1)
  })
})
