import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SocketDoor } from '../../../renderer/stores/socket-door'

/** A socket that a test opens, feeds and closes. */
class FakeSocket extends EventTarget {
  readyState: number = WebSocket.CONNECTING
  readonly sent: string[] = []
  send(frame: string): void {
    this.sent.push(frame)
  }
  open(): void {
    this.readyState = WebSocket.OPEN
    this.dispatchEvent(new Event('open'))
  }
  receive(frame: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }))
  }
  drop(): void {
    this.readyState = WebSocket.CLOSED
    this.dispatchEvent(new Event('close'))
  }
}

let sockets: FakeSocket[]
let door: SocketDoor
const latest = () => sockets.at(-1)!
const frames = (socket: FakeSocket) => socket.sent.map((frame) => JSON.parse(frame) as Record<string, unknown>)

beforeEach(() => {
  vi.useFakeTimers()
  sockets = []
  door = new SocketDoor('ws://127.0.0.1:1/door', {
    open: () => {
      const socket = new FakeSocket()
      sockets.push(socket)
      return socket as unknown as WebSocket
    },
    lost: () => ({ en: 'lost', zh: '断开' }),
  })
})
afterEach(() => vi.useRealTimers())

describe('calls', () => {
  it('wait for the first connection, then go out, and get their own answer', async () => {
    const info = door.call('workbench.info', {})
    const settings = door.call('settings.get', {})
    latest().open()
    expect(frames(latest()).map(({ call }) => call)).toEqual(['workbench.info', 'settings.get'])
    const [first, second] = frames(latest())
    latest().receive({ id: second?.id, answer: { ok: true, value: { language: 'zh', theme: 'dark' } } })
    latest().receive({ id: first?.id, answer: { ok: true, value: { version: '1' } } })
    await expect(settings).resolves.toMatchObject({ value: { language: 'zh' } })
    await expect(info).resolves.toMatchObject({ value: { version: '1' } })
  })
  it('under way fail when the connection is lost, and new ones fail at once', async () => {
    latest().open()
    const call = door.call('clusters.list', {})
    latest().drop()
    await expect(call).resolves.toMatchObject({ ok: false, problem: { message: 'lost' } })
    await expect(door.call('clusters.list', {})).resolves.toMatchObject({ ok: false })
  })
})

describe('the connection', () => {
  it('is tried again, later each time, and at once on request', () => {
    latest().drop()
    expect(door.connection.value).toBe('lost')
    expect(door.retryAt.value).toBeGreaterThan(0)
    vi.advanceTimersByTime(500)
    expect(sockets).toHaveLength(2)
    latest().drop()
    vi.advanceTimersByTime(500)
    expect(sockets).toHaveLength(2)
    door.retryNow()
    expect(sockets).toHaveLength(3)
    latest().open()
    expect(door.connection.value).toBe('open')
    vi.advanceTimersByTime(60_000)
    expect(sockets).toHaveLength(3)
  })
  it('carries subscriptions over to the next socket, but not the ended ones', () => {
    latest().open()
    const heard: string[] = []
    door.subscribe('settings', (value) => heard.push(value.language))
    const end = door.subscribe('source', () => undefined)
    end()
    latest().drop()
    vi.advanceTimersByTime(500)
    latest().open()
    const subscribed = frames(latest())
    expect(subscribed.map(({ subscribe }) => subscribe)).toEqual(['settings'])
    latest().receive({ stream: subscribed[0]?.id, value: { language: 'en', theme: 'dark' } })
    expect(heard).toEqual(['en'])
  })
})
