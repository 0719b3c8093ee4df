/** What a report says. */
import type { Standing } from './types'

export interface ReportWords {
  readonly language: string
  readonly report: string
  readonly holds: string
  readonly broken: string
  readonly partial: string
  readonly standing: Readonly<Record<Standing, string>>
  readonly headings: Readonly<
    Record<'verdicts' | 'illegal' | 'load' | 'faults' | 'leaders' | 'settings' | 'reproduce' | 'scenario', string>
  >
  readonly columns: Readonly<
    Record<
      'verdict' | 'section' | 'standing' | 'from' | 'to' | 'what' | 'setting' | 'value' | 'expected' | 'found',
      string
    >
  >
  readonly file: string
  readonly recorded: string
  readonly length: string
  readonly events: string
  readonly nodes: string
  readonly seed: string
  readonly toTheEnd: string
  times(found: number): string
  proof(events: string): string
  illegal(part: string): string
  bug(name: string): string
  settings(count: number): string
  readonly throughput: string
  readonly latency: string
  readonly plotAbout: (buckets: number, seconds: string) => string
  readonly ok: string
  readonly failed: string
  readonly unknown: string
  readonly noFaults: string
  moreFaults(n: number): string
  readonly reproduceAbout: string
}

const en: ReportWords = {
  language: 'en',
  report: 'Report',
  holds: 'It holds.',
  broken: 'It does not hold.',
  partial: 'What came last was not judged yet when this was written.',
  standing: { holds: 'holds', broken: 'broken', undecided: 'not decided' },
  headings: {
    verdicts: 'Verdicts',
    illegal: 'What no order explains',
    load: 'What clients saw',
    faults: 'Faults',
    leaders: 'Leaders',
    settings: 'Settings',
    reproduce: 'How to reproduce it',
    scenario: 'Expectations',
  },
  columns: {
    verdict: 'What must hold',
    section: 'Section',
    standing: 'Verdict',
    from: 'From (s)',
    to: 'To (s)',
    what: 'What',
    setting: 'Setting',
    value: 'Value',
    expected: 'Expected',
    found: 'Found',
  },
  file: 'File',
  recorded: 'Recorded',
  length: 'Length',
  events: 'Events',
  nodes: 'Nodes',
  seed: 'Seed',
  toTheEnd: 'to the end',
  times: (found) => (found === 1 ? 'broken' : `broken ${found} times`),
  proof: (events) => `Proved by the events ${events}`,
  illegal: (part) =>
    part === ''
      ? 'These calls have no order that explains them.'
      : `Key ${part}: these calls have no order that explains them.`,
  bug: (name) => `The nodes had a bug on purpose: ${name}`,
  settings: (count) => (count === 1 ? 'Show 1 setting' : `Show ${count} settings`),
  throughput: 'Calls per second',
  latency: 'Latency (ms)',
  plotAbout: (buckets, seconds) =>
    `${buckets} points, one for every ${seconds} s; behind them, while something was broken, it is shaded.`,
  ok: 'ok',
  failed: 'failed',
  unknown: 'unknown',
  noFaults: 'There were none.',
  moreFaults: (n) => `${n} more are not listed.`,
  reproduceAbout: 'Real processes differ a little from run to run; the recording is always judged the same.',
}

const zh: ReportWords = {
  language: 'zh-Hans',
  report: '报告',
  holds: '成立。',
  broken: '不成立。',
  partial: '写此报告时最后的部分尚未判定。',
  standing: { holds: '成立', broken: '被违反', undecided: '未能判定' },
  headings: {
    verdicts: '判定',
    illegal: '没有任何顺序可以解释的调用',
    load: '客户端所见',
    faults: '故障',
    leaders: '领导人',
    settings: '设置',
    reproduce: '如何重现',
    scenario: '期望',
  },
  columns: {
    verdict: '必须成立的性质',
    section: '章节',
    standing: '判定',
    from: '开始（秒）',
    to: '结束（秒）',
    what: '内容',
    setting: '设置',
    value: '值',
    expected: '期望',
    found: '实际',
  },
  file: '文件',
  recorded: '录制时间',
  length: '时长',
  events: '事件数',
  nodes: '节点数',
  seed: '种子',
  toTheEnd: '直到结束',
  times: (found) => (found === 1 ? '被违反' : `被违反 ${found} 次`),
  proof: (events) => `证据：事件 ${events}`,
  illegal: (part) => (part === '' ? '以下调用没有任何顺序可以解释。' : `键 ${part}：以下调用没有任何顺序可以解释。`),
  bug: (name) => `节点故意带有错误：${name}`,
  settings: (count) => `显示 ${count} 项设置`,
  throughput: '每秒调用数',
  latency: '延迟（毫秒）',
  plotAbout: (buckets, seconds) => `共 ${buckets} 个点，每 ${seconds} 秒一个；阴影为故障。`,
  ok: '成功',
  failed: '失败',
  unknown: '未知',
  noFaults: '没有故障。',
  moreFaults: (n) => `另有 ${n} 个未列出。`,
  reproduceAbout: '真实进程的每次运行略有不同；同一录制的判定总是相同的。',
}

export const REPORT_WORDS: Readonly<Record<'en' | 'zh', ReportWords>> = { en, zh }
