import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ReportedEvent, TimelineEvent } from '../../main/node/contract/events'
import type { Problem } from '../../main/node/contract/problem'
import type { Recorder } from '../../main/timeline/api'
import { type RecorderLimits, startRecorder } from '../../main/timeline/recorder/recorder'
import { Shedder } from '../../main/timeline/recorder/shed'
import { allEvents, HEADER, join, opened, tempDir } from './support/files'
import { MoodyDisk, threadPort } from './support/ports'
import { appended, lifeOf, note, sent } from './support/traces'

interface Started {
  readonly recorder: Recorder
  readonly disk: MoodyDisk
  readonly path: string
  readonly problems: Problem[]
  readonly ordered: TimelineEvent[]
}

async function start(limits?: RecorderLimits): Promise<Started> {
  const path = join(await tempDir(), 'live.raftrec')
  const disk = new MoodyDisk()
  const problems: Problem[] = []
  const options = {
    path,
    clusterId: HEADER.clusterId,
    clusterName: HEADER.clusterName,
    origin: process.hrtime.bigint(),
    began: new Date(HEADER.began),
    nodes: [1, 2, 3],
    onProblem: (problem: Problem) => problems.push(problem),
  }
  const recorder = await startRecorder(options, HEADER, threadPort(path, HEADER, disk), limits)
  onTestFinished(() => recorder.close())
  const ordered: TimelineEvent[] = []
  recorder.onOrdered((events) => ordered.push(...events))
  return { recorder, disk, path, problems, ordered }
}

const soon = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 10 })
/** `count` events of node 1, from `t` on. */
const many = (count: number, t = 1) => Array.from({ length: count }, (_, i) => sent(1, t + i, t + i))
const sized = (n: number) => appended(1, n, n, n, new Uint8Array(1000).fill(n))

describe('a recorder', () => {
  it('orders, folds, tells and writes; the file says what was shown live', async () => {
    const { recorder, path, ordered, problems } = await start()
    const events = lifeOf(30)
    for (const event of events) recorder.report([event])
    await soon(() => expect(ordered).toHaveLength(events.length))
    expect(ordered.map((event) => event.seq)).toEqual(events.map((event) => event.seq))
    expect(recorder.state).toMatchObject({ seq: events.length, name: 'demo' })
    await recorder.close()
    const source = await opened(path)
    expect(source.info()).toMatchObject({ complete: true, events: events.length })
    expect(await allEvents(source)).toEqual(ordered)
    expect(await source.stateAt(events.length)).toEqual(recorder.state)
    expect(problems).toEqual([])
  })

  it('writes what is still held when it is closed, and closes twice', async () => {
    const { recorder, path } = await start()
    recorder.report([note(1, 1, 10)])
    await Promise.all([recorder.close(), recorder.close()])
    expect(await allEvents(await opened(path))).toHaveLength(1)
  })

  it('reads what was ordered so far, wherever it is: file, on its way, or in no block yet', async () => {
    const { recorder, disk, ordered } = await start()
    recorder.report(lifeOf(10))
    await soon(() => expect(ordered.length).toBeGreaterThan(0))
    await soon(() => expect(recorder.lagMillis).toBe(0))
    disk.hold()
    recorder.report(many(5000, 1e6))
    await soon(() => expect(recorder.state.seq).toBe(ordered.length))
    await soon(() => expect(ordered.length).toBeGreaterThan(5000))
    expect(await allEvents(recorder.source)).toEqual(ordered)
    expect(recorder.source.info()).toMatchObject({ events: ordered.length, end: recorder.state.t, complete: false })
    expect(await recorder.source.stateAt(recorder.state.seq)).toEqual(recorder.state)
    expect(await recorder.source.seqAt(1e6 + 10)).toBe(ordered.find((event) => event.t > 1e6 + 10)?.seq)
    await soon(() => expect(recorder.lagMillis).toBeGreaterThan(50))
    disk.letGo()
    await soon(() => expect(recorder.lagMillis).toBe(0))
    expect(await allEvents(recorder.source)).toEqual(ordered)
  })

  it('goes on when a listener throws', async () => {
    const { recorder, problems, ordered } = await start()
    const stop = recorder.onOrdered(() => {
      throw new Error('a bad view')
    })
    recorder.report([note(1, 1, 10)])
    await soon(() => expect(problems).toHaveLength(1))
    stop()
    recorder.report([note(1, 2, 20)])
    await soon(() => expect(ordered).toHaveLength(2))
    expect(problems).toHaveLength(1)
  })
})

