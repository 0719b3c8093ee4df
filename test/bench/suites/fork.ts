/** From "fork from here" to a cluster that runs: five nodes with ten thousand entries each, the files included. */
import { createClusterStore } from '../../../main/cluster'
import type { Cluster, ClusterStore } from '../../../main/cluster/api'
import { openRecording, type TimelineSource } from '../../../main/timeline'
import { forkMoment } from '../../../main/workbench/forking'
import { type LiveCluster, openLive } from '../../../main/workbench/live/cluster'
import { spread } from '../report'
import type { Stage, Suite } from '../stage'
import { spreadOf } from '../statistics'
import { until } from '../until'

const NODES = 5
const ENTRIES = 10_000
const VALUE_BYTES = 256
const AT_ONCE = 200
const WANTED_MS = 1_000

/** `written`: the files are durable. `live`: all processes are ready. `led`: one of them leads. `told`: all logs are on the timeline. */
interface Times {
  readonly written: number
  readonly live: number
  readonly led: number
  readonly told: number
  /** The same start without a branch: of a new cluster, on empty disks, right before. */
  readonly empty: number
}

export const forkSuite: Suite = {
  name: 'fork',
  runs: 5,
  async run(stage) {
    const entries = stage.quick ? ENTRIES / 10 : ENTRIES
    const home = await stage.directory()
    const store = await createClusterStore({ home, programs: stage.programs })
    stage.say(`fork: recording ${entries} entries on ${NODES} nodes`)
    const source = await openRecording(await record(stage, store, entries))
    const times: Times[] = []
    try {
      for (let run = 0; run < stage.runs; run++) {
        stage.say(`fork: ${run + 1} of ${stage.runs}`)
        times.push(await branch(stage, store, source, entries))
      }
    } finally {
      await source.close()
    }
    const of = (name: keyof Times) => spreadOf(times.map((one) => one[name]))
    const [written, ready, led, told, empty] = [of('written'), of('live'), of('led'), of('told'), of('empty')]
    return {
      suite: 'fork',
      conditions: { nodes: NODES, entries, valueBytes: VALUE_BYTES, runs: stage.runs },
      rows: [{ what: 'fork', nodes: NODES, entries, unit: 'ms', written, live: ready, led, told, empty }],
      targets: [
        {
          name: `${NODES} nodes with ${entries} entries each, forked and live, median in ms`,
          wanted: `at most ${WANTED_MS}`,
          got: ready.median,
          met: ready.median <= WANTED_MS,
        },
      ],
      tables: [
        {
          title: `Fork of ${NODES} nodes with ${entries} entries each (ms)`,
          columns: ['files durable', 'all processes ready', 'first leader', 'all logs told', 'empty cluster ready'],
          rows: [[spread(written), spread(ready), spread(led), spread(told), spread(empty)]],
          notes: [
            'Each counted from the moment that is asked for; the recording is open.',
            'The last column is a new cluster on empty disks, right before each branch: what starting processes takes by itself.',
          ],
        },
      ],
    }
  },
}

async function live(stage: Stage, store: ClusterStore, name: string): Promise<LiveCluster> {
  const summary = (await store.list()).find((one) => one.name === name)
  if (summary === undefined) throw new Error(`no cluster ${name}`)
  return await openLive({
    store,
    summary,
    worker: stage.programs.recorder,
    report: (problem) => stage.say(problem.message),
    progress: () => undefined,
    signal: stage.signal,
  })
}

/** Returns the path of a recording at whose end every node has every entry on its disk. */
async function record(stage: Stage, store: ClusterStore, entries: number): Promise<string> {
  const { name } = await store.create({ name: 'parent', nodes: NODES })
  const { cluster, recorder, recording, close } = await live(stage, store, name)
  try {
    let left = entries
    const write = async () => {
      while (left-- > 0) await put(cluster, `key ${left % 1000}`)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, write))
    const nodes = () => [...recorder.state.nodes.values()]
    await until(
      'all disks have everything',
      () => nodes().every(({ durableIndex }) => durableIndex >= entries),
      stage.signal,
    )
  } finally {
    await close()
  }
  return recording
}

async function put(cluster: Cluster, key: string): Promise<void> {
  const { outcome, problem } = await cluster.call(
    { op: 'put', key, value: new Uint8Array(VALUE_BYTES) },
    { timeoutMs: 60_000 },
  )
  if (outcome !== 'ok') throw new Error(`a write was ${outcome}: ${problem}`)
}

async function startEmpty(stage: Stage, store: ClusterStore): Promise<number> {
  const { name } = await store.create({ nodes: NODES })
  const began = performance.now()
  const { close } = await live(stage, store, name)
  const took = performance.now() - began
  await close()
  await store.delete(name)
  return took
}

async function branch(stage: Stage, store: ClusterStore, source: TimelineSource, entries: number): Promise<Times> {
  const empty = await startEmpty(stage, store)
  const began = performance.now()
  const made = await forkMoment(source, {}, { home: store.home, signal: stage.signal })
  const written = performance.now() - began
  const { recorder, close } = await live(stage, store, made.name)
  try {
    const ready = performance.now() - began
    await until(
      'a leader',
      () => [...recorder.state.nodes.values()].some(({ role }) => role === 'leader'),
      stage.signal,
    )
    const led = performance.now() - began
    await until(
      'all logs are told',
      () => [...recorder.state.nodes.values()].every(({ durableIndex }) => durableIndex >= entries),
      stage.signal,
    )
    return { written, live: ready, led, told: performance.now() - began, empty }
  } finally {
    await close()
    await store.delete(made.name)
  }
}
