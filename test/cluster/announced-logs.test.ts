/** What nodes say of long logs when they start, on its way to the timeline. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { AnnouncedLogs } from '../../main/cluster/supervisor/announced-logs'
import type { ReportedEvent } from '../../main/node/contract/events'
import { isRun, logRunOf } from '../../main/node/contract/log-run'
import { makeEntry } from '../../main/node/contract/records/entries'
import type { Entry } from '../../main/raft/types'

interface Run {
  readonly firstIndex: number
  readonly term: number
  readonly entries: readonly Entry[]
}

function run(firstIndex: number, count: number, text = 'x'): Run {
  const make = (_: unknown, at: number) => makeEntry(firstIndex + at, 1, 'command', Buffer.from(text))
  return { firstIndex, term: 1, entries: Array.from({ length: count }, make) }
}

function stage(known: readonly Run[] = []) {
  const said: (ReportedEvent | { node: number; mark: number })[] = []
  const logs = new AnnouncedLogs({
    report: (events) => said.push(...events),
    watermark: (node, mark) => said.push({ node, mark }),
    entriesOf: (wanted) => known.find(({ entries }) => isRun(entries, wanted))?.entries,
  })
  const node = (id: number, ...runs: readonly Run[]) => {
    const asked: number[][] = []
    const announcement = logs.announce(id, runs.map(logRunOf), (places) => asked.push([...places]))
    let n = 0
    const event = (t: number, fields: object) =>
      logs.report([{ kind: 'applied', node: id, n: ++n, t, ...fields } as unknown as ReportedEvent])
    for (const { firstIndex, term, entries } of runs) {
      event(10, { kind: 'appended', firstIndex, count: entries.length, entries: [], term, bytes: 0 })
    }
    return {
      asked,
      event,
      tell: (place: number) => announcement.tell(place, runs[place]!.entries),
      left: announcement.left,
    }
  }
  /** Of each appended event: whose, from where, and what it holds. */
  const appended = () =>
    said.flatMap((one) =>
      'kind' in one && one.kind === 'appended'
        ? [`n${one.node} ${one.firstIndex}: ${one.entries.map(({ data }) => Buffer.from(data)).join('')}`]
        : [],
    )
  return { logs, said, node, appended }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a run that a recorded log holds', () => {
  test('is not asked for, and its event is whole at once', () => {
    const { node, appended } = stage([run(1, 3)])
    const first = node(1, run(1, 3))
    expect(first.asked).toEqual([[]])
    expect(appended()).toEqual(['n1 1: xxx'])
  })

  test('is another one when anything in it differs', () => {
    const { node, appended } = stage([run(1, 3)])
    expect(node(1, run(1, 3, 'y')).asked).toEqual([[0]])
    expect(node(2, run(1, 2)).asked).toEqual([[0]])
    expect(node(3, run(2, 3)).asked).toEqual([[0]])
    expect(appended()).toEqual([])
  })
})

