/** A workbench on a temporary home, as a host would make it, with everything that it says written down. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createWorkbench, type HostServices, type Workbench } from '../../main/workbench'
import type {
  CallInput,
  CallName,
  CallOutput,
  LiveUpdate,
  NodePatch,
  OpenSource,
  ProblemCode,
  ProblemView,
} from '../../preload/contract'
import { ensureBuilt } from '../support/build'
import { until } from '../support/cluster'

export interface Bench {
  readonly home: string
  readonly workbench: Workbench
  readonly sources: OpenSource[]
  readonly problems: ProblemView[]
  /** What went to the host's log. */
  readonly logged: string[]
  readonly updates: LiveUpdate[]
  /** By id, as the last updates left them. */
  readonly nodes: Map<number, NodePatch>
  /** Where the next save dialog saves; null = cancelled. */
  savePath: string | null
  call<C extends CallName>(name: C, input: CallInput<C>): Promise<CallOutput<C>>
  /** Expects the call to fail; @returns the problem */
  fails<C extends CallName>(name: C, input: unknown, code: ProblemCode): Promise<ProblemView>
  leader(): Promise<number>
  /** Waits until all running nodes have the same log, at least up to this entry, and know it committed. */
  settled(least?: number): Promise<void>
  clear(): Promise<void>
}

export async function startBench(given?: string): Promise<Bench> {
  const home = given ?? (await mkdtemp(join(tmpdir(), 'rw-bench-')))
  const programs = await ensureBuilt()
  const logged: string[] = []
  const host: HostServices = {
    kind: 'electron',
    systemLanguage: () => 'en',
    saving: { kind: 'dialog', choose: async () => bench.savePath },
    log: (_, message) => logged.push(message),
  }
  const workbench = await createWorkbench({ home, host, programs, version: '1.2.3' })
  const bench: Bench = {
    home,
    workbench,
    sources: [],
    problems: [],
    logged,
    updates: [],
    nodes: new Map(),
    savePath: null,
    async call(name, input) {
      const answer = await workbench.call(name, input)
      if (!answer.ok) throw new Error(`${name}: ${answer.problem.message}`)
      return answer.value as never
    },
    async fails(name, input, code) {
      const answer = await workbench.call(name, input)
      if (answer.ok) throw new Error(`${name} did not fail`)
      expect(answer.problem.code).toBe(code)
      return answer.problem
    },
    leader: () =>
      until('a leader', () => {
        const leaders = [...bench.nodes.values()].filter(
          ({ role, process }) => role === 'leader' && process.standing === 'running',
        )
        return leaders.sort((a, b) => b.currentTerm - a.currentTerm)[0]?.id
      }),
    async settled(least = 1) {
      await until('equal logs', () => {
        const running = [...bench.nodes.values()].filter(({ process }) => process.standing === 'running')
        const standings = running.map(({ log, commitIndex, lastApplied }) => [log.lastIndex, commitIndex, lastApplied])
        // Updates come late: logs may have been equal before the last write.
        return new Set(standings.flat()).size === 1 && (standings[0]?.[0] ?? 0) >= least
      })
    },
    async clear() {
      await workbench.close()
      await rm(home, { recursive: true, force: true })
    },
  }
  workbench.subscribe('source', (value) => bench.sources.push(value))
  workbench.subscribe('problem', (value) => bench.problems.push(value))
  workbench.subscribe('live', (update) => {
    bench.updates.push(update)
    if (update.whole) bench.nodes.clear()
    for (const node of update.nodes) bench.nodes.set(node.id, merged(bench.nodes.get(node.id), node))
  })
  return bench
}

/** A window's rule: keep what was known below `changedFrom`, then take what came. */
function merged(before: NodePatch | undefined, patch: NodePatch): NodePatch {
  const kept = (before?.log.entries ?? []).filter(({ index }) => index < patch.log.changedFrom)
  return { ...patch, log: { ...patch.log, entries: [...kept, ...patch.log.entries] } }
}
