/**
 * A workbench with several clusters: `several.js HOME NODE WARDEN`. Each line of its input is a word and a cluster, and is
 * answered with a line: `open` (the nodes' processes), `pause` (all nodes), `close`. `exit` ends the process at once, with what is open.
 * When the input ends, nothing is done any more: whatever keeps the process alive then must be a cluster.
 */
import { createInterface } from 'node:readline'
import type { Cluster } from '../../../main/cluster/api'
import { createClusterStore } from '../../../main/cluster/store'

const [home = '', node = '', warden = ''] = process.argv.slice(2)
const store = await createClusterStore({ home, programs: { node, warden } })
const open = new Map<string, Cluster>()

async function obey(word: string, name: string): Promise<readonly number[]> {
  if (word === 'exit') process.exit(0)
  if (word === 'open') {
    const pids = new Set<number>()
    const cluster = await store.open(name, () => ({
      report: (events) => {
        for (const event of events) if (event.kind === 'process' && event.pid !== 0) pids.add(event.pid)
      },
      watermark: () => undefined,
    }))
    open.set(name, cluster)
    return [...pids]
  }
  const cluster = open.get(name)
  if (cluster === undefined) throw new Error(`${name} is not open`)
  if (word === 'pause') for (const id of cluster.nodeIds) await cluster.pause(id)
  if (word === 'close') await cluster.close()
  return []
}

for await (const line of createInterface({ input: process.stdin })) {
  const [word = '', name = ''] = line.split(' ')
  process.stdout.write(`${JSON.stringify(await obey(word, name))}\n`)
}
