import type { ErrorCode } from '../../node/contract/breakpoint/types'
import type { LinkPreset } from '../../node/contract/conditions'
import { breakpointText, namedIn, type PresetReason, plainReason } from './faults'
import { bytes, type FaultSentences } from './sentences'

const because = (reason: string): string => (reason === '' ? '' : `（${reason}）`)

const SYNTAX: Readonly<Record<ErrorCode, (found: string) => string>> = {
  empty: () => '它还是空的。请写一个条件，如“leader elected”或“n2: commitIndex >= 10”',
  'too-long': () => '它太长了。请改用几个较短的断点',
  'unexpected-character': (found) => `“${found}”在其中没有含义`,
  'unexpected-word': (found) => `“${found}”不能出现在此处`,
  'unexpected-end': () => '它过早结束',
  'unknown-name': (found) => `没有名为“${found}”的事件或状态`,
  'unknown-field': (found) => `该事件没有字段“${found}”`,
  'unknown-value': (found) => `“${found}”不是它可取的值`,
  'wrong-type': (found) => `“${found}”与所比较的对象类型不同`,
  'not-ordered': (found) => `词语没有大小之分，不能用“${found}”比较。请用 = 或 !=`,
  'not-comparable': (found) => `“${found}”是列表或字节，不能比较`,
  'event-negated': (found) => `在事件“${found}”前加“not”几乎等于所有其他事件。请写明要发生什么`,
  'never-true': () => '这个条件永远不会成立：同一事物不能同时是两者。请去掉其中之一，或改用“or”',
  'too-many-alternatives': () => '它的备选条件太多。请改用几个较短的断点',
}

const PRESETS: Readonly<Record<LinkPreset, string>> = {
  'isolate-leader': '隔离领导人',
  isolate: '隔离一个节点',
  majority: '领导人落入少数派',
  bridge: '桥接',
  ring: '环形',
  deaf: '失聪',
  mute: '失声',
  flaky: '抖动',
  slow: '缓慢',
  'hold-all': '暂扣全部消息',
}

const UNFIT: Readonly<Record<PresetReason, string>> = {
  'no-leader': '需要一个领导人，而现在没有。未改动任何链路；请等选出领导人后再试。',
  'node-wanted': '针对某一个节点，而没有指定。未改动任何链路；请选择该节点。',
  'too-few-nodes': '需要的节点比此集群现有的多。未改动任何链路；请另选模式，或添加节点。',
}

export const faultsZh: FaultSentences = {
  'fault-invalid': ({ where, reason }) => `“${where}”不能取此值${because(reason)}。未作任何改动；请改正后再试。`,
  'fault-unknown': ({ id }) => `故障 ${id} 已不存在：它已结束。请在故障列表中查看现有的故障。`,
  'preset-impossible': ({ preset, reason }) => {
    const unfit = namedIn(UNFIT, reason)
    const name = namedIn(PRESETS, preset) ?? preset
    return unfit === undefined
      ? `现在的集群不适用模式“${name}”${because(reason)}。未改动任何链路；请另选模式或节点。`
      : `模式“${name}”${unfit}`
  },
  'held-unknown': ({ link, id }) =>
    `链路 ${link} 上没有（或不再有）暂扣的消息 ${id}。它已放行或丢弃，或其节点已结束；请从暂扣消息列表中选择。`,
  'hold-full': ({ node, messages, bytes: size }) =>
    `节点 ${node} 已暂扣 ${messages} 条消息（${bytes(size)}），容纳不下更多。请先放行或丢弃一些，再试一次。`,
  'message-invalid': ({ reason }) =>
    `编辑后的消息无法发送${because(plainReason(reason))}。该消息仍按原样暂扣；请改正该字段后再发送。`,
  'timer-unset': ({ node }) =>
    `节点 ${node} 没有在等待任何期限，因此没有可触发的定时器：它处于静默状态，或仍在读取磁盘。请通过写入唤醒它，或稍后再试。`,
  'record-unknown': ({ node, file, record, reason }) =>
    `节点 ${node} 的 ${file} 中没有可翻转比特的第 ${record} 条记录${because(reason)}。未作任何改动；请从该节点的文件中选择记录。`,
  'breakpoint-invalid': (details) => {
    const { from, code, found, expected } = details
    const wrong = namedIn(SYNTAX, code)?.(found) ?? `无法理解“${found}”`
    const instead = expected === '' ? '' : `此处可用：${expected}。`
    return `断点${breakpointText(details, '“', '”')}在第 ${from + 1} 个字符处有误：${wrong}。${instead}断点未设置；请在该处改正。`
  },
  'breakpoint-limit': ({ max }) => `一个集群最多有 ${max} 个断点。请先删除一个不需要的，再设置此断点。`,
  'breakpoint-unknown': ({ id }) => `断点 ${id} 已不存在。请从断点列表中选择。`,
  'cluster-stopped': ({ node }) =>
    node === '' || node === '0'
      ? '整个集群已停住，而此操作需要它答复。请先让它继续，再试一次。'
      : `整个集群已停住，而此操作需要节点 ${node} 的答复。请先让它继续，再试一次。`,
  'not-stopped': () => '集群没有停住，无从继续或单步。请先停住它，或设置一个断点。',
  'schedule-lethal': ({ down, nodes }) =>
    `此计划会使 ${nodes} 个节点中的 ${down} 个同时失效。未开始任何操作；请调低“maxDown”，至少让一个节点存活。`,
  'nemesis-running': () => '此集群中已有捣乱者在运行。请等它结束，或先停止它。',
  'workload-limit': ({ max }) => `一个集群最多同时运行 ${max} 个负载。请先停止其中一个。`,
  'workload-unknown': ({ id }) => `没有正在运行的负载 ${id}：它已结束。请在负载列表中查看正在运行的负载。`,
}
