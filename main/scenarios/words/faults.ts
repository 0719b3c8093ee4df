/** What is done to links, disks and many things at once, in words. */
import type { NemesisPackage, NemesisPlan } from '../../cluster/nemesis/types'
import type { WorkloadPlan } from '../../cluster/workload/types'
import type { LinkAction, LinkPreset, LinkRule, NodeFault } from '../../node/contract/conditions'
import { joined, listed, millisWords, NOTHING, same, type Text } from './values'

/** `at`: the node that it is about; empty where it is about none. */
export function presetWords(pattern: LinkPreset, at: Text): Text {
  const it: Text = at.en === '' ? { en: 'one node', zh: '一个节点' } : at
  const of: Text =
    at.en === '' ? { en: 'all links', zh: '所有链路' } : { en: `the links of ${at.en}`, zh: `${at.zh}的链路` }
  switch (pattern) {
    case 'isolate-leader':
      return { en: 'Cut the leader off from all others', zh: '把领导人与其余节点隔开' }
    case 'isolate':
      return { en: `Cut ${it.en} off from all others`, zh: `把${it.zh}与其余节点隔开` }
    case 'majority':
      return { en: 'Cut the cluster in two, with the leader in the minority', zh: '把集群分成两半，领导人在少数一侧' }
    case 'bridge':
      return {
        en: `Cut the cluster in two halves; only ${it.en} sees both`,
        zh: `把集群分成两半，只有${it.zh}看得到两侧`,
      }
    case 'ring':
      return { en: 'Leave each node only its two neighbours', zh: '每个节点只留下左右两个邻居' }
    case 'deaf':
      return { en: `Make ${it.en} deaf: it hears nobody`, zh: `让${it.zh}失聪：它听不到任何节点` }
    case 'mute':
      return { en: `Make ${it.en} mute: nobody hears it`, zh: `让${it.zh}失声：没有节点听得到它` }
    case 'flaky':
      return { en: `Make ${of.en} flaky: they lose, double and reorder`, zh: `让${of.zh}抖动：丢弃、重复、乱序` }
    case 'slow':
      return { en: `Make ${of.en} slow`, zh: `让${of.zh}变慢` }
    case 'hold-all':
      return { en: 'Hold all messages on every link', zh: '暂扣所有链路上的全部消息' }
    default:
      return pattern satisfies never
  }
}

/** What a rule does with its messages: `delay 50 ms, lose 10 % (AppendEntries)`. */
export function ruleWords({ messages, action }: LinkRule): Text {
  const what = actionWords(action)
  const which: Text =
    messages.length === 0 ? { en: 'all messages', zh: '所有消息' } : listed(messages.map((message) => same(message)))
  return { en: `${what.en} (${which.en})`, zh: `${what.zh}（${which.zh}）` }
}

function actionWords(action: LinkAction): Text {
  switch (action.type) {
    case 'block':
      return { en: 'drop', zh: '丢弃' }
    case 'hold':
      return { en: 'hold', zh: '暂扣' }
    case 'shape': {
      const { dropPercent, delayMs, jitterMs, duplicatePercent, reorderPercent, bytesPerSecond } = action
      const parts: Text[] = [
        ...(delayMs + jitterMs === 0
          ? []
          : [{ en: `delay ${spread(delayMs, jitterMs)} ms`, zh: `延迟 ${spread(delayMs, jitterMs)} 毫秒` }]),
        ...percent('lose', '丢弃', dropPercent),
        ...percent('double', '重复', duplicatePercent),
        ...percent('reorder', '打乱', reorderPercent),
        ...(bytesPerSecond === 0
          ? []
          : [{ en: `at most ${bytesPerSecond} bytes/s`, zh: `每秒至多 ${bytesPerSecond} 字节` }]),
      ]
      return parts.length === 0 ? { en: 'let pass', zh: '放行' } : joined(parts, ', ', '、')
    }
    default:
      return action satisfies never
  }
}

const spread = (delay: number, jitter: number): string => (jitter === 0 ? `${delay}` : `${delay} ± ${jitter}`)
const percent = (en: string, zh: string, value: number): Text[] =>
  value === 0 ? [] : [{ en: `${en} ${value} %`, zh: `${zh} ${value} %` }]

