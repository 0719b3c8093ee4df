/** Conditions of a scenario as sentences, without a full stop: what somebody would say is waited for, or must be so. */
import {
  CONDITIONS,
  type Condition,
  type ConditionKind,
  type Conditions,
  type PlainCondition,
} from '../language/conditions'
import type { Bound } from '../language/values'
import {
  boundParts,
  countWords,
  fieldsText,
  finished,
  isMany,
  isWords,
  joined,
  listed,
  messageWords,
  NOTHING,
  quoted,
  same,
  type Text,
  whomWords,
  whoWords,
} from './values'

type About<K extends ConditionKind> = Extract<PlainCondition, Readonly<Record<K, unknown>>>[K]
type Words = { readonly [K in ConditionKind]: (about: About<K>) => Text }

const NUMBERS = [
  'firstIndex',
  'lastIndex',
  'lastTerm',
  'durableIndex',
  'commitIndex',
  'lastApplied',
  'snapshotIndex',
] as const

/** One, or all of a list. */
export function conditionsWords(conditions: Conditions): Text {
  return finished(plainConditions(conditions))
}

/** To be a part of a longer sentence. */
export function plainConditions(conditions: Conditions): Text {
  const all = Array.isArray(conditions) ? conditions : [conditions]
  return joined(
    all.map((one) => conditionWords(one)),
    all.length === 2 ? ', and ' : '; ',
    '；',
  )
}

function conditionWords(condition: Condition): Text {
  if (!('not' in condition)) return plainWords(condition)
  const { en, zh } = plainWords(condition.not)
  return { en: `it is not so that ${en}`, zh: `并非：${zh}` }
}

/** As a part of a longer sentence, without its opposite. */
export function plainWords(condition: PlainCondition): Text {
  const kind = (Object.keys(CONDITIONS) as ConditionKind[]).find((one) => one in condition)
  return kind === undefined ? NOTHING : wordsOf(kind, condition)
}

function wordsOf<K extends ConditionKind>(kind: K, condition: PlainCondition): Text {
  const tell: (about: About<K>) => Text = WORDS[kind]
  // The key that was found is the one that makes it this kind.
  return tell((condition as unknown as Readonly<Record<K, About<K>>>)[kind])
}

