import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { serveDoor } from '../../main/browser/door'
import type { Workbench } from '../../main/workbench'

/** The side of a socket that the door uses; how much waits in it is up to the test. */
class Tab extends EventEmitter {
  readonly OPEN = 1
  readyState = 1
  bufferedAmount = 0
  readonly sent: { readonly stream: number; readonly value: { readonly whole: boolean; readonly seq: number } }[] = []
  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }
  ping = vi.fn()
  terminate = vi.fn()
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function begin() {
  const listeners = new Set<(value: never) => void>()
  const workbench = {
    subscribe(_: string, listener: (value: never) => void) {
      listeners.add(listener)
      listener({ whole: true, seq: 0 } as never)
      return () => listeners.delete(listener)
    },
  } as unknown as Workbench
  const tab = new Tab()
  serveDoor(tab as unknown as WebSocket, workbench)
  tab.emit('message', Buffer.from(JSON.stringify({ id: 1, subscribe: 'live' })), false)
  const emit = (seq: number): void => {
    for (const listener of [...listeners]) listener({ whole: false, seq } as never)
  }
  return { tab, listeners, emit }
}

test('a slow tab gets no live updates until it has caught up, then a whole one', () => {
  const { tab, emit } = begin()
  emit(1)
  tab.bufferedAmount = 2 << 20
  for (let seq = 2; seq < 1000; seq++) emit(seq)
  vi.advanceTimersByTime(1000)
  expect(tab.sent.map(({ value }) => value.seq)).toEqual([0, 1])
  tab.bufferedAmount = 0
  vi.advanceTimersByTime(100)
  emit(1000)
  expect(tab.sent.map(({ value }) => [value.whole, value.seq])).toEqual([
    [true, 0],
    [false, 1],
    [true, 0],
    [false, 1000],
  ])
  tab.emit('close')
})

test('a tab that closes leaves no subscription and no timer', () => {
  const { tab, listeners } = begin()
  expect(listeners.size).toBe(1)
  tab.emit('close')
  expect(listeners.size).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
})

test('a tab that answers no ping is ended', () => {
  const { tab } = begin()
  vi.advanceTimersByTime(20_000)
  tab.emit('pong')
  vi.advanceTimersByTime(20_000)
  expect(tab.terminate).not.toHaveBeenCalled()
  vi.advanceTimersByTime(20_000)
  expect(tab.terminate).toHaveBeenCalled()
  tab.emit('close')
})
