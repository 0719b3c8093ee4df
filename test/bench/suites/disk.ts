/** What ends up on the disk for what was committed, and how long it takes to come back from a long log. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { startLoad } from '../load/remote'
import type { TargetAddress } from '../load/target'
import { keyOf, VALUE_BYTES } from '../load/writes'
import { memoryOf, writtenBytes } from '../processes'
import { figure, spread } from '../report'
import type { Stage, Suite } from '../stage'
import { spreadOf } from '../statistics'
import { EtcdCluster, findEtcd } from '../systems/etcd'
import { OurCluster } from '../systems/ours'
import { SETTINGS } from './etcd'

const NODES = 3
const OUTSTANDING = 256
const MIB = 2 ** 20
/** Key and value of every write. */
const COMMITTED_BYTES = keyOf(1).length + VALUE_BYTES

export const diskSuite: Suite = {
  name: 'disk',
  runs: 3,
  async run(stage) {
    const { version } = findEtcd()
    const entries = stage.quick ? 10_000 : 100_000
    const logEntries = stage.quick ? 100_000 : 1_000_000
    const space = []
    for (const system of ['ours', 'etcd'] as const) {
      stage.say(`disk: ${figure(entries)} writes, ${system}`)
      const directory = await stage.directory()
      const used = await (system === 'ours' ? ourSpace : etcdSpace)(stage, join(directory, system), entries)
      await stage.discard(directory)
      const committed = entries * COMMITTED_BYTES * NODES
      space.push({
        system,
        entries,
        onDiskPerCommittedByte: used.onDisk / committed,
        writtenPerCommittedByte: used.written / committed,
      })
    }
    const recovery = await recoveries(stage, logEntries)
    return {
      suite: 'disk',
      conditions: { etcd: version, nodes: NODES, valueBytes: VALUE_BYTES, runs: stage.runs, settings: SETTINGS },
      rows: [...space, recovery],
      targets: [],
      tables: [
        {
          title: `Bytes per committed byte (keys and values, on each of ${NODES} nodes), ${figure(entries)} writes`,
          columns: ['', 'on the disk', 'written to the disk'],
          rows: space.map((row) => [
            row.system,
            figure(row.onDiskPerCommittedByte),
            figure(row.writtenPerCommittedByte),
          ]),
          notes: [
            'On the disk: allocated blocks, with segments and snapshots that are made ahead. etcd keeps every version.',
          ],
        },
        {
          title: 'A node comes back from its log after SIGKILL, without a snapshot',
          columns: ['entries', 'MiB of log', 'ms until it takes part', 'RSS MiB'],
          rows: [
            [
              figure(recovery.logEntries),
              figure(recovery.logMiB),
              spread(recovery.recoveryMs),
              figure(recovery.rssMiB),
            ],
          ],
          notes: [],
        },
      ],
    }
  },
}

interface Space {
  readonly onDisk: number
  readonly written: number
}

async function write(stage: Stage, address: TargetAddress, count: number, outstanding = OUTSTANDING): Promise<number> {
  const load = await startLoad(stage.programs.driver, address, stage.signal)
  try {
    const result = await load.run({ outstanding, warmUpMs: 0, measureMs: 0, count })
    return result.operations
  } finally {
    await load.close()
  }
}

async function ourSpace(stage: Stage, directory: string, entries: number): Promise<Space> {
  const { programs, signal } = stage
  const cluster = await OurCluster.open({ directory, programs, nodes: NODES, settings: SETTINGS, signal })
  try {
    await write(stage, cluster.address, entries)
    return await spaceOf(cluster.pids, cluster.dataDirs)
  } finally {
    await cluster.close()
  }
}

async function etcdSpace(stage: Stage, directory: string, entries: number): Promise<Space> {
  const cluster = await EtcdCluster.start({ directory, nodes: NODES, signal: stage.signal })
  try {
    const { clientPort: port } = await cluster.awaitLeader()
    await write(stage, { system: 'etcd', port, connections: 4 }, entries)
    const directories = cluster.members.map((member) => member.directory)
    return await spaceOf(cluster.pids, directories)
  } finally {
    await cluster.close()
  }
}

async function spaceOf(pids: readonly number[], directories: readonly string[]): Promise<Space> {
  const sizes = await Promise.all(directories.map(allocatedBytes))
  return {
    onDisk: sizes.reduce((sum, size) => sum + size, 0),
    written: pids.reduce((sum, pid) => sum + writtenBytes(pid), 0),
  }
}

/** What files under a directory take up; a file may vanish meanwhile. */
async function allocatedBytes(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true })
  const stats = await Promise.all(names.map((name) => stat(join(directory, name)).catch(() => undefined)))
  return stats.reduce((sum, found) => sum + (found?.isFile() ? found.blocks * 512 : 0), 0)
}

async function recoveries(stage: Stage, logEntries: number) {
  const { programs, signal } = stage
  const directory = await stage.directory()
  const settings = { ...SETTINGS, snapshotEntries: 0, snapshotBytes: 0, telemetry: 'state' } as const
  const cluster = await OurCluster.open({ directory: join(directory, 'ours'), programs, nodes: 1, settings, signal })
  try {
    await cluster.awaitLeader()
    stage.say(`disk: a log of ${figure(logEntries)} entries`)
    const written = await write(stage, cluster.address, logEntries, 4 * OUTSTANDING)
    const times: number[] = []
    let rssMiB = 0
    for (let run = 0; run < stage.runs; run++) {
      stage.say(`disk: recovery ${run + 1} of ${stage.runs}`)
      await cluster.cluster.kill(1)
      const began = performance.now()
      await cluster.cluster.start(1)
      times.push(performance.now() - began)
      rssMiB = Math.max(rssMiB, memoryOf(cluster.pids).rssBytes / MIB)
    }
    const logMiB = (await allocatedBytes(cluster.cluster.dataDir(1))) / MIB
    return { logEntries: written, logMiB, recoveryMs: spreadOf(times), rssMiB }
  } finally {
    await cluster.close()
    await stage.discard(directory)
  }
}
