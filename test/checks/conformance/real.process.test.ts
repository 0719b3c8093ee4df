/** Real processes under faults: every transition that they record is one that the specification allows. */
import { expect, it, onTestFinished } from 'vitest'
import { ConformanceWatcher } from '../../../main/checks/conformance'
import { createClusterStore } from '../../../main/cluster'
import { NEMESIS_PACKAGES, nemesisPlanSchema } from '../../../main/cluster/nemesis/types'
import { createRecorder, type Recorder } from '../../../main/timeline'
import { EarlySink } from '../../../main/workbench/live/sink'
import { ensureBuilt } from '../../support/build'
import { until } from '../../support/cluster'
import { join, opened, tempDir } from '../../timeline/support/files'

/** Every kind of fault, several times. */
const NEMESIS = nemesisPlanSchema.parse({
  seed: 7,
  durationMs: 3_000,
  quietMs: 200,
  packages: Object.fromEntries(
    NEMESIS_PACKAGES.map((name) => [name, { perMinute: 60, lasting: { minMs: 200, maxMs: 1_000 } }]),
  ),
})

it('allows what real processes do under all kinds of faults', async () => {
  const programs = await ensureBuilt()
  const home = await tempDir()
  const path = join(home, 'live.raftrec')
  const store = await createClusterStore({ home, programs })
  const { name, id } = await store.create({ nodes: 5, settings: { telemetry: 'message', trailingEntries: 5 } })
  const sink = new EarlySink()
  let recorder: Promise<Recorder> | undefined
  const cluster = await store.open(name, (origin) => {
    recorder = createRecorder({
      path,
      clusterId: id,
      clusterName: name,
      began: new Date(),
      worker: programs.recorder,
      nodes: [1, 2, 3, 4, 5],
      origin,
    })
    recorder.then((made) => sink.connect(made))
    return sink
  })
  const made = await recorder
  if (made === undefined) throw new Error('there is no recorder')
  let running = true
  onTestFinished(async () => {
    // A closed cluster answers at once: whoever goes on asking never lets anybody else come to pass.
    running = false
    await cluster.close()
    await made.close()
  })
  const leader = () =>
    until('a leader', () =>
      [...made.state.nodes.values()].find((node) => node.role === 'leader' && node.process.standing === 'running'),
    )

  const value = new Uint8Array(100)
  const client = async (number: number) => {
    for (let n = 0; running; n++)
      await cluster.call({ op: 'put', key: `k${number}.${n % 5}`, value }, { timeoutMs: 1_000 })
  }
  await leader()
  const clients = [client(1), client(2), client(3)]
  const { outcome } = await cluster.startNemesis(NEMESIS).ended
  expect(outcome).toBe('done')
  await cluster.snapshot((await leader()).id)
  const added = await cluster.add('voter')
  await cluster.remove((await leader()).id)
  await until('the new one has what is committed', async () => {
    const { commitIndex } = await leader()
    return (made.state.nodes.get(added)?.commitIndex ?? 0) >= commitIndex - 10
  })
  running = false
  await Promise.all(clients)
  await cluster.close()
  await made.close()

  const watcher = new ConformanceWatcher()
  const source = await opened(path)
  for await (const batch of source.scan({})) for (const event of batch) watcher.take(event)
  const verdict = watcher.verdict()
  expect(verdict.first).toBeUndefined()
  expect(verdict.judgedUntil).toBe(-1)
  expect(verdict.transitions).toBeGreaterThan(500)
})
