/** What the command `reliability` says, in both languages. */
import type { Language } from '../../../preload/contract'
import type { Finding, ReliabilityResult, RoundResult, RoundState } from '../../workbench/headless'

export interface ReliabilityTexts {
  readonly description: string
  readonly minutes: string
  readonly seeds: string
  readonly nodes: string
  notMinutes(given: string, most: number): string
  notSeeds(given: string, most: number): string
  progress(round: number, rounds: number, state: RoundState): string
  ended(round: number, seed: number, findings: number, kept: string | undefined): string
  report(result: ReliabilityResult): readonly string[]
}

const MIB = 1 << 20
/** Of a seed, at most so many are shown. */
const SHOWN = 20

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mib = (bytes: number): string => (bytes / MIB).toFixed(0)
const counts = (of: Readonly<Record<string, number>>): string =>
  Object.entries(of)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ') || '–'

function findingInEnglish(finding: Finding): string {
  switch (finding.kind) {
    case 'history':
      return `${finding.key}: ${finding.detail}`
    case 'two-leaders':
      return `nodes ${finding.nodes.join(' and ')} both led in term ${finding.term}`
    case 'committed':
      return `entry ${finding.index}: ${finding.detail}`
    case 'files':
      return `the files of nodes ${finding.nodes.join(' and ')}: ${finding.detail}`
    case 'states':
      return `the state machine of node ${finding.node} holds something else under ${finding.key}`
    case 'not-healed':
      return `after the healing: ${finding.detail}`
    case 'recording':
      return `the recording: ${finding.detail}`
    case 'processes':
      return `${finding.count} node processes ran at the same time, and ${finding.most} may`
    case 'left-over':
      return `processes that are left: ${finding.pids.join(', ')}`
    case 'memory':
      return `${finding.node === 0 ? 'this program' : `node ${finding.node}`} took ${mib(finding.bytes)} MiB, and ${mib(finding.most)} is the limit`
  }
}

function findingInChinese(finding: Finding): string {
  switch (finding.kind) {
    case 'history':
      return `${finding.key}：${finding.detail}`
    case 'two-leaders':
      return `节点 ${finding.nodes.join(' 和 ')} 在任期 ${finding.term} 都成为领导人`
    case 'committed':
      return `条目 ${finding.index}：${finding.detail}`
    case 'files':
      return `节点 ${finding.nodes.join(' 和 ')} 的文件：${finding.detail}`
    case 'states':
      return `节点 ${finding.node} 的状态机中 ${finding.key} 的值不同`
    case 'not-healed':
      return `全部修复之后：${finding.detail}`
    case 'recording':
      return `录制：${finding.detail}`
    case 'processes':
      return `同时有 ${finding.count} 个节点进程，上限为 ${finding.most}`
    case 'left-over':
      return `遗留的进程：${finding.pids.join(', ')}`
    case 'memory':
      return `${finding.node === 0 ? '本程序' : `节点 ${finding.node}`} 占用 ${mib(finding.bytes)} MiB，上限为 ${mib(finding.most)}`
  }
}

function totals({ history, workloads }: RoundResult) {
  const of = (name: 'calls' | 'acknowledged' | 'reads' | 'failed' | 'unknown' | 'keys' | 'undecided') =>
    sum(history.map((one) => one[name]))
  return {
    calls: of('calls'),
    acknowledged: of('acknowledged'),
    reads: of('reads'),
    failed: of('failed'),
    unknown: of('unknown'),
    keys: of('keys'),
    undecided: of('undecided'),
    slowest: Math.max(0, ...workloads.map(({ max }) => max)),
  }
}

function roundInEnglish(round: RoundResult): string[] {
  const { seed, nodes, durationMs, nemesis, faults, operations, recording, resources, findings, kept } = round
  const all = totals(round)
  return [
    `Seed ${seed}: ${nodes} nodes, ${(durationMs / 60_000).toFixed(1)} minutes of faults. ${findings.length === 0 ? 'Everything held.' : `${findings.length} findings.`}`,
    `  calls      ${all.calls}: ${all.acknowledged} writes acknowledged, ${all.reads} reads, ${all.failed} failed, ${all.unknown} unknown; the slowest took ${all.slowest.toFixed(0)} ms`,
    `  order      explained for ${all.keys - all.undecided} of ${all.keys} keys`,
    `  nemesis    ${nemesis.taken} steps taken; left out: ${counts(nemesis.skipped)}`,
    `  faults     ${counts(faults)}`,
    `  changes    ${counts(operations)}`,
    `  recording  ${recording.events} events, ${mib(recording.bytes)} MiB; ${recording.elections} elections, ${recording.committed} entries committed, ${recording.acknowledged} acknowledged writes among them`,
    `  processes  ${resources.processes} nodes at the same time, ${resources.starts} starts`,
    `  memory     nodes ${mib(resources.nodes.early)} → ${mib(resources.nodes.late)} MiB (at most ${mib(resources.nodes.max)}), this program ${mib(resources.host.early)} → ${mib(resources.host.late)} MiB (at most ${mib(resources.host.max)})`,
    ...findings.slice(0, SHOWN).map((finding) => `  ✗ ${findingInEnglish(finding)}`),
    ...(kept === undefined ? [] : [`  Its files and its recording are in ${kept}.`]),
  ]
}