const WORDS: Words = {
  node: (about) => {
    const { is } = about
    const facts = factsOf(about)
    const who = whomWords(is)
    if (facts.length === 0) return { en: `${who.en} ${isMany(is) ? 'are' : 'is'} known`, zh: `已知${who.zh}` }
    const told = joined(facts, '', '，').zh
    // A name that stands beside a name: of the one, the other.
    const of = /^[a-z]/.test(told) ? '的' : ''
    return { en: `${who.en} ${listed(facts).en}`, zh: `${who.zh}${of}${told}` }
  },

  leader: ({ is, isNot, term, followed }) => {
    const subject = is === undefined ? undefined : whoWords(is)
    const other = isNot === undefined ? undefined : whoWords(isNot)
    const first: Text =
      subject !== undefined
        ? { en: `${subject.en} leads`, zh: `${subject.zh}是领导人` }
        : other !== undefined
          ? { en: `somebody other than ${other.en} leads`, zh: `${other.zh}以外的节点是领导人` }
          : { en: 'there is a leader', zh: '有领导人' }
    const second: Text =
      followed === undefined
        ? NOTHING
        : followed === 'all'
          ? { en: ', followed by all others', zh: '，其余节点都跟随它' }
          : {
              en: `, followed by at least ${followed} ${followed === 1 ? 'other' : 'others'}`,
              zh: `，至少${followed}个节点跟随它`,
            }
    return joined([first, term === undefined ? NOTHING : inTerm(term), second], '', '')
  },

  noLeader: () => ({ en: 'nobody leads', zh: '没有领导人' }),

  log: ({ of, terms, from }) => {
    const who = whomWords(of)
    const noun = isMany(of) ? 'logs' : 'log'
    const since: Text = from > 1 ? { en: ` from index ${from} on`, zh: `从索引${from}起` } : NOTHING
    if (terms.length === 0) {
      return {
        en: `the ${noun} of ${who.en} ${isMany(of) ? 'are' : 'is'} empty${since.en}`,
        zh: `${who.zh}的日志${since.zh}为空`,
      }
    }
    const [en, zh] = [terms.join(', '), terms.join('、')]
    const has = isMany(of) ? 'have' : 'has'
    return {
      en: `the ${noun} of ${who.en} ${has} the ${terms.length === 1 ? 'term' : 'terms'} ${en}${since.en}`,
      zh: `${who.zh}的日志${since.zh}任期依次为${zh}`,
    }
  },

  entry: ({ of, index, term, key, value, durable, absent }) => {
    const who = whomWords(of)
    const content =
      key !== undefined && value !== undefined
        ? same(`${key} = ${quoted(value)}`)
        : key !== undefined
          ? { en: `the key ${quoted(key)}`, zh: `键${quoted(key)}` }
          : value !== undefined
            ? { en: `the value ${quoted(value)}`, zh: `值${quoted(value)}` }
            : undefined
    const details: Text[] = [
      ...(term === undefined ? [] : [{ en: `term ${countWords(term).en}`, zh: `任期${countWords(term).zh}` }]),
      ...(content === undefined ? [] : [content]),
      ...(durable === undefined
        ? []
        : [durable ? { en: 'on disk', zh: '已落盘' } : { en: 'not on disk', zh: '未落盘' }]),
    ]
    const inside = joined(details, ', ', '，')
    const has = isMany(of) ? 'have' : 'has'
    return {
      en: `${who.en} ${has} ${absent ? 'no ' : ''}entry ${index}${inside.en === '' ? '' : ` (${inside.en})`}`,
      zh: `${who.zh}${absent ? '没有' : '有'}条目${index}${inside.zh === '' ? '' : `（${inside.zh}）`}`,
    }
  },

  sameLogs: (whom) => {
    const who = whomWords(whom)
    return { en: `the logs of ${who.en} are the same`, zh: `${who.zh}的日志相同` }
  },

  committed: ({ index, term, by }) => {
    const of: Text = term === undefined ? NOTHING : { en: ` of term ${term}`, zh: `（任期${term}）` }
    const who: Text = by === undefined ? { en: 'somebody', zh: '有节点' } : whomWords(by)
    const knows = by !== undefined && isMany(by) ? 'know' : 'knows'
    return {
      en: `${who.en} ${knows} entry ${index}${of.en} to be committed`,
      zh: `${who.zh}已知条目${index}${of.zh}已提交`,
    }
  },

  held: ({ message, count, ...links }) => {
    const { comparator, number } = boundParts(count)
    const types = message === undefined ? [] : [message]
    const what = messageWords(types, links)
    if (comparator === '>=' && number === 1) return { en: `${what.en} are held`, zh: `暂扣着${what.zh}` }
    if (number === 0 && comparator === '=') return { en: `no ${what.en} are held`, zh: `没有暂扣${what.zh}` }
    const many = countWords(count)
    const told = messageWords(types, links, { en: `${many.en} `, zh: `${many.zh}条` })
    const isOne = number === 1 && comparator === '='
    return {
      en: isOne ? `${told.en.replace('messages', 'message')} is held` : `${told.en} are held`,
      zh: `暂扣着${told.zh}`,
    }
  },

  answer: ({ call, ...wanted }) => {
    const what = answerWords(wanted)
    return { en: `the call ${quoted(call)} ${what.en}`, zh: `调用${quoted(call)}${what.zh}` }
  },

  unanswered: (call) => ({ en: `the call ${quoted(call)} has no answer yet`, zh: `调用${quoted(call)}尚无答复` }),

  configuration: ({ of, voters, outgoing, learners, witnesses, committed }) => {
    const who = whomWords(of)
    const parts = [
      members(voters, { en: 'voters', zh: '投票者' }),
      members(outgoing, { en: 'outgoing voters', zh: '离任投票者' }),
      members(learners, { en: 'learners', zh: '学习者' }),
      members(witnesses, { en: 'witnesses', zh: '见证者' }),
      ...(committed === undefined
        ? []
        : [committed ? { en: 'committed', zh: '已提交' } : { en: 'not committed yet', zh: '尚未提交' }]),
    ].filter(({ en }) => en !== '')
    const goes = isMany(of) ? 'go' : 'goes'
    const told = joined(parts, '; ', '；')
    return {
      en: `${who.en} ${goes} by ${parts.length === 0 ? 'a configuration' : `the configuration (${told.en})`}`,
      zh: `${who.zh}所依的配置${parts.length === 0 ? '已知' : `为（${told.zh}）`}`,
    }
  },

  event: ({ kind, node, where = {}, count, since }) => {
    const fields = fieldsText(where)
    const inside: Text = fields === '' ? NOTHING : { en: ` (${fields})`, zh: `（${fields}）` }
    const who = node === undefined ? undefined : whoWords(node)
    const { comparator, number } = boundParts(count)
    const many = countWords(count)
    const isUsual = comparator === '>=' && number === 1
    const isNone = number === 0 && comparator === '='
    const times: Text = isUsual
      ? NOTHING
      : isNone
        ? { en: ' never', zh: '从未' }
        : { en: ` ${many.en} ${number === 1 ? 'time' : 'times'}`, zh: `${many.zh}次` }
    const from: Text = since === 'begin' ? { en: ' since the beginning', zh: '自开始以来' } : NOTHING
    const told = who === undefined ? { en: 'the event', zh: '事件' } : { en: `the event`, zh: `${who.zh}的事件` }
    const of = who === undefined ? '' : ` of ${who.en}`
    const en = isNone ? `was${times.en} told${from.en}` : `was told${times.en}${from.en}`
    return {
      en: `${told.en} ${quoted(kind)}${of}${inside.en} ${en}`,
      zh: `${told.zh}${quoted(kind)}${inside.zh}${from.zh}${isNone ? times.zh : `已出现${times.zh}`}`,
    }
  },

  stopped: (about) => {
    if (about === true) return { en: 'the whole cluster stands', zh: '整个集群已停住' }
    const at: Text =
      about.node === undefined
        ? NOTHING
        : { en: ` at a breakpoint that ${whoWords(about.node).en} hit`, zh: `，由${whoWords(about.node).zh}触发断点` }
    const kind: Text =
      about.kind === undefined ? NOTHING : { en: ` (event ${quoted(about.kind)})`, zh: `（事件${quoted(about.kind)}）` }
    return { en: `the whole cluster stands${at.en}${kind.en}`, zh: `整个集群已停住${at.zh}${kind.zh}` }
  },

  leaders: ({ term, count }) => {
    const { comparator, number } = boundParts(count)
    const many = countWords(count)
    const noun = number === 1 ? 'leader' : 'leaders'
    return {
      en: `term ${term} had ${number === 0 && comparator === '=' ? 'no' : many.en} ${noun}`,
      zh: `任期${term}中有${many.zh}个领导人`,
    }
  },
}

