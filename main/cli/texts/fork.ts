import type { Language } from '../../../preload/contract'

/** What the command `fork` says. */
export interface ForkTexts {
  readonly description: string
  readonly at: string
  readonly out: string
  readonly name: string
  made(cluster: string, recording: string, seconds: number, seq: number): string
  /** Node, role, term, log, snapshot, directory. */
  readonly heading: readonly string[]
  readonly nothing: string
  completed(nodes: string): string
  start(home: string): string
}

export const FORK_TEXTS: Readonly<Record<Language, ForkTexts>> = {
  en: {
    description:
      'make a new cluster of a moment of a recording: the data directories of all its nodes, and its cluster.json',
    at: 'the moment (250ms, 1.5s, 2m; without a unit: nanoseconds)',
    out: 'the folder to put it into, as --home names it: DIR/clusters/NAME',
    name: 'what the cluster is called (else after its parent)',
    made: (cluster, recording, seconds, seq) =>
      `Cluster “${cluster}”, as ${recording} was at ${seconds} s, after ${seq} events:`,
    heading: ['node', 'role', 'term', 'log', 'snapshot', 'directory'],
    nothing: 'nothing yet',
    completed: (nodes) => `Killed before they could tell everything, and given what was committed: ${nodes}.`,
    start: (home) => `To start it: raft-workbench open --home ${home}`,
  },
  zh: {
    description: '用录制的某一时刻创建新集群：所有节点的数据目录及 cluster.json',
    at: '时刻（250ms、1.5s、2m；不带单位表示纳秒）',
    out: '放入哪个文件夹，与 --home 相同：DIR/clusters/NAME',
    name: '集群名称（缺省按其来源命名）',
    made: (cluster, recording, seconds, seq) =>
      `集群“${cluster}”，取自 ${recording} 的 ${seconds} 秒处，第 ${seq} 个事件之后：`,
    heading: ['节点', '角色', '任期', '日志', '快照', '目录'],
    nothing: '尚无内容',
    completed: (nodes) => `以下节点在报告完之前被杀，已补上已提交的内容：${nodes}。`,
    start: (home) => `启动：raft-workbench open --home ${home}`,
  },
}
