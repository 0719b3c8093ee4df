import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Problem } from '../../main/node/contract/problem'
import { createRecorder } from '../../main/timeline'
import { ensureBuilt } from '../support/build'
import { allEvents, codeOf, HEADER, join, opened, tempDir, writeFile } from './support/files'
import { lifeOf } from './support/traces'

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