/** What an answer must be, as a sentence. */
export function givenAnswerWords(wanted: Omit<About<'answer'>, 'call'>): Text {
  const { en, zh } = answerWords(wanted)
  return finished({ en: `the call ${en}`, zh: `调用${zh}` })
}

/** What an answer is, or must be: after `the call`. */
export function answerWords(wanted: Omit<About<'answer'>, 'call'>): Text {
  const { outcome, found, value, problem, index, term } = wanted
  const OUTCOMES = {
    ok: { en: 'is done', zh: '已完成' },
    failed: { en: 'has failed', zh: '已失败' },
    unknown: { en: 'has an unknown outcome', zh: '结果未知' },
  } as const
  const first: Text = outcome === undefined ? { en: 'is answered', zh: '已有答复' } : OUTCOMES[outcome]
  const numbered = (name: string, bound: Bound | undefined): Text[] =>
    bound === undefined ? [] : [{ en: `${name} ${isWords(bound).en}`, zh: `${name}${isWords(bound).zh}` }]
  return joined(
    [
      first,
      ...(found === undefined
        ? []
        : [found ? { en: 'something was found', zh: '找到了' } : { en: 'nothing was found', zh: '没有找到' }]),
      ...(value === undefined ? [] : [{ en: `the value is ${quoted(value)}`, zh: `值为${quoted(value)}` }]),
      ...(problem === undefined ? [] : [{ en: `because of ${problem}`, zh: `原因${problem}` }]),
      ...numbered('index', index),
      ...numbered('term', term),
    ],
    ', ',
    '，',
  )
}

