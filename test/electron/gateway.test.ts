/** The one place where windows' messages arrive: senders are checked, slow windows are not flooded. */
import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { CHANNELS } from '../../preload/contract'

const { handlers, ipc } = vi.hoisted(() => ({
  handlers: new Map<string, (...given: unknown[]) => unknown>(),
  ipc: { emitter: undefined as EventEmitter | undefined },
}))
vi.mock('electron', () => ({
  ipcMain: {
    handle: (name: string, handler: (...given: unknown[]) => unknown) => handlers.set(name, handler),
    on: (name: string, listener: (...given: unknown[]) => void) => ipc.emitter?.on(name, listener),
  },
  protocol: {},
  app: {},
  session: {},
}))
const { Gateway } = await import('../../main/electron/gateway')
type Contents = Parameters<InstanceType<typeof Gateway>['admit']>[0]

const OURS = { origin: 'app://workbench', url: 'app://workbench/index.html', parent: null }

class Page extends EventEmitter {
  readonly sent: unknown[][] = []
  send(...given: unknown[]): void {
    this.sent.push(given)
  }
  isDestroyed(): boolean {
    return false
  }
}

function begin() {
  const listeners = new Set<(value: unknown) => void>()
  const call = vi.fn(async () => ({ ok: true, value: 1 }))
  const workbench = {
    call,
    subscribe(_: string, listener: (value: unknown) => void) {
      listeners.add(listener)
      listener('whole')
      return () => listeners.delete(listener)
    },
  }
  const gateway = new Gateway(workbench as never)
  const page = new Page()
  gateway.admit(page as unknown as Contents)
  const emit = (value: unknown): void => {
    for (const listener of [...listeners]) listener(value)
  }
  return { page, call, listeners, emit }
}
const say = (name: string, sender: Page, frame: unknown, ...given: unknown[]) =>
  ipc.emitter?.emit(name, { sender, senderFrame: frame }, ...given)
const invoke = (sender: Page, frame: unknown) =>
  handlers.get(CHANNELS.call)?.({ sender, senderFrame: frame }, 'workbench.info', {})

beforeEach(() => {
  handlers.clear()
  ipc.emitter = new EventEmitter()
})

describe('senders', () => {
  test('our page is answered', async () => {
    const { page, call } = begin()
    expect(await invoke(page, OURS)).toEqual({ ok: true, value: 1 })
    expect(call).toHaveBeenCalledWith('workbench.info', {})
  })

  test.each([
    ['another origin', { ...OURS, origin: 'https://evil.example', url: 'https://evil.example/' }],
    ['another host of our scheme', { ...OURS, origin: 'app://other', url: 'app://other/index.html' }],
    ['an origin that only begins like ours', { ...OURS, origin: 'app://workbench.evil', url: 'app://workbench.evil/' }],
    ['an opaque origin', { ...OURS, origin: 'null' }],
    ['a frame inside our page', { ...OURS, parent: OURS }],
    ['a frame that is gone', null],
  ])('%s is not', (_, frame) => {
    const { page, call, listeners } = begin()
    expect(() => invoke(page, frame)).toThrow('refused')
    say(CHANNELS.subscribe, page, frame, 1, 'live')
    expect(call).not.toHaveBeenCalled()
    expect(listeners.size).toBe(0)
  })

  test('a window that we did not open is not', () => {
    const { listeners } = begin()
    expect(() => invoke(new Page(), OURS)).toThrow('refused')
    say(CHANNELS.subscribe, new Page(), OURS, 1, 'live')
    expect(listeners.size).toBe(0)
  })
})

describe('streams', () => {
  test('unknown streams and ids are ignored', () => {
    const { page, listeners } = begin()
    say(CHANNELS.subscribe, page, OURS, 1, 'everything')
    say(CHANNELS.subscribe, page, OURS, '1', 'live')
    say(CHANNELS.taken, page, OURS, 77)
    say(CHANNELS.unsubscribe, page, OURS, {})
    expect(listeners.size).toBe(0)
  })

  test('a window that takes nothing is sent a few values, and everything anew when it does', () => {
    const { page, emit, listeners } = begin()
    say(CHANNELS.subscribe, page, OURS, 5, 'live')
    for (let at = 0; at < 100; at++) emit(at)
    expect(page.sent).toHaveLength(8)
    expect(listeners.size).toBe(0)
    for (let at = 0; at < 8; at++) say(CHANNELS.taken, page, OURS, 5)
    expect(page.sent.at(-1)).toEqual([CHANNELS.value, 5, 'whole'])
    expect(listeners.size).toBe(1)
  })

  test('a page that is loaded anew, dies or closes leaves no subscription', () => {
    for (const [name, details] of [
      ['did-start-navigation', { isMainFrame: true, isSameDocument: false }],
      ['render-process-gone', {}],
      ['destroyed', {}],
    ] as const) {
      const { page, listeners } = begin()
      say(CHANNELS.subscribe, page, OURS, 1, 'live')
      expect(listeners.size).toBe(1)
      page.emit(name, details)
      expect(listeners.size).toBe(0)
    }
  })
})
