/** The browser host from outside, over real sockets: who gets in, what is served, and what the door says. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, get, type IncomingHttpHeaders, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type BrowserHost, DEFAULT_PORT, startBrowserHost } from '../../main/browser'
import { createWorkbench, type Workbench } from '../../main/workbench'
import { ensureBuilt } from '../support/build'
import { until } from '../support/cluster'

let directory: string
let host: BrowserHost
let workbench: Workbench
let origin: string
let cookie: string
const logged: string[] = []

const options = (port: number | undefined) => ({
  pages: join(directory, 'renderer'),
  ...(port === undefined ? {} : { port }),
  language: 'en' as const,
  log: (_: string, message: string) => {
    logged.push(message)
  },
})

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rw-host-'))
  await mkdir(join(directory, 'renderer', 'assets'), { recursive: true })
  await writeFile(join(directory, 'renderer', 'index.html'), '<!doctype html><title>Raft Workbench</title>')
  await writeFile(join(directory, 'renderer', 'assets', 'app.js'), 'export {}')
  await writeFile(join(directory, 'secret.js'), 'secret')
  const programs = await ensureBuilt()
  host = await startBrowserHost(options(0))
  workbench = await createWorkbench({
    home: join(directory, 'home'),
    host: host.services,
    programs,
    version: '1.2.3',
  })
  host.attach(workbench)
  origin = `http://127.0.0.1:${host.port}`
  const { headers } = await fetchRaw(host.address)
  cookie = String(headers['set-cookie']).split(';')[0] ?? ''
  logged.length = 0
})
afterEach(async () => {
  await workbench.close()
  await host.close()
  await rm(directory, { recursive: true, force: true })
})

interface Raw {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A request with exactly these headers, its path sent as it is. */
function fetchRaw(address: string, headers: Record<string, string> = {}, method = 'GET', path?: string): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const sent = request(address, { method, headers, ...(path === undefined ? {} : { path }) }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe('the address', () => {
  test('with its token gives the page, a strict policy and a cookie', async () => {
    const { status, headers, body } = await fetchRaw(host.address)
    expect([status, body]).toEqual([200, expect.stringContaining('Raft Workbench')])
    expect(String(headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/)
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['cache-control']).toBe('no-store')
  })

  test.each(['/', '/?token=', '/?token=wrong', '/assets/app.js'])(
    '%s without token or cookie is refused',
    async (path) => {
      const { status, headers } = await fetchRaw(origin + path)
      expect([status, headers['set-cookie']]).toEqual([403, undefined])
    },
  )

  test('the token opens the page, not files; the cookie opens both', async () => {
    const token = new URL(host.address).search
    expect((await fetchRaw(`${origin}/assets/app.js${token}`)).status).toBe(403)
    const { status, headers } = await fetchRaw(`${origin}/assets/app.js`, { cookie })
    expect([status, headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8'])
    expect((await fetchRaw(origin, { cookie })).status).toBe(200)
    expect((await fetchRaw(origin, { cookie: `${cookie}x` })).status).toBe(403)
  })

  test('an invitation is good for one visit', async () => {
    const invitation = host.invite()
    expect((await fetchRaw(invitation)).status).toBe(200)
    expect((await fetchRaw(invitation)).status).toBe(403)
  })

  test('a name that somebody else bound to our address is refused (DNS rebinding)', async () => {
    for (const name of ['evil.example', `evil.example:${host.port}`, '127.0.0.1', `127.0.0.1:${host.port + 1}`]) {
      expect((await fetchRaw(host.address, { host: name, cookie })).status).toBe(421)
    }
    expect((await fetchRaw(origin, { host: `localhost:${host.port}`, cookie })).status).toBe(200)
  })

  test('other pages may not ask for our files', async () => {
    for (const site of ['cross-site', 'same-site']) {
      expect((await fetchRaw(`${origin}/assets/app.js`, { cookie, 'sec-fetch-site': site })).status).toBe(403)
    }
    expect((await fetchRaw(`${origin}/assets/app.js`, { cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })

  test.each(['/../secret.js', '/%2e%2e/secret.js', '/assets/..%2f..%2fsecret.js', '/..\\secret.js', '//secret.js'])(
    '%s does not leave the folder of the window',
    async (path) => {
      const { status, body } = await fetchRaw(origin, { cookie }, 'GET', path)
      expect(status).not.toBe(200)
      expect(body).not.toContain('secret')
    },
  )

  test('only reading is answered', async () => {
    expect((await fetchRaw(origin, { cookie }, 'POST')).status).toBe(405)
    expect(await fetchRaw(origin, { cookie }, 'HEAD')).toMatchObject({ status: 200, body: '' })
  })
})

describe('the port', () => {
  test('that is taken is a problem when it was asked for, and passed over when not', async () => {
    await expect(startBrowserHost(options(host.port))).rejects.toMatchObject({
      code: 'port-in-use',
      details: { port: host.port },
    })
    const { port } = await until('one that begins while the usual port is taken', async () => {
      const blocker = createServer()
      const isOurs = await new Promise<boolean>((resolve) => {
        blocker.once('error', () => resolve(false))
        blocker.listen(DEFAULT_PORT, '127.0.0.1', () => resolve(true))
      })
      const other = await startBrowserHost(options(undefined))
      await other.close()
      if (isOurs) await new Promise((resolve) => blocker.close(resolve))
      // Where we hold it, it must be passed over. Whoever else had it may have given it back meanwhile: once more, then.
      return isOurs ? { port: other.port } : other.port !== DEFAULT_PORT && { port: other.port }
    })
    expect(port).not.toBe(DEFAULT_PORT)
  })

  test('is open to this machine only', async () => {
    const { address } = await new Promise<AddressInfo>((resolve, reject) => {
      const socket = connect(host.port, '127.0.0.1', () => {
        resolve(socket.address() as AddressInfo)
        socket.destroy()
      })
      socket.on('error', reject)
    })
    expect(address).toBe('127.0.0.1')
    await expect(
      new Promise((resolve, reject) => {
        get({ host: '127.0.0.2', port: host.port }, resolve).on('error', reject)
      }),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

/** A tab's side of the door; frames are kept in order. */
async function openDoor(headers: Record<string, string> = { cookie, origin }) {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}/door`, { headers })
  const frames: {
    id?: number | null
    answer?: { ok: boolean; value?: unknown; problem?: { code: string } }
    stream?: number
    value?: unknown
  }[] = []
  socket.on('message', (data) => frames.push(JSON.parse(String(data))))
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return {
    socket,
    frames,
    send: (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    answer: (id: number | null) =>
      until(`answer ${id}`, () => frames.find((frame) => frame.answer && frame.id === id)?.answer),
  }
}

describe('the door', () => {
  test.each([
    ['no cookie', () => ({ origin })],
    ['another token', () => ({ origin, cookie: `${cookie.slice(0, -1)}_` })],
    ['no Origin', () => ({ cookie })],
    ["another page's Origin", () => ({ cookie, origin: 'http://evil.example' })],
    ['the Origin of another port', () => ({ cookie, origin: 'http://127.0.0.1:1' })],
    ['an opaque Origin', () => ({ cookie, origin: 'null' })],
    ['a rebound Host', () => ({ cookie, origin: 'http://evil.example', host: 'evil.example' })],
  ])('%s is refused', async (_, headers) => {
    await expect(openDoor(headers() as Record<string, string>)).rejects.toThrow('403')
  })

  test('calls are answered, streams begin with what is now', async () => {
    const { send, answer, frames } = await openDoor()
    send({ id: 1, call: 'workbench.info', input: {} })
    expect(await answer(1)).toMatchObject({ ok: true, value: { host: 'browser', version: '1.2.3' } })
    send({ id: 2, subscribe: 'source' })
    send({ id: 3, subscribe: 'settings' })
    await until('both streams', () => frames.filter(({ stream }) => stream !== undefined).length === 2)
    expect(frames.filter(({ stream }) => stream !== undefined).map(({ stream, value }) => [stream, value])).toEqual([
      [2, { kind: 'none' }],
      [3, { language: 'system', theme: 'system' }],
    ])
    send({ unsubscribe: 3 })
    send({ id: 4, call: 'settings.set', input: { theme: 'dark' } })
    expect(await answer(4)).toMatchObject({ ok: true })
    expect(frames.filter(({ stream }) => stream === 3)).toHaveLength(1)
  })

  test('bad frames and bad input are answered, and the door stays open', async () => {
    const { send, answer, frames, socket } = await openDoor()
    send('not json')
    send('null')
    send('[]')
    send({ id: 1, call: 'node.kill', input: { node: 'x' } })
    send({ id: 2, call: '__proto__', input: {} })
    send({ id: 3, subscribe: 'everything' })
    send({ id: 4, call: 'workbench.info' })
    send({ id: 5, call: 'workbench.info', input: {}, more: 1 })
    socket.send(Buffer.from([1, 2, 3]))
    for (const id of [1, 2, 3, 4, 5])
      expect(await answer(id)).toMatchObject({ ok: false, problem: { code: 'bad-input' } })
    await until('the nameless ones', () => frames.filter(({ id }) => id === null).length === 4)
    send({ id: 9, call: 'workbench.info', input: {} })
    expect(await answer(9)).toMatchObject({ ok: true })
  })

  test('problems are told in the language of the tab, until a person chooses one', async () => {
    const { send, answer } = await openDoor({ cookie, origin, 'accept-language': 'zh-CN,zh;q=0.9' })
    send({ id: 1, call: 'node.kill', input: { node: 1 } })
    expect(await answer(1)).toMatchObject({ problem: { message: expect.stringContaining('没有正在运行的集群') } })
    send({ id: 2, call: 'settings.set', input: { language: 'en' } })
    await answer(2)
    send({ id: 3, call: 'node.kill', input: { node: 1 } })
    expect(await answer(3)).toMatchObject({ problem: { message: expect.stringContaining('No cluster is running') } })
  })

  test('a frame that is too large ends that door only', async () => {
    const greedy = await openDoor()
    const patient = await openDoor()
    const closed = new Promise<number>((resolve) => greedy.socket.once('close', resolve))
    greedy.socket.on('error', () => undefined)
    greedy.send('x'.repeat(9 << 20))
    expect(await closed).toBe(1009)
    patient.send({ id: 1, call: 'workbench.info', input: {} })
    expect(await patient.answer(1)).toMatchObject({ ok: true })
  })
})

describe('a running cluster behind the door', () => {
  test('is followed live; its export is fetched once', async () => {
    const { send, answer, frames } = await openDoor()
    send({ id: 1, call: 'clusters.create', input: { nodes: 3 } })
    expect(await answer(1)).toMatchObject({ ok: true })
    send({ id: 2, subscribe: 'live' })
    const wholes = () =>
      frames.filter(({ stream, value }) => stream === 2 && (value as { whole: boolean }).whole).length
    await until('the first update', () => wholes() === 1)

    for (let at = 0; at < 30; at++) {
      send({ id: 100 + at, call: 'client.put', input: { key: `k${at}`, value: 'x'.repeat(2000) } })
    }
    for (let at = 0; at < 30; at++) expect(await answer(100 + at)).toMatchObject({ ok: true, value: { outcome: 'ok' } })
    await until('all entries are seen', () =>
      frames.some(({ stream, value }) => {
        const { nodes = [] } = (stream === 2 ? value : {}) as { nodes?: { commitIndex: number }[] }
        return nodes.some(({ commitIndex }) => commitIndex >= 31)
      }),
    )
    expect(wholes()).toBe(1)

    send({ id: 4, call: 'timeline.export', input: { source: 'live', format: 'jsonl' } })
    const { value } = (await answer(4)) as { value: { kind: string; url: string; name: string } }
    expect(value).toMatchObject({ kind: 'download', name: expect.stringMatching(/^cluster-1-.*\.jsonl$/) })
    expect((await fetchRaw(origin + value.url)).status).toBe(403)
    expect((await fetchRaw(origin + value.url, { cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    const { status, headers, body } = await fetchRaw(origin + value.url, { cookie })
    expect(status).toBe(200)
    expect(headers['content-disposition']).toContain(`filename="${value.name}"`)
    const lines = body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines[0]).toMatchObject({ format: 'raft-workbench-timeline' })
    expect(lines.length).toBeGreaterThan(30)
    expect((await fetchRaw(origin + value.url, { cookie })).status).toBe(404)
    expect(logged).toEqual([])
  })
})
