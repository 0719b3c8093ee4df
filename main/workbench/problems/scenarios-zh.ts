import { impossibleIn, issueLines, type ScenarioWords, type Told } from './scenarios'
import type { Sentences } from './sentences'

const maybe = (suggestion: string): string => (suggestion === '' ? '。' : `；是否想写“${suggestion}”？`)
/** Either what was likely meant, or all that could be. */
const help = ({ suggestion, expected }: Told, before: string): string =>
  suggestion === '' ? `。${before}${expected}。` : maybe(suggestion)
const instead = (found: string): string => (found === '' ? '空' : ` ${found}`)

/** Of the YAML parser, by its code; what is not here is told in its own English words. */
const YAML: Readonly<Record<string, string>> = {
  ALIAS_PROPS: '别名不能带锚点或标签',
  BAD_ALIAS: '别名没有指向任何锚点，或名称有误',
  BAD_DIRECTIVE: '指令有误',
  BAD_DQ_ESCAPE: '双引号内的转义序列有误',
  BAD_INDENT: '缩进有误',
  BAD_SCALAR_START: '值不能以这个字符开头，请加引号',
  BLOCK_AS_IMPLICIT_KEY: '这里不能再嵌套映射，请另起一行并缩进',
  BLOCK_IN_FLOW: '方括号或花括号内不能使用块结构',
  DUPLICATE_KEY: '同一个键出现了两次',
  MISSING_CHAR: '缺少一个字符：引号、冒号、括号或逗号',
  MULTILINE_IMPLICIT_KEY: '键必须写在一行内',
  MULTIPLE_DOCS: '一个文件只能有一个文档',
  NON_STRING_KEY: '键必须是文本',
  RESOURCE_EXHAUSTION: '别名展开后的内容太多',
  TAB_AS_INDENT: '不能用制表符缩进',
  TAG_RESOLVE_FAILED: '标签无法识别',
  UNEXPECTED_TOKEN: '这里不应出现该内容',
}

