import type { Language } from '../../../preload/contract'

/** What the command `check` says. */
export interface CheckTexts {
  readonly description: string
  readonly file: string
  readonly model: string
  /** The option, and that it was written. */
  readonly report: string
  written(path: string): string
  /** Heading of the invariants. */
  invariants(events: number): string
  section(section: string): string
  times(found: number): string
  proof(events: readonly number[]): string
  judgedUntil(seq: number): string
  /** Heading of the comparison with the specification. */
  conformance(transitions: number): string
  conforms(deviations: number): string
  condition(action: string, condition: string, section: string): string
  history(model: string, calls: number, parts: number): string
  readonly outcome: Readonly<Record<'linearizable' | 'illegal' | 'undecided', string>>
  notJudged(stale: number, failed: number): string
  illegal(part: string): string
  undecided(parts: string): string
  call(process: number, text: string, place: string): string
  /** Where a call stands: events of a recording, or lines of a history. */
  events(call: number, answer: number | undefined): string
  lines(call: number, answer: number | undefined): string
  readonly holds: string
  readonly broken: string
}

const until = (call: number, answer: number | undefined): string => `${call}–${answer ?? '…'}`

export const CHECK_TEXTS: Readonly<Record<Language, CheckTexts>> = {
  en: {
    description:
      'judge a recording (invariants, Raft’s specification, and what its clients were told) or the history of another system',
    file: 'a recording, JSON Lines, or a history as Jepsen, Knossos or porcupine’s tests write it',
    model: 'what a history is of (kv, register, cas-register); else its operations tell',
    report: 'writes everything as one HTML page: verdicts, faults, plots, counterexamples',
    written: (path) => `The report is in ${path}.`,
    invariants: (events) => `Invariants, over ${events} events:`,
    section: (section) => `§${section}`,
    times: (found) => (found === 1 ? 'broken' : `broken ${found} times; the first:`),
    proof: (events) => `events ${events.join(', ')}`,
    judgedUntil: (seq) =>
      `From event ${seq} on nothing was judged: the recording lacks events there. Record at a level that the machine keeps up with.`,
    conformance: (transitions) => `Raft’s specification, over ${transitions} transitions:`,
    conforms: (deviations) =>
      deviations === 0
        ? 'every one is allowed'
        : deviations === 1
          ? 'one is not allowed:'
          : `${deviations} are not allowed; the first:`,
    condition: (action, condition, section) => `action ${action}, condition ${condition}: ${section}`,
    history: (model, calls, parts) =>
      `Linearizability (${model}), over ${calls} calls${parts > 1 ? ` of ${parts} keys` : ''}:`,
    outcome: { linearizable: 'linearizable', illegal: 'not linearizable', undecided: 'not decided' },
    notJudged: (stale, failed) =>
      `${[
        ...(stale > 0 ? [`${stale} reads that promise nothing (stale)`] : []),
        ...(failed > 0 ? [`${failed} calls without effect`] : []),
      ].join(' and ')} are not judged.`,
    illegal: (part) =>
      `${part === '' ? 'These' : `Key ${JSON.stringify(part)}: these`} calls have no order that explains them:`,
    undecided: (parts) => `There were too many possible orders of the calls of: ${parts}.`,
    call: (process, text, place) => `client ${process}  ${text}  (${place})`,
    events: (call, answer) => `events ${until(call, answer)}`,
    lines: (call, answer) => `lines ${until(call, answer)}`,
    holds: 'It holds.',
    broken: 'It does not hold.',
  },
  zh: {
    description: '判定一个录制（不变量、Raft 规范，以及客户端得到的答复）或其他系统的历史',
    file: '录制、JSON Lines，或 Jepsen、Knossos、porcupine 测试所写的历史',
    model: '历史的对象（kv、register、cas-register）；缺省由其操作得知',
    report: '将全部内容写成一个 HTML 页面：判定、故障、曲线、反例',
    written: (path) => `报告已写入 ${path}。`,
    invariants: (events) => `不变量，共 ${events} 个事件：`,
    section: (section) => `§${section}`,
    times: (found) => (found === 1 ? '被违反' : `被违反 ${found} 次；第一次：`),
    proof: (events) => `事件 ${events.join('、')}`,
    judgedUntil: (seq) => `从事件 ${seq} 起未作判定：录制在那里缺少事件。请使用机器跟得上的录制级别。`,
    conformance: (transitions) => `Raft 规范，共 ${transitions} 次状态转换：`,
    conforms: (deviations) =>
      deviations === 0 ? '全部允许' : deviations === 1 ? '有一次不被允许：' : `有 ${deviations} 次不被允许；第一次：`,
    condition: (action, condition, section) => `动作 ${action}，条件 ${condition}：${section}`,
    history: (model, calls, parts) =>
      `线性一致性（${model}），共 ${calls} 次调用${parts > 1 ? `，${parts} 个键` : ''}：`,
    outcome: { linearizable: '线性一致', illegal: '不是线性一致的', undecided: '未能判定' },
    notJudged: (stale, failed) =>
      `${[...(stale > 0 ? [`${stale} 次不作保证的读（stale）`] : []), ...(failed > 0 ? [`${failed} 次没有效果的调用`] : [])].join('和')}不作判定。`,
    illegal: (part) => `${part === '' ? '' : `键 ${JSON.stringify(part)}：`}以下调用没有任何顺序可以解释：`,
    undecided: (parts) => `以下对象的调用可能的顺序太多：${parts}。`,
    call: (process, text, place) => `客户端 ${process}  ${text}  （${place}）`,
    events: (call, answer) => `事件 ${until(call, answer)}`,
    lines: (call, answer) => `第 ${until(call, answer)} 行`,
    holds: '成立。',
    broken: '不成立。',
  },
}
