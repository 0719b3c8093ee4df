import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { TimelineEvent } from '../../main/node/contract/events'
import type { Problem } from '../../main/node/contract/problem'
import { createRecorder } from '../../main/timeline'
import { ensureBuilt } from '../support/build'
import { allEvents, codeOf, HEADER, join, opened, tempDir, writeFile } from './support/files'
import { appended, lifeOf, sent } from './support/traces'

/** Entries that are appended at once: 2 MB. */
const BATCH = 500

/** Makes its file, says so, and then reads no message until a file beside it tells it to end. */
const STANDING_WORKER = `
import { existsSync, writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
writeFileSync(workerData.path, '?')
parentPort.postMessage({ type: 'ready', bytes: 1 })
const nobody = new Int32Array(new SharedArrayBuffer(4))
setTimeout(() => {
  while (!existsSync(workerData.path + '.go')) Atomics.wait(nobody, 0, 0, 20)
  parentPort.postMessage({ type: 'closed' })
}, 0)
`

let worker: string

beforeAll(async () => {
  worker = (await ensureBuilt()).recorder
})

function options(path: string, problems: Problem[] = []) {
  return {
    path,
    clusterId: 'c1',
    clusterName: 'demo',
    origin: process.hrtime.bigint(),
    began: new Date(HEADER.began),
    worker,
    nodes: [1, 2, 3],
    onProblem: (problem: Problem) => problems.push(problem),
  }
}

describe('a recorder with its worker thread', () => {
  it('writes while the cluster lives and completes the file at the end', async () => {
    const path = join(await tempDir(), 'live.raftrec')
    const problems: Problem[] = []
    const recorder = await createRecorder(options(path, problems))
    const events = lifeOf(5000)
    for (let at = 0; at < events.length; at += 1000) recorder.report(events.slice(at, at + 1000))
    await vi.waitFor(() => expect(recorder.state.seq).toBe(events.length), { timeout: 30_000 })
    await vi.waitFor(() => expect(recorder.lagMillis).toBe(0), { timeout: 30_000 })
    // Somebody else looks at the file meanwhile.
    const meanwhile = await opened(path)
    expect(meanwhile.info()).toMatchObject({ complete: false, events: events.length, truncatedBytes: 0 })
    expect(await recorder.source.stateAt(events.length - 10)).toEqual(await meanwhile.stateAt(events.length - 10))
    await recorder.close()
    const source = await opened(path)
    expect(source.info()).toMatchObject({ complete: true, events: events.length, clusterName: 'demo' })
    expect(await source.stateAt(events.length)).toEqual(recorder.state)
    expect((await allEvents(source)).map((event) => event.n)).toEqual(events.map((event) => event.n))
    expect(problems).toEqual([])
  })

  it('that stands still slows nobody down: what is live goes on, messages are shed and counted, state is not', async () => {
    const dir = await tempDir()
    const path = join(dir, 'live.raftrec')
    const standing = join(dir, 'standing.mjs')
    await writeFile(standing, STANDING_WORKER)
    const problems: Problem[] = []
    const recorder = await createRecorder({ ...options(path, problems), worker: standing })
    const ordered: TimelineEvent[] = []
    recorder.onOrdered((events) => ordered.push(...events))
    const data = new Uint8Array(4_000).fill(7)
    let n = 0
    let reported = 0
    // Reporting never waits; what it adds up to is bounded by what is shed.
    while (!ordered.some((event) => event.kind === 'gap')) {
      const at = 2e8 * ++n
      const messages = Array.from({ length: 400 }, (_, i) => sent(2, n * 400 + i, at + i))
      const batch = [
        ...Array.from({ length: BATCH }, (_, i) => appended(1, n * BATCH + i, at + i, n * BATCH + i, data)),
        ...messages,
      ]
      reported += batch.length
      recorder.report(batch)
      await vi.waitFor(() => expect(recorder.state.nodes.get(1)?.lastIndex).toBe(n * BATCH + BATCH - 1), {
        timeout: 30_000,
      })
    }
    const gaps = ordered.flatMap((event) => (event.kind === 'gap' ? [event] : []))
    expect(gaps[0]).toMatchObject({ subject: 2, reason: 'recorder-behind' })
    expect(gaps[0]?.shed).toBeGreaterThan(0)
    expect(recorder.state.shed).toBe(recorder.source.info().shed)
    expect(recorder.source.info()).toMatchObject({ bytes: 1, complete: false })
    // Everything that a state is made of was told, and can be read, though no byte of it has reached the file.
    expect(ordered.filter((event) => event.kind === 'appended')).toHaveLength(n * BATCH)
    expect(ordered.length - gaps.length).toBeLessThan(reported)
    const last = await recorder.source.stateAt(recorder.state.seq)
    expect(last.nodes.get(1)?.lastIndex).toBe(recorder.state.nodes.get(1)?.lastIndex)
    const range = { from: 0, to: recorder.state.t + 1, buckets: 20 }
    expect((await recorder.source.overview(range)).total).toBe(recorder.source.info().events)
    expect(recorder.lagMillis).toBeGreaterThan(0)
    expect(problems).toEqual([])
    await writeFile(`${path}.go`, '')
    await recorder.close()
  })

  it('does not start where the file exists or cannot be', async () => {
    const dir = await tempDir()
    await writeFile(join(dir, 'there'), '')
    expect(await codeOf(createRecorder(options(join(dir, 'there'))))).toBe('directory-unwritable')
    expect(await codeOf(createRecorder(options(join(dir, 'none', 'below'))))).toBe('directory-unwritable')
    expect(await codeOf(createRecorder({ ...options(join(dir, 'a')), worker: join(dir, 'none.js') }))).toBe(
      'disk-failed',
    )
  })
})