function roundInChinese(round: RoundResult): string[] {
  const { seed, nodes, durationMs, nemesis, faults, operations, recording, resources, findings, kept } = round
  const all = totals(round)
  return [
    `种子 ${seed}：${nodes} 个节点，故障持续 ${(durationMs / 60_000).toFixed(1)} 分钟。${findings.length === 0 ? '全部成立。' : `发现 ${findings.length} 个问题。`}`,
    `  调用  ${all.calls} 次：确认写入 ${all.acknowledged}，读取 ${all.reads}，失败 ${all.failed}，未知 ${all.unknown}；最慢 ${all.slowest.toFixed(0)} 毫秒`,
    `  次序  ${all.keys} 个键中有 ${all.keys - all.undecided} 个得到解释`,
    `  nemesis  执行 ${nemesis.taken} 步；跳过：${counts(nemesis.skipped)}`,
    `  故障  ${counts(faults)}`,
    `  变更  ${counts(operations)}`,
    `  录制  ${recording.events} 个事件，${mib(recording.bytes)} MiB；选举 ${recording.elections} 次，提交 ${recording.committed} 条，其中确认的写入 ${recording.acknowledged} 条`,
    `  进程  同时 ${resources.processes} 个节点，启动 ${resources.starts} 次`,
    `  内存  节点 ${mib(resources.nodes.early)} → ${mib(resources.nodes.late)} MiB（最高 ${mib(resources.nodes.max)}），本程序 ${mib(resources.host.early)} → ${mib(resources.host.late)} MiB（最高 ${mib(resources.host.max)}）`,
    ...findings.slice(0, SHOWN).map((finding) => `  ✗ ${findingInChinese(finding)}`),
    ...(kept === undefined ? [] : [`  其文件和录制在 ${kept}。`]),
  ]
}

const PHASES = {
  en: { starting: 'starting', nemesis: 'under faults', checking: 'checking' },
  zh: { starting: '启动中', nemesis: '故障中', checking: '检查中' },
} as const

export const RELIABILITY_TEXTS: Readonly<Record<Language, ReliabilityTexts>> = {
  en: {
    description: 'runs clusters under random faults and load, and checks that nothing acknowledged is lost',
    minutes: 'minutes in all, shared by the seeds',
    seeds: 'seeds of the schedules, with commas between: one cluster each',
    nodes: 'nodes of each cluster',
    notMinutes: (given, most) => `"${given}" is no number of minutes up to ${most}.`,
    notSeeds: (given, most) => `"${given}" is no list of seeds from 0 to ${most}, such as 1,2,3.`,
    progress: (round, rounds, { seed, phase, millis, ok, failed, unknown }) =>
      `${round} of ${rounds} (seed ${seed}), ${PHASES.en[phase]}, ${(millis / 1000).toFixed(0)} s: ${ok} ok, ${failed} failed, ${unknown} unknown`,
    ended: (round, seed, findings, kept) =>
      `${round} (seed ${seed}): ${findings === 0 ? 'everything held' : `${findings} findings, kept in ${kept}`}`,
    report: ({ holds, interrupted, rounds }) => [
      ...rounds.flatMap(roundInEnglish),
      holds
        ? 'No acknowledged write was lost, and every invariant held.'
        : interrupted
          ? 'It was ended before its time: nothing is said of what had not been finished.'
          : 'It does not hold.',
    ],
  },
  zh: {
    description: '让集群在随机故障和负载下运行，并检查没有任何已确认的写入丢失',
    minutes: '总分钟数，由各种子平分',
    seeds: '各计划的种子，以逗号分隔：每个种子一个集群',
    nodes: '每个集群的节点数',
    notMinutes: (given, most) => `“${given}”不是不超过 ${most} 的分钟数。`,
    notSeeds: (given, most) => `“${given}”不是 0 到 ${most} 的种子列表，例如 1,2,3。`,
    progress: (round, rounds, { seed, phase, millis, ok, failed, unknown }) =>
      `第 ${round} 个，共 ${rounds} 个（种子 ${seed}），${PHASES.zh[phase]}，${(millis / 1000).toFixed(0)} 秒：成功 ${ok}，失败 ${failed}，未知 ${unknown}`,
    ended: (round, seed, findings, kept) =>
      `第 ${round} 个（种子 ${seed}）：${findings === 0 ? '全部成立' : `发现 ${findings} 个问题，保留在 ${kept}`}`,
    report: ({ holds, interrupted, rounds }) => [
      ...rounds.flatMap(roundInChinese),
      holds
        ? '没有任何已确认的写入丢失，所有不变量均成立。'
        : interrupted
          ? '提前结束：未完成的部分不作结论。'
          : '不成立。',
    ],
  },
}
