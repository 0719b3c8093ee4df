/** Real processes under faults: every transition that they record is one that the specification allows. */
import { expect, it, onTestFinished } from 'vitest'
import { ConformanceWatcher } from '../../../main/checks/conformance'
import { NEMESIS_PACKAGES, nemesisPlanSchema } from '../../../main/cluster/nemesis/types'
import { until } from '../../support/cluster'
import { opened } from '../../timeline/support/files'
import { leaderOf, live } from '../../timeline/support/live'

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
  const { cluster, recorder, path, close } = await live(5, { telemetry: 'message', trailingEntries: 5 })
  let running = true
  // A closed cluster answers at once: whoever goes on asking never lets anybody else come to pass.
  onTestFinished(() => {
    running = false
  })
  const leader = () => until('a leader', () => leaderOf(recorder.state))

  const value = new Uint8Array(100)
  const client = async (number: number) => {
    for (let n = 0; running; n++)
      await cluster.call({ op: 'put', key: `k${number}.${n % 5}`, value }, { timeoutMs: 1_000 })
  }
  // Of a slow machine so much is asked as of any other, only later.
  const enough = () => until('hundreds of transitions', () => recorder.state.seq > 3_000)
  await leader()
  const clients = [client(1), client(2), client(3)]
  const { outcome } = await cluster.startNemesis(NEMESIS).ended
  expect(outcome).toBe('done')
  await cluster.snapshot((await leader()).id)
  const added = await cluster.add('voter')
  await cluster.remove((await leader()).id)
  await until('the new one has what is committed', async () => {
    const { commitIndex } = await leader()
    return (recorder.state.nodes.get(added)?.commitIndex ?? 0) >= commitIndex - 10
  })
  await enough()
  running = false
  await Promise.all(clients)
  await close()

  const watcher = new ConformanceWatcher()
  const source = await opened(path)
  for await (const batch of source.scan({})) for (const event of batch) watcher.take(event)
  const verdict = watcher.verdict()
  expect(verdict.first).toBeUndefined()
  expect(verdict.judgedUntil).toBe(-1)
  expect(verdict.transitions).toBeGreaterThan(500)
})
