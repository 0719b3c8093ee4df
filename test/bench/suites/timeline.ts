/** Recordings of a million and ten million events: opened, drawn, gone through, in a real window. */
import { join } from 'node:path'
import { figure, spread } from '../report'
import type { Stage, Suite, SuiteResult, Target } from '../stage'
import { percentile, spreadOf } from '../statistics'
import { LIFE, type LifePlan } from '../timeline/life'
import { type Made, makeRecording } from '../timeline/make'
import { type BenchWindow, framesOf, type Move, type Opening, openRecording, openWindow } from '../timeline/window'

const MIB = 2 ** 20
const MOMENTS = 100
const FRAMES = 90

/** Entries are told with their content, and the logs of the first are never compacted: what is hardest to go back in. */
const RECORDINGS = [
  { name: '1,000,000', plan: { ...LIFE, events: 1_000_000 }, opened: 2_000 },
  { name: '10,000,000', plan: { ...LIFE, events: 10_000_000, snapshotEvery: 50_000 }, opened: 5_000 },
]
const QUICK = [{ name: '100,000', plan: { ...LIFE, events: 100_000 }, opened: 2_000 }]

/** From the whole of it to single messages and back, going sideways on the way. */
function movesOf(frames: number): readonly Move[] {
  const zoom = (name: string, deltaY: number): Move => ({ name, frames, deltaX: 0, deltaY })
  const pan = (name: string, deltaX: number): Move => ({ name, frames, deltaX, deltaY: 0 })
  return [
    pan('pan, all', -25),
    zoom('zoom in', -35),
    pan('pan, near', 25),
    zoom('zoom in further', -20),
    pan('pan, messages', 30),
    zoom('zoom out', 45),
    pan('pan, far', -30),
  ]
}

interface Row {
  readonly recording: string
  readonly made: Made
  readonly openings: readonly Opening[]
  /** Until everything is summarized, after opening. */
  readonly overview: number
  readonly moments: readonly number[]
  readonly frames: Readonly<Record<string, readonly number[]>>
  /** CPU per frame, all moves together. */
  readonly cpuPerFrame: number
  readonly heap: number
  readonly resident: number
}

export const timelineSuite: Suite = {
  name: 'timeline',
  runs: 3,
  async run(stage) {
    const rows: Row[] = []
    for (const { name, plan } of stage.quick ? QUICK : RECORDINGS) rows.push(await measure(stage, name, plan))
    return resultOf(stage, rows)
  },
}

async function measure(stage: Stage, name: string, plan: LifePlan): Promise<Row> {
  const directory = await stage.directory()
  const path = join(directory, 'bench.raftrec')
  stage.say(`timeline: ${name} events are written`)
  const made = await makeRecording(path, plan, stage.signal)
  const openings: Opening[] = []
  let window: BenchWindow | undefined
  try {
    for (let run = 0; run < stage.runs; run++) {
      stage.signal.throwIfAborted()
      stage.say(`timeline: ${name} events are opened (${run + 1} of ${stage.runs})`)
      await window?.close()
      window = await openWindow(stage.programs.built, join(directory, `home-${run}`))
      openings.push(await openRecording(window, path))
    }
    if (window === undefined) throw new Error('nothing was opened')
    const overview = await wholeOverview(window)
    stage.say(`timeline: ${name} events, ${MOMENTS} moments`)
    const moments = await momentsOf(window, plan, stage.signal)
    stage.say(`timeline: ${name} events, panning and zooming`)
    const frames: Record<string, readonly number[]> = {}
    await window.page.getByTestId('timeline-canvas').click({ position: { x: 400, y: 12 } })
    await window.page.keyboard.press('0')
    const cpu = await window.cpu()
    for (const move of movesOf(stage.quick ? FRAMES / 3 : FRAMES)) {
      stage.signal.throwIfAborted()
      frames[move.name] = await framesOf(window.page, move)
    }
    const count = Object.values(frames).reduce((sum, gaps) => sum + gaps.length, 0)
    return {
      recording: name,
      made,
      openings,
      overview,
      moments,
      frames,
      cpuPerFrame: ((await window.cpu()) - cpu) / count,
      heap: await window.heap(),
      resident: await window.resident(),
    }
  } finally {
    await window?.close()
    await stage.discard(directory)
  }
}