export const scenarioWordsZh: ScenarioWords = {
  shapes: {
    text: '文本',
    number: '数字',
    'whole-number': '整数',
    'yes-no': 'true 或 false',
    list: '列表',
    mapping: '映射（键: 值）',
    duration: '时长，如 200ms、1.5s 或 2m（至多 10m）',
    who: '节点：编号、leader 或 $名称',
    whom: '若干节点：编号、leader、$名称、all、followers 或节点列表',
    bound: "整数，或对整数的限制，如 '>= 3'",
    name: '由字母、数字和 - 组成且以小写字母开头的名称',
    key: '另一个键',
  },
  impossible: {
    'is-and-is-not': (found) => `没有谁既是 ${found} 又不是 ${found}`,
    'more-followers-than-nodes': (found) => `跟随领导人的至多是其余节点（${found}）`,
    'terms-go-down': (found) => `日志中的任期不会减小，而这里减小了（${found}）`,
    'nothing-held': () => '此前没有任何步骤扣留消息。请加一个 hold 步骤，或设 manual: true',
    'type-not-held': (found) => `此前没有任何步骤扣留 ${found} 类型的消息`,
    'was-answered': (found) => `发出调用“${found}”的步骤已等到它的答复。请给该调用加上 background: true`,
    'nothing-stops': () => '此前没有任何步骤使集群停住：没有 breakpoint、halt 或 step',
    'no-nemesis': () => '这里没有与步骤同时进行的破坏计划。请先以 background: true 开始一个',
    'leader-and-none': () => '不可能同时有领导人又没有领导人',
    'longer-than-step': (found) => `所需时间超过了该步骤的时限（${found}）`,
    'longer-than-limit': (found) => `到这里为止所需时间已超过整个场景的时限（${found}）。请加大 limit`,
    'below-zero': (found) => `这里的数不会小于零（${found}）`,
  },
  rules: {
    'an id is small letters and digits with - between them': 'id 由小写字母和数字组成，中间可用 - 连接',
    'minMs is greater than maxMs': 'minMs 大于 maxMs',
    'give text, enabled, or both': '请写 text、enabled，或两者都写',
    'nothing to do': '没有任何要做的操作：至少一个权重应大于 0',
  },
  issues: {
    yaml: ({ found, words }) => `不是有效的 YAML：${YAML[words[0] ?? ''] ?? found}。`,
    empty: () => '文件是空的。场景以“scenario: 1”开头。',
    'text-too-long': ({ found, expected }) => `文本有 ${found} 个字符，至多读取 ${expected} 个。`,
    'unknown-key': (told) => `这里没有“${told.found}”这个键${help(told, '可用的键：')}`,
    'missing-key': ({ expected }) => `这里缺少键“${expected}”。`,
    'unknown-step': (told) => `没有“${told.found}”这种步骤${help(told, '步骤有：')}`,
    'no-step': ({ expected }) => `这个步骤什么也不做。需要其中之一：${expected}。`,
    'several-steps': ({ found }) => `一个步骤只做一件事，而这里有多件（${found}）。请分成多个步骤。`,
    'unknown-condition': (told) => `没有“${told.found}”这种条件${help(told, '条件有：')}`,
    'no-condition': ({ expected }) => `这个条件什么也没说。需要其中之一：${expected}。`,
    'several-conditions': ({ found }) =>
      `一个条件只有一个键，而这里有多个（${found}）。请写成列表，列表中的条件须同时成立。`,
    'wrong-value': ({ expected, found, suggestion }) => `应为${expected}，实为${instead(found)}${maybe(suggestion)}`,
    'too-small': ({ expected, found }) => `至少为 ${expected}，实为 ${found}。`,
    'too-large': ({ expected, found }) => `至多为 ${expected}，实为 ${found}。`,
    'too-few': ({ expected, found }) => `长度至少为 ${expected}，实为 ${found}。`,
    'too-many': ({ expected, found }) => `长度至多为 ${expected}，实为 ${found}。`,
    rule: ({ expected, found }) =>
      `${scenarioWordsZh.rules[expected] ?? expected}${found === '' ? '' : `，实为 ${found}`}。`,
    setting: ({ found, expected, suggestion }) => `设置“${found}”不能取此值（${expected}）${maybe(suggestion)}`,
    'node-unknown': ({ found, expected }) => `这里没有节点 ${found}。节点有 ${expected}。`,
    'name-unknown': ({ found, suggestion }) =>
      `没有名为“${found}”的节点${suggestion === '' ? '。请先用 let 或 add 命名。' : maybe(suggestion)}`,
    'name-later': ({ found, expected }) => `“${found}”到第 ${expected} 行才命名。请先命名再使用。`,
    'call-unknown': ({ found, suggestion }) =>
      `没有名为“${found}”的调用${suggestion === '' ? '。请先给某个调用取这个名称。' : maybe(suggestion)}`,
    'call-later': ({ found, expected }) => `调用“${found}”到第 ${expected} 行才发出。请先发出再查看。`,
    'workload-unknown': ({ found, suggestion }) =>
      `没有名为“${found}”的负载${suggestion === '' ? '。请先给某个负载取这个名称。' : maybe(suggestion)}`,
    'workload-later': ({ found, expected }) => `负载“${found}”到第 ${expected} 行才开始。请先开始再结束。`,
    'breakpoint-unknown': ({ found, suggestion }) =>
      `没有名为“${found}”的断点${suggestion === '' ? '。请先在 breakpoint: 旁用 name: 取这个名称。' : maybe(suggestion)}`,
    'breakpoint-later': ({ found, expected }) => `断点“${found}”到第 ${expected} 行才设置。请先设置再更改。`,
    'fault-unknown': ({ found, suggestion }) =>
      `没有名为“${found}”的故障${suggestion === '' ? '。请先在 arm:、flip:、rules:、hold: 或 preset: 旁用 name: 取这个名称。' : maybe(suggestion)}`,
    'fault-later': ({ found, expected }) => `故障“${found}”到第 ${expected} 行才开始。请先开始再结束。`,
    'name-twice': ({ found, expected }) => `“${found}”在第 ${expected} 行已用过。请另取名称。`,
    'background-answer': () => '后台调用不等待答复，因此这里还不知道其答复。请在之后的步骤中查看（answer: call: …）。',
    breakpoint: (told) =>
      `断点此处有误${told.found === '' ? '' : `（“${told.found}”）`}${
        told.expected === '' ? '。请写一个条件，如“leader elected”。' : help(told, '可以写：')
      }`,
    'link-self': ({ found }) => `节点 ${found} 没有通向自己的链路。请取两个不同的节点。`,
    'group-twice': ({ found }) => `节点 ${found} 在分区中出现了两次。每个节点只写一次。`,
    'too-many-down': ({ found, expected }) =>
      `该破坏计划可能使 ${expected} 个节点中的 ${found} 个停下。至少须留下一个。`,
    impossible: ({ words, found }) =>
      `这不可能成立：${impossibleIn(scenarioWordsZh, words[0] ?? '', found) ?? found}。`,
  },
}

export const scenariosZh: Pick<Sentences, 'scenario-invalid'> = {
  'scenario-invalid': ({ name, issues }) =>
    `场景 ${name} 无法运行：有 ${issues.length} 处错误。请改正后再试。${issueLines(scenarioWordsZh, issues, name, '、')}`,
}