/** What a fault does that waits in a node: `it crashes right after its next write`. */
export function nodeFaultWords(fault: NodeFault): Text {
  switch (fault.type) {
    case 'crash-point': {
      const { point, messages, nth } = fault
      const isWrite = point === 'before-write' || point === 'after-write'
      const when: Text = point.startsWith('before')
        ? { en: 'just before', zh: '之前' }
        : { en: 'right after', zh: '之后' }
      const types = messages.length === 0 ? 'a message' : messages.join(' / ')
      const zhTypes = messages.length === 0 ? '消息' : messages.join(' / ')
      const what: Text = isWrite
        ? {
            en: nth === 1 ? 'its next write' : `write number ${nth} from now`,
            zh: nth === 1 ? '下一次写入' : `第${nth}次写入`,
          }
        : {
            en: nth === 1 ? `it sends ${types}` : `it sends ${types} for the ${ordinal(nth)} time from now`,
            zh: nth === 1 ? `下一次发送${zhTypes}` : `第${nth}次发送${zhTypes}`,
          }
      return { en: `it crashes ${when.en} ${what.en}`, zh: `它在${what.zh}${when.zh}崩溃` }
    }
    case 'slow-disk': {
      const by = spread(fault.delayMs, fault.jitterMs)
      return { en: `its disk takes ${by} ms longer`, zh: `它的磁盘每次多花 ${by} 毫秒` }
    }
    case 'disk-error': {
      const { code, count } = fault
      const often: Text =
        count === null
          ? { en: 'until it is healed', zh: '直到恢复' }
          : { en: count === 1 ? 'once' : `${count} times`, zh: `共${count}次` }
      return { en: `its disk fails with ${code}, ${often.en}`, zh: `它的磁盘报错 ${code}，${often.zh}` }
    }
    case 'torn-write': {
      const { keepBytes } = fault
      const kept: Text =
        keepBytes === null
          ? { en: 'only its first bytes', zh: '只留下开头几个字节' }
          : { en: `only its first ${keepBytes} bytes`, zh: `只留下开头${keepBytes}个字节` }
      return { en: `it dies in its next write, which leaves ${kept.en}`, zh: `它在下一次写入中死亡，${kept.zh}` }
    }
    case 'power-loss':
      return fault.at === 'now'
        ? { en: 'it loses power now', zh: '它立刻断电' }
        : { en: 'it loses power during its next write', zh: '它在下一次写入期间断电' }
    default:
      return fault satisfies never
  }
}

function ordinal(number: number): string {
  const [tens, ones] = [number % 100, number % 10]
  const isTeen = tens > 10 && tens < 14
  return `${number}${isTeen ? 'th' : ones === 1 ? 'st' : ones === 2 ? 'nd' : ones === 3 ? 'rd' : 'th'}`
}

const PACKAGES: Readonly<Record<NemesisPackage, Text>> = {
  process: { en: 'processes', zh: '进程' },
  partition: { en: 'partitions', zh: '分区' },
  link: { en: 'links', zh: '链路' },
  disk: { en: 'disks', zh: '磁盘' },
  clock: { en: 'clocks', zh: '时钟' },
  membership: { en: 'the membership', zh: '成员' },
}

export function nemesisWords({ seed, durationMs, quietMs, packages }: NemesisPlan): Text {
  const kinds = (Object.keys(PACKAGES) as NemesisPackage[]).filter((kind) => (packages[kind]?.perMinute ?? 0) > 0)
  const whom = listed(kinds.map((kind) => PACKAGES[kind]))
  const of: Text = kinds.length === 0 ? NOTHING : { en: ` of ${whom.en}`, zh: `（${whom.zh}）` }
  const [long, quiet] = [millisWords(durationMs), millisWords(quietMs)]
  return {
    en: `Random faults${of.en} for ${long.en} (seed ${seed}), then healing and ${quiet.en} of quiet`,
    zh: `随机故障${of.zh}，持续${long.zh}（种子${seed}），然后恢复并静候${quiet.zh}`,
  }
}

export function workloadWords({ pace, durationMs }: WorkloadPlan): Text {
  const how: Text =
    pace.type === 'closed'
      ? {
          en: pace.clients === 1 ? '1 client calls' : `${pace.clients} clients call`,
          zh: `${pace.clients}个客户端不断调用`,
        }
      : { en: `${pace.perSecond} calls per second begin`, zh: `每秒发起${pace.perSecond}次调用` }
  const long: Text =
    durationMs === null
      ? { en: 'from here on', zh: '从此开始' }
      : { en: `for ${millisWords(durationMs).en}`, zh: `持续${millisWords(durationMs).zh}` }
  return { en: `${how.en} ${long.en}, beside the next steps`, zh: `${how.zh}，${long.zh}，与后续步骤同时进行` }
}