function factsOf(about: About<'node'>): Text[] {
  const { is, standing, role, term, votedFor, leader } = about
  const many = isMany(is)
  const be = many ? 'are' : 'is'
  const have = many ? 'have' : 'has'
  const a = (noun: string) => (many ? `${be} ${noun}s` : `${be} a ${noun}`)
  const STANDINGS: Readonly<Record<NonNullable<typeof standing>, Text>> = {
    starting: { en: `${be} starting`, zh: '正在启动' },
    running: { en: many ? 'run' : 'runs', zh: '在运行' },
    paused: { en: `${be} paused`, zh: '已暂停' },
    stopped: { en: `${be} stopped`, zh: '已停止' },
    killed: { en: `${be} killed`, zh: '已被杀死' },
    crashed: { en: `${have} crashed`, zh: '已崩溃' },
    removed: { en: `${be} removed`, zh: '已移除' },
  }
  const ROLES: Readonly<Record<NonNullable<typeof role>, Text>> = {
    follower: { en: a('follower'), zh: '是跟随者' },
    'pre-candidate': { en: a('pre-candidate'), zh: '是预候选人' },
    candidate: { en: a('candidate'), zh: '是候选人' },
    leader: { en: many ? 'lead' : 'leads', zh: '是领导人' },
    learner: { en: a('learner'), zh: '是学习者' },
    witness: { en: many ? `${be} witnesses` : a('witness'), zh: '是见证者' },
  }
  const nobody: Text = { en: 'nobody', zh: '' }
  const vote = votedFor === undefined ? undefined : votedFor === 0 ? nobody : whoWords(votedFor)
  const followed = leader === undefined ? undefined : leader === 0 ? nobody : whoWords(leader)
  return [
    ...(standing === undefined ? [] : [STANDINGS[standing]]),
    ...(role === undefined ? [] : [ROLES[role]]),
    ...(term === undefined ? [] : [{ en: `${be}${inTerm(term).en}`, zh: `任期${isWords(term).zh}` }]),
    ...(vote === undefined
      ? []
      : [{ en: `${have} voted for ${vote.en}`, zh: vote.zh === '' ? '未投票' : `投票给${vote.zh}` }]),
    ...(followed === undefined
      ? []
      : [
          {
            en: `${many ? 'follow' : 'follows'} ${followed.en}`,
            zh: followed.zh === '' ? '不跟随任何节点' : `跟随${followed.zh}`,
          },
        ]),
    ...NUMBERS.flatMap((name) => {
      const bound = about[name]
      return bound === undefined ? [] : [{ en: `${have} ${measured(name, bound)}`, zh: `${name}${isWords(bound).zh}` }]
    }),
  ]
}

/** `lastIndex 3`, `a lastIndex that is at least 3` */
function measured(name: string, bound: Bound): string {
  const { comparator, number } = boundParts(bound)
  return comparator === '=' ? `${name} ${number}` : `a ${name} that ${isWords(bound).en}`
}

/** ` in term 2`, ` in a term of at least 2` */
function inTerm(term: Bound): Text {
  const { comparator, number } = boundParts(term)
  const en = comparator === '=' ? ` in term ${number}` : ` in a term that ${isWords(term).en}`
  return { en, zh: `，任期${isWords(term).zh}` }
}

function members(list: readonly Parameters<typeof whoWords>[0][] | undefined, noun: Text): Text {
  if (list === undefined) return NOTHING
  if (list.length === 0) return { en: `no ${noun.en}`, zh: `没有${noun.zh}` }
  const who = listed(list.map(whoWords))
  return { en: `${noun.en} ${who.en}`, zh: `${noun.zh}${who.zh}` }
}
