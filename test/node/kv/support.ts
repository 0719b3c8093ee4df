import { expect } from 'vitest'
import type { Command, SessionAction } from '../../../main/node/contract/client'
import { encodeCommand, type LoggedCommand } from '../../../main/node/contract/command'
import type { Outcome } from '../../../main/node/kv/api'
import { KeyValueStore } from '../../../main/node/kv/store'
import type { Entry } from '../../../main/raft/types'

export const text = (value: string) => new Uint8Array(Buffer.from(value))
export const put = (key: string, value: string): Command => ({ op: 'put', key, value: text(value) })
export const get = (key: string): Command => ({ op: 'get', key })
export const del = (key: string): Command => ({ op: 'delete', key })
export const append = (key: string, value: string): Command => ({ op: 'append', key, value: text(value) })
export const cas = (key: string, expected: string | null, value: string): Command => ({
  op: 'cas',
  key,
  expected: expected === null ? null : text(expected),
  value: text(value),
})

export function entryOf(index: number, logged: LoggedCommand): Entry {
  return { index, term: 1, type: 'command', data: encodeCommand(logged) }
}

/** A store and the log that it applies. */
export class Log {
  readonly store: KeyValueStore
  readonly entries: Entry[] = []
  time = 1000
  timeout = 0

  constructor(maxSessions?: number) {
    this.store = new KeyValueStore(maxSessions)
  }

  apply(client: number, sequence: number, what: Command | SessionAction): Outcome | undefined {
    const logged = { client, sequence, command: what, time: this.time, sessionTimeoutMs: this.timeout }
    const entry = entryOf(this.entries.length + 1, logged)
    this.entries.push(entry)
    return this.store.apply(entry)
  }

  /** Without a session. */
  run(what: Command): Outcome | undefined {
    return this.apply(0, 0, what)
  }

  /** @returns the session's number */
  open(): number {
    expect(this.apply(0, 0, { op: 'open-session' })).toMatchObject({ kind: 'done' })
    return this.entries.length
  }

  value(key: string): string | undefined {
    const value = this.store.get(key)
    return value === undefined ? undefined : Buffer.from(value).toString()
  }
}

/** What a command that was executed answers. */
export const done = (found: boolean, value = '') => ({ kind: 'done', found, value: text(value) })

export function snapshotOf(store: KeyValueStore): Buffer {
  return Buffer.concat([...store.snapshot()])
}

/** Without the comparison of byte by byte that `toEqual` would print, for minutes where there are many. */
export function expectSame(bytes: Uint8Array, others: Uint8Array, what = 'the bytes'): void {
  expect(Buffer.compare(bytes, others), `${what}: ${bytes.length} and ${others.length}`).toBe(0)
}
