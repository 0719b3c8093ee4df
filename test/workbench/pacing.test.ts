import { describe, expect, test } from 'vitest'
import type { Workbench } from '../../main/workbench/api'
import { subscribePaced } from '../../main/workbench/pacing'
import type { LiveUpdate } from '../../preload/contract'

/** Counts subscriptions; each begins with a whole update, as the workbench's do. */
function source() {
  const listeners = new Set<(value: never) => void>()
  const workbench = {
    subscribe(_: string, listener: (value: never) => void) {
      listeners.add(listener)
      listener({ whole: true, seq: 0 } as never)
      return () => listeners.delete(listener)
    },
  } as unknown as Workbench
  return {
    workbench,
    listeners,
    emit: (seq: number) => {
      for (const listener of [...listeners]) listener({ whole: false, seq } as never)
    },
  }
}

describe('a slow window', () => {
  test('gets no updates while congested, then a whole one, then all again', () => {
    const { workbench, listeners, emit } = source()
    const got: string[] = []
    let congested = false
    const paced = subscribePaced(
      workbench,
      'live',
      ({ whole, seq }: LiveUpdate) => got.push(whole ? 'whole' : String(seq)),
      () => congested,
    )
    emit(1)
    congested = true
    emit(2)
    emit(3)
    expect(listeners.size).toBe(0)
    congested = false
    emit(4)
    paced.relieved()
    paced.relieved()
    emit(5)
    expect(got).toEqual(['whole', '1', 'whole', '5'])
    paced.stop()
    emit(6)
    paced.relieved()
    expect(listeners.size).toBe(0)
    expect(got).toHaveLength(4)
  })

  test('that is congested from the start is not subscribed until it is relieved', () => {
    const { workbench, listeners } = source()
    let congested = true
    const got: boolean[] = []
    const paced = subscribePaced(
      workbench,
      'live',
      ({ whole }) => got.push(whole),
      () => congested,
    )
    expect([got, listeners.size]).toEqual([[], 0])
    congested = false
    paced.relieved()
    expect([got, listeners.size]).toEqual([[true], 1])
  })

  test.each(['settings', 'load', 'problem'] as const)('loses nothing of the stream %s', (stream) => {
    const { workbench, emit } = source()
    const got: unknown[] = []
    subscribePaced(
      workbench,
      stream,
      (value) => got.push(value),
      () => true,
    )
    emit(1)
    expect(got).toHaveLength(2)
  })
})
