import type { Language } from '../../../preload/contract'

/** What the command `run` says. */
export interface RunTexts {
  readonly description: string
  readonly scenario: string
  readonly nodes: string
  readonly seed: string
  readonly out: string
  readonly level: string
  notSeed(given: string, max: number): string
  begins(title: string, nodes: number, seed: number): string
  /** A step that begins, and what it does. */
  step(number: number, of: number, words: string): string
  /** Of a step, with the line of the file where it stands; 0 = there is no file. */
  failed(line: number, why: string): string
  readonly judging: string
  readonly expectation: Readonly<Record<'expect' | 'never' | 'limit', string>>
  found(found: string, seq: number): string
  readonly linearizable: Readonly<Record<'linearizable' | 'illegal' | 'undecided' | 'none', string>>
  invariants(count: number): string
  times(found: number): string
  conforms(transitions: number): string
  deviates(deviations: number): string
  event(seq: number): string
  readonly asExpected: string
  readonly notAsExpected: string
  result(outcome: 'holds' | 'failed' | 'stopped' | 'broken', seconds: string): string
  recorded(path: string): string
  /** The option, and that it was written. */
  readonly report: string
  reported(path: string): string
}

export const RUN_TEXTS: Readonly<Record<Language, RunTexts>> = {
  en: {
    description: 'play a scenario on a real cluster, without a window, with all checks',
    scenario: 'an id of the library (see: scenarios), or a file',
    nodes: 'nodes of the cluster, in place of what the scenario says',
    seed: 'where chance begins, in place of the scenario’s seed',
    out: 'keep the recording in this file',
    level: 'how much is recorded: message, entry (all of it) or state',
    notSeed: (given, max) => `“${given}” is no seed. A seed is a whole number from 0 to ${max}.`,
    begins: (title, nodes, seed) => `${title} (${nodes} nodes, seed ${seed})`,
    step: (number, of, words) => `${number}/${of} ${words}`,
    failed: (line, why) => `✗${line === 0 ? '' : ` (line ${line})`}${why === '' ? '' : `: ${why}`}`,
    judging: 'All steps are over; judging what was recorded.',
    expectation: { expect: 'expected: ', never: 'never: ', limit: 'limit: ' },
    found: (found, seq) => `found: ${found === '' ? 'nothing of it' : found}${seq < 0 ? '' : ` (event ${seq})`}`,
    linearizable: {
      linearizable: 'the clients’ calls are linearizable',
      illegal: 'the clients’ calls are not linearizable',
      undecided: 'whether the clients’ calls are linearizable was not decided: too many possible orders',
      none: 'no client called',
    },
    invariants: (count) => `all ${count} invariants hold`,
    times: (found) => (found === 1 ? 'broken' : `broken ${found} times; the first:`),
    conforms: (transitions) => `all ${transitions} transitions are the specification’s`,
    deviates: (deviations) => `${deviations} transitions are not the specification’s; the first:`,
    event: (seq) => `event ${seq}`,
    asExpected: 'The verdicts are as the scenario expects them.',
    notAsExpected: 'The verdicts are not as the scenario expects them.',
    result: (outcome, seconds) =>
      ({
        holds: `It holds, after ${seconds} s.`,
        failed: `It does not hold, after ${seconds} s.`,
        stopped: `Stopped after ${seconds} s.`,
        broken: `Something broke that is not the scenario’s, after ${seconds} s.`,
      })[outcome],
    recorded: (path) => `Recorded: ${path}`,
    report: 'write everything as one HTML page: verdicts, expectations, faults, plots, counterexamples',
    reported: (path) => `The report is in ${path}`,
  },
  zh: {
    description: '不开窗口，在真实集群上运行一个场景，并做全部检查',
    scenario: '场景库中的 id（见 scenarios），或一个文件',
    nodes: '集群的节点数，取代场景所写的数目',
    seed: '随机的起点，取代场景的种子',
    out: '把录制保存到此文件',
    level: '录制多少：message、entry（全部）或 state',
    notSeed: (given, max) => `“${given}”不是种子。种子是 0 到 ${max} 的整数。`,
    begins: (title, nodes, seed) => `${title}（${nodes} 个节点，种子 ${seed}）`,
    step: (number, of, words) => `${number}/${of} ${words}`,
    failed: (line, why) => `✗${line === 0 ? '' : `（第 ${line} 行）`}${why === '' ? '' : `：${why}`}`,
    judging: '所有步骤已结束，正在判定录制的内容。',
    expectation: { expect: '期望：', never: '绝不：', limit: '时限：' },
    found: (found, seq) => `实际：${found === '' ? '没有' : found}${seq < 0 ? '' : `（事件 ${seq}）`}`,
    linearizable: {
      linearizable: '客户端的调用是线性一致的',
      illegal: '客户端的调用不是线性一致的',
      undecided: '未能判定客户端的调用是否线性一致：可能的顺序太多',
      none: '没有客户端调用',
    },
    invariants: (count) => `全部 ${count} 个不变量成立`,
    times: (found) => (found === 1 ? '被违反' : `被违反 ${found} 次；第一次：`),
    conforms: (transitions) => `全部 ${transitions} 次转移都符合规约`,
    deviates: (deviations) => `${deviations} 次转移不符合规约；第一次：`,
    event: (seq) => `事件 ${seq}`,
    asExpected: '判定与场景所期望的一致。',
    notAsExpected: '判定与场景所期望的不一致。',
    result: (outcome, seconds) =>
      ({
        holds: `成立，用时 ${seconds} 秒。`,
        failed: `不成立，用时 ${seconds} 秒。`,
        stopped: `已停止，用时 ${seconds} 秒。`,
        broken: `出了故障，与场景本身无关，用时 ${seconds} 秒。`,
      })[outcome],
    recorded: (path) => `录制：${path}`,
    report: '将全部内容写成一个 HTML 页面：判定、期望、故障、曲线、反例',
    reported: (path) => `报告：${path}`,
  },
}
