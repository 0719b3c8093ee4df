/**
 * Opens a cluster and keeps it until it is killed: `workbench.js HOME CLUSTER NODE WARDEN [NODE-TO-PAUSE|add|stop]`; `add`
 * makes one more node a member first, `stop` waits until all stand at a breakpoint. Prints one line of JSON when it is open, or with the problem when it can't be opened.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cluster } from '../../../main/cluster/api'
import { createClusterStore } from '../../../main/cluster/store'
import { asProblem } from '../../../main/node/contract/problem'

const [home = '', name = '', node = '', warden = '', wish] = process.argv.slice(2)
const pids = new Set<number>()

async function standAtBreakpoint(cluster: Cluster): Promise<void> {
  cluster.setBreakpoint('received')
  while (cluster.stopped === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
}

try {
  const store = await createClusterStore({ home, programs: { node, warden } })
  const cluster = await store.open(name, () => ({
    report: (events) => {
      for (const event of events) if (event.kind === 'process') pids.add(event.pid)
    },
    watermark: () => undefined,
  }))
  if (wish === 'add') await cluster.add('voter')
  else if (wish === 'stop') await standAtBreakpoint(cluster)
  else if (wish !== undefined) await cluster.pause(Number(wish))
  // An orderly end.
  process.on('SIGTERM', async () => {
    await cluster.close()
    process.exit(0)
  })
  const running = readFileSync(join(cluster.path, 'running'), 'utf8')
  process.stdout.write(`${JSON.stringify({ pids: [...pids], running })}\n`)
} catch (error) {
  const { code, details } = asProblem(error)
  process.stdout.write(`${JSON.stringify({ code, details })}\n`)
}
