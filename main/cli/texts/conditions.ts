/** What `state` says about a moment besides its nodes: faults, rules, clocks, held messages, breakpoints, load. */
export interface ConditionTexts {
  readonly faults: string
  /** Number, type, since, detail. */
  readonly faultHeading: readonly string[]
  fault(type: string): string
  readonly rules: string
  /** Link, seed, messages, what the rule does. */
  readonly ruleHeading: readonly string[]
  readonly everyMessage: string
  readonly pass: string
  readonly block: string
  readonly hold: string
  drop(percent: number): string
  delay(millis: number, jitter: number): string
  duplicate(percent: number): string
  reorder(percent: number): string
  bandwidth(bytesPerSecond: number): string
  readonly clocks: string
  /** Node, mode, rate, seconds ahead of the machine's clock. */
  readonly clockHeading: readonly string[]
  mode(mode: 'running' | 'manual'): string
  readonly held: string
  /** Link, id, message, term, since, bytes, what is in it. */
  readonly heldHeading: readonly string[]
  copyOf(id: number): string
  heldMore(count: number): string
  readonly breakpoints: string
  /** Number, on or off, hits, text. */
  readonly breakpointHeading: readonly string[]
  enabled(is: boolean): string
  /** `node` 0 = by command; `breakpoint` 0 = a step. */
  stopped(node: number, breakpoint: number, seconds: number): string
  stepping(node: number): string
  nemesis(id: number, steps: number, seconds: number): string
  workload(id: number, ok: number, failed: number, unknown: number, seconds: number): string
}

export const conditionsEn: ConditionTexts = {
  faults: 'Faults',
  faultHeading: ['fault', 'type', 'since (s)', 'detail'],
  fault: (type) => type,
  rules: 'Rules of links',
  ruleHeading: ['link', 'seed', 'messages', 'rule'],
  everyMessage: 'every message',
  pass: 'let pass',
  block: 'cut',
  hold: 'hold',
  drop: (percent) => `drop ${percent} %`,
  delay: (millis, jitter) => (jitter === 0 ? `delay ${millis} ms` : `delay ${millis} ± ${jitter} ms`),
  duplicate: (percent) => `double ${percent} %`,
  reorder: (percent) => `reorder ${percent} %`,
  bandwidth: (count) => `${count} bytes/s`,
  clocks: 'Clocks that are not true',
  clockHeading: ['node', 'mode', 'rate', 'ahead (s)'],
  mode: (mode) => mode,
  held: 'Held messages',
  heldHeading: ['link', 'id', 'message', 'term', 'since (s)', 'bytes', 'content'],
  copyOf: (id) => `copy of ${id}`,
  heldMore: (count) => `and ${count} more`,
  breakpoints: 'Breakpoints',
  breakpointHeading: ['breakpoint', 'is', 'hits', 'condition'],
  enabled: (is) => (is ? 'on' : 'off'),
  stopped: (node, breakpoint, seconds) => {
    const why =
      node === 0
        ? 'by command'
        : breakpoint === 0
          ? `node ${node} made a step`
          : `node ${node} hit breakpoint ${breakpoint}`
    return `The whole cluster stands still since ${seconds} s: ${why}.`
  },
  stepping: (node) => `Node ${node} alone goes on, to its next event.`,
  nemesis: (id, steps, seconds) => `Nemesis ${id} runs since ${seconds} s: ${steps} steps taken.`,
  workload: (id, ok, failed, unknown, seconds) =>
    `Workload ${id} runs since ${seconds} s: ${ok} ok, ${failed} failed, ${unknown} unknown.`,
}

const FAULTS: Readonly<Record<string, string>> = {
  kill: '杀死',
  pause: '暂停',
  stop: '停止',
  block: '切断',
  partition: '网络分区',
  isolate: '隔离',
  links: '链路规则',
  clock: '时钟',
  'crash-point': '崩溃点',
  'slow-disk': '慢磁盘',
  'disk-error': '磁盘错误',
  'torn-write': '写入残缺',
  'power-loss': '断电',
  'bit-flip': '比特翻转',
}

export const conditionsZh: ConditionTexts = {
  faults: '故障',
  faultHeading: ['故障', '类型', '始于（秒）', '详情'],
  fault: (type) => (Object.hasOwn(FAULTS, type) ? (FAULTS[type] ?? type) : type),
  rules: '链路规则',
  ruleHeading: ['链路', '种子', '消息', '规则'],
  everyMessage: '所有消息',
  pass: '放行',
  block: '切断',
  hold: '暂扣',
  drop: (percent) => `丢弃 ${percent} %`,
  delay: (millis, jitter) => (jitter === 0 ? `延迟 ${millis} ms` : `延迟 ${millis} ± ${jitter} ms`),
  duplicate: (percent) => `重复 ${percent} %`,
  reorder: (percent) => `乱序 ${percent} %`,
  bandwidth: (count) => `每秒 ${count} 字节`,
  clocks: '不准的时钟',
  clockHeading: ['节点', '模式', '速率', '超前（秒）'],
  mode: (mode) => ({ running: '走动', manual: '手动' })[mode],
  held: '暂扣的消息',
  heldHeading: ['链路', '编号', '消息', '任期', '始于（秒）', '字节', '内容'],
  copyOf: (id) => `${id} 的副本`,
  heldMore: (count) => `另有 ${count} 条`,
  breakpoints: '断点',
  breakpointHeading: ['断点', '状态', '命中', '条件'],
  enabled: (is) => (is ? '启用' : '停用'),
  stopped: (node, breakpoint, seconds) => {
    const why =
      node === 0 ? '由命令停住' : breakpoint === 0 ? `节点 ${node} 走了一步` : `节点 ${node} 命中断点 ${breakpoint}`
    return `整个集群自 ${seconds} 秒起停住：${why}。`
  },
  stepping: (node) => `只有节点 ${node} 继续运行，直到它的下一个事件。`,
  nemesis: (id, steps, seconds) => `捣乱者 ${id} 自 ${seconds} 秒起运行：已执行 ${steps} 步。`,
  workload: (id, ok, failed, unknown, seconds) =>
    `负载 ${id} 自 ${seconds} 秒起运行：成功 ${ok}，失败 ${failed}，未知 ${unknown}。`,
}