async function wholeOverview(window: BenchWindow): Promise<number> {
  const { value: info } = await window.call('timeline.info', { source: 'recording' })
  const began = performance.now()
  for (;;) {
    const range = { from: 0, to: info.end + 1, buckets: 640 }
    const { value } = await window.call('overview.read', { source: 'recording', ...range })
    if (value.whole) return performance.now() - began
  }
}

/** Evenly over the recording, in an order that jumps about. */
async function momentsOf(window: BenchWindow, plan: LifePlan, signal: AbortSignal): Promise<readonly number[]> {
  const took: number[] = []
  for (let place = 0; place < MOMENTS; place++) {
    signal.throwIfAborted()
    const seq = Math.floor((((place * 37) % MOMENTS) + 0.5) * (plan.events / MOMENTS))
    const { millis } = await window.call('timeline.state', { source: 'recording', seq })
    took.push(millis)
  }
  return took
}

const all = ({ frames }: Row) => Object.values(frames).flat()

function resultOf(stage: Stage, rows: readonly Row[]): SuiteResult {
  const limits = new Map((stage.quick ? QUICK : RECORDINGS).map(({ name, opened }) => [name, opened]))
  const atMost = (name: string, limit: number, got: number): Target => ({
    name,
    wanted: `at most ${figure(limit)}`,
    got,
    met: got <= limit,
  })
  const targets = rows.flatMap((row) => {
    const limit = limits.get(row.recording) ?? 0
    const painted = spreadOf(row.openings.map((opening) => opening.painted)).median
    const first = atMost(`${row.recording} events: opened and first painted, ms`, limit, painted)
    if (limit > 2_000) return [first]
    return [
      first,
      atMost(`${row.recording} events: any moment, worst of ${MOMENTS}, ms`, 100, Math.max(...row.moments)),
      atMost(`${row.recording} events: frame while panning and zooming, p95, ms`, 33.4, percentile(all(row), 95)),
      atMost(`${row.recording} events: heap of the window, MB`, 500, row.heap / 1e6),
    ]
  })
  return {
    suite: 'timeline',
    conditions: { runs: stage.runs, moments: MOMENTS, window: '1440 × 900, headless Chromium, software rendering' },
    rows: rows.map(({ made: { path: _, ...made }, frames, ...row }) => ({
      ...row,
      made,
      frames: Object.fromEntries(Object.entries(frames).map(([name, gaps]) => [name, summary(gaps)])),
    })),
    targets,
    tables: [
      {
        title: 'Recordings in a window (times in ms)',
        columns: [
          'events',
          'MiB',
          'opened',
          'first painted',
          'all counted',
          'moment p50',
          'p95',
          'worst',
          'window heap MB',
          'workbench MB',
        ],
        rows: rows.map((row) => [
          row.recording,
          figure(row.made.bytes / MIB),
          spread(spreadOf(row.openings.map(({ opened }) => opened))),
          spread(spreadOf(row.openings.map(({ painted }) => painted))),
          figure(row.overview),
          figure(percentile(row.moments, 50)),
          figure(percentile(row.moments, 95)),
          figure(Math.max(...row.moments)),
          figure(row.heap / 1e6),
          figure(row.resident / 1e6),
        ]),
        notes: rows.map(
          (row) =>
            `${row.recording} events: logs of up to ${figure(row.made.entries)} entries, written in ${figure(row.made.seconds)} s`,
        ),
      },
      {
        title: 'Frames while looking around (ms)',
        columns: ['events', 'move', 'frames', 'p50', 'p95', 'worst'],
        rows: rows.flatMap((row) =>
          [...Object.entries(row.frames), ['all', all(row)] as const].map(([name, gaps]) => {
            const { frames, p50, p95, worst } = summary(gaps)
            return [row.recording, name, String(frames), figure(p50), figure(p95), figure(worst)]
          }),
        ),
        notes: rows.map(
          (row) => `${row.recording} events: ${figure(row.cpuPerFrame)} ms of CPU per frame, painting included`,
        ),
      },
    ],
  }
}

function summary(gaps: readonly number[]) {
  return { frames: gaps.length, p50: percentile(gaps, 50), p95: percentile(gaps, 95), worst: Math.max(...gaps) }
}
