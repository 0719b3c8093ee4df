/** What a diagram says besides names that are the same everywhere. */
import type { CALL_OUTCOMES, FAULT_TYPES, PROCESS_STATES, ROLES } from '../../../node/contract/events'

type Role = (typeof ROLES)[number]
type ProcessWord = (typeof PROCESS_STATES)[number]
type FaultWord = (typeof FAULT_TYPES)[number]
type Outcome = (typeof CALL_OUTCOMES)[number]

export interface Words {
  readonly heartbeat: string
  readonly no: string
  readonly copyOf: string
  readonly breakpoint: string
  readonly nothing: string
  readonly bookmark: string
  entries(count: number): string
  holds(message: string, from: string): string
  role(role: Role, term: number): string
  committed(index: number): string
  process(state: ProcessWord): string
  fault(action: 'begin' | 'end', type: FaultWord): string
  outcome(outcome: Outcome): string
  leftOut(events: number): string
}

const en: Words = {
  heartbeat: 'heartbeat',
  no: 'no',
  copyOf: 'copy of',
  breakpoint: 'stops after',
  nothing: 'nothing to show',
  bookmark: 'bookmark',
  entries: (count) => (count === 1 ? '1 entry' : `${count} entries`),
  holds: (message, from) => `holds ${message} of ${from}`,
  role: (role, term) => `${role}, term ${term}`,
  committed: (index) => `committed up to ${index}`,
  process: (state) => `process ${state}`,
  fault: (action, type) => (action === 'begin' ? `fault: ${type}` : `over: ${type}`),
  outcome: (outcome) => outcome,
  leftOut: (events) => `left out: ${events} later events (50,000 characters at most)`,
}

const ROLES_ZH: Readonly<Record<Role, string>> = {
  follower: '跟随者',
  'pre-candidate': '预候选人',
  candidate: '候选人',
  leader: '领导人',
  learner: '学习者',
}
const PROCESS_ZH: Readonly<Record<ProcessWord, string>> = {
  spawned: '进程启动',
  ready: '进程就绪',
  stopping: '进程正在停止',
  stopped: '进程已停止',
  killed: '进程被杀死',
  crashed: '进程崩溃',
  paused: '进程暂停',
  resumed: '进程恢复',
  removed: '节点已移除',
}
const OUTCOMES_ZH: Readonly<Record<Outcome, string>> = { ok: '成功', failed: '失败', unknown: '结果未知' }

const zh: Words = {
  heartbeat: '心跳',
  no: '拒绝',
  copyOf: '副本',
  breakpoint: '停在此处，之后：',
  nothing: '没有可显示的内容',
  bookmark: '书签',
  entries: (count) => `${count} 个条目`,
  holds: (message, from) => `暂扣 ${from} 的 ${message}`,
  role: (role, term) => `${ROLES_ZH[role]}，任期 ${term}`,
  committed: (index) => `已提交至 ${index}`,
  process: (state) => PROCESS_ZH[state],
  fault: (action, type) => (action === 'begin' ? `故障：${type}` : `结束：${type}`),
  outcome: (outcome) => OUTCOMES_ZH[outcome],
  leftOut: (events) => `未包含其后 ${events} 个事件（至多 50,000 个字符）`,
}

export const wordsIn = (language: 'en' | 'zh'): Words => (language === 'zh' ? zh : en)
