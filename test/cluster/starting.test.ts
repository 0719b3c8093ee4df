/** How many nodes start at the same time. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { areLogsLong, LONG_LOG_BYTES } from '../../main/cluster/supervisor/log-lengths'
import type { SupervisedNode } from '../../main/cluster/supervisor/node'
import { Nodes } from '../../main/cluster/supervisor/nodes'

const COUNT = 4 * (availableParallelism() + 1)

/** Nodes whose starts end when all that may begin have begun; `most` of them were under way at once. */
function counted(): { readonly nodes: Nodes; most: () => number } {
  const nodes = new Nodes()
  let running = 0
  let most = 0
  for (let id = 1; id <= COUNT; id++) {
    const start = async () => {
      running++
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
    }
    nodes.add({ id, standing: 'stopped', start } as unknown as SupervisedNode)
  }
  return { nodes, most: () => most }
}

describe('starts at the same time', () => {
  it('are one more than there are cores', async () => {
    const { nodes, most } = counted()
    await nodes.startAll()
    expect(most()).toBe(availableParallelism() + 1)
  })

  it('are twice as many where the logs are long', async () => {
    const { nodes, most } = counted()
    const told: string[] = []
    await nodes.startAll({ areLogsLong: true, progress: (ready, of) => told.push(`${ready}/${of}`) })
    expect(most()).toBe(2 * (availableParallelism() + 1))
    expect(told.at(-1)).toBe(`${COUNT}/${COUNT}`)
  })
})

describe('how long logs are', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'rw-logs-'))
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  function node(name: string, files: Record<string, number>): string {
    const directory = join(home, name)
    mkdirSync(directory)
    for (const [file, bytes] of Object.entries(files)) writeFileSync(join(directory, file), new Uint8Array(bytes))
    return directory
  }

  it('is what most nodes have in segments', async () => {
    const half = LONG_LOG_BYTES / 2
    const long = [node('n1', { '000001.log': half, '000002.log': half }), node('n2', { '000001.log': LONG_LOG_BYTES })]
    const short = [
      node('n3', { '000001.log': half, 'spare.tmp': LONG_LOG_BYTES, identity: 100 }),
      node('n4', {}),
      join(home, 'n5'),
    ]
    expect(await areLogsLong(long)).toBe(true)
    expect(await areLogsLong([...long, ...short.slice(0, 1)])).toBe(true)
    expect(await areLogsLong([...long, ...short.slice(0, 2)])).toBe(false)
    expect(await areLogsLong([...long, ...short])).toBe(false)
    expect(await areLogsLong([])).toBe(false)
  })
})