describe('what nobody knows', () => {
  test('is asked of the first, and everybody who has the same gets it', () => {
    const { node, appended, said } = stage()
    const first = node(1, run(1, 2), run(3, 1))
    const second = node(2, run(1, 2), run(3, 1))
    expect([first.asked, second.asked]).toEqual([[[0, 1]], []])
    first.event(20, { lastApplied: 1 })
    expect(said).toEqual([])
    expect(first.tell(0)).toBe(true)
    expect(said).toEqual([])
    expect(first.tell(1)).toBe(true)
    expect(second.asked).toEqual([[]])
    expect(appended()).toEqual(['n1 1: xx', 'n1 3: x', 'n2 1: xx', 'n2 3: x'])
    expect(said.map((one) => ('kind' in one ? one.kind : 'mark'))).toContain('applied')
  })

  test('is asked of another one as far as that one alone has it, after what both have', () => {
    const { node, appended } = stage()
    const first = node(1, run(1, 2))
    const second = node(2, run(1, 2), run(3, 1))
    expect(second.asked).toEqual([])
    first.tell(0)
    expect(second.asked).toEqual([[1]])
    second.tell(1)
    expect(appended()).toEqual(['n1 1: xx', 'n2 1: xx', 'n2 3: x'])
  })

  test('is asked of the next when the first has ended, whose word stands without it', () => {
    const { node, appended } = stage()
    const first = node(1, run(1, 2))
    const second = node(2, run(1, 2))
    first.left()
    expect(appended()).toEqual(['n1 1: '])
    expect(second.asked).toEqual([[0]])
    second.tell(0)
    expect(appended()).toEqual(['n1 1: ', 'n2 1: xx'])
  })

  test('is asked of the next when the first does not answer in time', () => {
    const { node, appended } = stage()
    const first = node(1, run(1, 2))
    const second = node(2, run(1, 2))
    vi.advanceTimersByTime(1_000)
    expect(second.asked).toEqual([[0]])
    second.tell(0)
    expect(appended()).toEqual(['n1 1: xx', 'n2 1: xx'])
    expect(first.asked).toEqual([[0]])
  })

  test('told unasked is taken as well; what was not announced is refused', () => {
    const { logs, node, appended } = stage()
    logs.startsBegin()
    const first = node(1, run(1, 2), run(3, 1))
    expect(first.tell(1)).toBe(true)
    expect(first.tell(0)).toBe(true)
    expect(appended()).toEqual(['n1 1: xx', 'n1 3: x'])
    const other = logs.announce(2, [logRunOf(run(1, 2))], () => undefined)
    expect(other.tell(0, run(1, 2, 'y').entries)).toBe(false)
    expect(other.tell(1, run(1, 2).entries)).toBe(false)
  })
})

describe('while nodes start', () => {
  test('none is asked, but not for long', () => {
    const { logs, node } = stage()
    logs.startsBegin()
    const first = node(1, run(1, 2))
    const second = node(2, run(1, 2, 'y'))
    expect([first.asked, second.asked]).toEqual([[], []])
    logs.startsEnd()
    expect([first.asked, second.asked]).toEqual([[[0]], [[0]]])
    logs.startsBegin()
    const third = node(3, run(1, 2, 'z'))
    vi.advanceTimersByTime(1_000)
    expect(third.asked).toEqual([[0]])
  })
})

describe('what waits', () => {
  test('holds others back no earlier than its first word, and its marks come behind it', () => {
    const { logs, node, said } = stage()
    logs.watermark(1, 5)
    const first = node(1, run(1, 1))
    logs.watermark(1, 30)
    expect(said).toEqual([
      { node: 1, mark: 5 },
      { node: 1, mark: 10 },
    ])
    first.tell(0)
    expect(said.slice(2)).toMatchObject([{ kind: 'appended' }, { mark: 30 }])
    first.event(40, { lastApplied: 1 })
    logs.watermark(1, 50)
    expect(said.slice(4)).toMatchObject([{ kind: 'applied' }, { mark: 50 }])
  })

  test('is not waited for when its node stands or has ended', () => {
    const { logs, node, said } = stage()
    node(1, run(1, 1))
    logs.watermark(1, Number.POSITIVE_INFINITY)
    expect(said).toEqual([{ node: 1, mark: Number.POSITIVE_INFINITY }])
  })

  test('is of the last life: what an earlier one leaves behind ends nothing', () => {
    const { node, appended } = stage()
    const before = node(1, run(1, 1))
    const now = node(1, run(1, 2))
    expect(appended()).toEqual(['n1 1: '])
    before.left()
    now.tell(0)
    expect(appended()).toEqual(['n1 1: ', 'n1 1: xx'])
  })

  test('only what the log held is completed: what is appended later is as it was told', () => {
    const { node, appended } = stage([run(1, 2)])
    const first = node(1, run(1, 2))
    first.event(20, { kind: 'appended', firstIndex: 1, count: 2, entries: [], term: 1, bytes: 0 })
    expect(appended()).toEqual(['n1 1: xx', 'n1 1: '])
  })
})