describe('a recorder whose disk does not keep up', () => {
  it('sheds messages, never state, says how many, and keeps order and fold', async () => {
    const { recorder, disk, path, ordered, problems } = await start({ shedAbove: 20_000, giveUpAbove: 1e9 })
    disk.hold()
    let n = 0
    let reported = 0
    await soon(() => {
      // A tenth of a second of the cluster's time each.
      const batch = [sized(++n), ...many(500, 1e8 * n)]
      reported += batch.length
      recorder.report(batch)
      expect(recorder.state.shed).toBeGreaterThan(5000)
    })
    disk.letGo()
    await soon(() => expect(recorder.lagMillis).toBe(0))
    recorder.report([note(1, 1e9, 1e12)])
    await soon(() => expect(ordered.at(-1)?.kind).toBe('note'))
    await recorder.close()
    const source = await opened(path)
    const found = await allEvents(source)
    expect(found).toEqual(ordered)
    const kept = found.filter((event) => event.kind !== 'gap').length
    const gaps = found.flatMap((event) => (event.kind === 'gap' ? [event] : []))
    expect(new Set(gaps.map((gap) => gap.reason))).toEqual(new Set(['recorder-behind']))
    expect(gaps.reduce((sum, gap) => sum + gap.shed, 0)).toBe(reported + 1 - kept)
    expect(found.filter((event) => event.kind === 'appended')).toHaveLength(n)
    expect(source.info().shed).toBe(recorder.state.shed)
    expect(await source.stateAt(found.length)).toEqual(recorder.state)
    expect(problems).toEqual([])
  })

  it('keeps the remarks that tell whether a node sleeps', () => {
    const remark = (name: 'quiesced' | 'woken' | 'vote-granted') =>
      ({ kind: 'remark', node: 1, n: 1, t: 1, name, peer: 0, term: 1, index: 0 }) as const
    const [quiesced, woken, other] = [remark('quiesced'), remark('woken'), remark('vote-granted')]
    const shedder = new Shedder()
    expect(shedder.pass([quiesced, other, woken, sent(1, 2, 3)], 'disk-failed')).toEqual([quiesced, woken])
    expect(shedder.gaps()).toMatchObject([{ kind: 'gap', subject: 1, shed: 2 }])
  })

  it('sheds copies and sums of load; held messages, clocks, rules and stops are part of the state', () => {
    const at = { node: 1, n: 1, t: 1 }
    const message = { peer: 2, id: 3, message: 'TimeoutNow' } as const
    const times = { p50: 0, p95: 0, p99: 0, max: 0 }
    const sums = { started: 0, ok: 0, failed: 0, unknown: 0, waiting: 0, ...times }
    const gone: readonly ReportedEvent[] = [
      { kind: 'copied', ...at, ...message, copy: -1, by: 'rule' },
      { kind: 'load', ...at, workload: 1, millis: 250, ...sums },
    ]
    const kept: readonly ReportedEvent[] = [
      { kind: 'held', ...at, ...message, term: 1, place: 0, bytes: new Uint8Array(0) },
      { kind: 'released', ...at, ...message, how: 'dropped', bytes: new Uint8Array(0) },
      { kind: 'moved', ...at, peer: 2, id: 3, place: 0 },
      { kind: 'clock', ...at, mode: 'manual', rate: 1, skew: 0, cause: 'set' },
      { kind: 'struck', ...at, fault: 1, type: 'disk-error', left: 0, detail: '' },
      { kind: 'breakpoint', ...at, breakpoint: 1, event: 1, by: 'role', text: '' },
      { kind: 'rules', ...at, from: 1, to: 2, rules: '' },
      { kind: 'watch', ...at, breakpoint: 1, text: '', enabled: true, removed: false },
      { kind: 'stop', ...at, action: 'continued', subject: 0, breakpoint: 0, by: '' },
      { kind: 'nemesis', ...at, action: 'end', id: 1, step: 0, detail: '', problem: '' },
      { kind: 'workload', ...at, action: 'end', id: 1, detail: '' },
    ]
    expect(new Shedder().pass([...gone, ...kept], 'recorder-behind')).toEqual(kept)
  })

  it('says that the disk is full, sheds, and goes on where it was when there is room again', async () => {
    const { recorder, disk, path, ordered, problems } = await start()
    recorder.report([sized(1)])
    await soon(() => expect(recorder.source.info().bytes).toBeGreaterThan(1000))
    disk.full = true
    recorder.report([sized(2)])
    await soon(() => expect(problems.map((problem) => problem.code)).toEqual(['disk-failed']))
    expect(problems[0]?.details).toMatchObject({ path, reason: expect.stringContaining('ENOSPC') })
    recorder.report([sized(3), ...many(100)])
    await soon(() => expect(ordered.filter((event) => event.kind === 'appended')).toHaveLength(3))
    const before = disk.writes
    await soon(() => expect(disk.writes).toBeGreaterThan(before + 2))
    expect(problems).toHaveLength(1)
    disk.full = false
    await soon(() => expect(recorder.lagMillis).toBe(0))
    recorder.report([sized(4)])
    await soon(() => expect(ordered.filter((event) => event.kind === 'appended')).toHaveLength(4))
    await recorder.close()
    const found = await allEvents(await opened(path))
    expect(found).toEqual(ordered)
    expect(found.map((event) => event.kind)).toEqual(['appended', 'appended', 'appended', 'gap', 'appended'])
    expect(found[3]).toMatchObject({ shed: 100, subject: 1, reason: 'disk-failed' })
  })

  it('ends recording before memory runs out, says so, and lets everything live go on', async () => {
    const { recorder, disk, path, ordered, problems } = await start({ shedAbove: 2000, giveUpAbove: 8000 })
    disk.full = true
    let n = 0
    await soon(() => {
      recorder.report([sized(++n)])
      expect(problems).toHaveLength(2)
    })
    expect(problems[1]?.details).toMatchObject({ operation: 'record', path })
    const recorded = recorder.source.info().events
    recorder.report([note(1, 1e9, 1e9)])
    await soon(() => expect(ordered.at(-1)?.kind).toBe('note'))
    expect(recorder.source.info().events).toBe(recorded)
    expect(await allEvents(recorder.source)).toEqual(ordered.slice(0, recorded))
    // Closing does not wait for the disk, and what it took stays a recording.
    await recorder.close()
    expect((await opened(path)).info()).toMatchObject({ complete: false, events: 0 })
  })
})
