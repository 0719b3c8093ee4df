/**
 * What there is in place of what a condition asks for, as a person would say it. Most of it is told as the condition that would
 * have held, so that what is asked for and what is found have the same words.
 */
import type { ConditionKind, PlainCondition } from '../language/conditions'
import { answerWords, plainWords } from './conditions'
import { joined, listed, quoted, same, type Text } from './values'

type About<K extends ConditionKind> = Extract<PlainCondition, Readonly<Record<K, unknown>>>[K]

export const NOBODY: Text = { en: 'nobody', zh: '没有节点' }

/** What a node is: `n1 leads and is in term 2`. */
export function nodeFound(id: number, facts: Omit<About<'node'>, 'is'>): Text {
  return plainWords({ node: { is: id, ...facts } })
}

/** The terms of a node's log from an index on; `?` for an entry that was compacted away. */
export function logFound(id: number, terms: readonly (number | '?')[], from: number): Text {
  const known = terms.filter((term) => term !== '?')
  if (known.length === terms.length) return plainWords({ log: { of: id, terms: [...known], from } })
  return {
    en: `the log of n${id} has the terms ${terms.join(', ')} from index ${from} on`,
    zh: `n${id}的日志从索引${from}起任期依次为${terms.join('、')}`,
  }
}

/** `content`: of one that is no command of a client, what it is. */
export function entryFound(id: number, entry: Omit<About<'entry'>, 'of' | 'absent'>, content: string): Text {
  const { en, zh } = plainWords({ entry: { of: id, absent: false, ...entry } })
  return content === '' ? { en, zh } : { en: `${en}: ${content}`, zh: `${zh}：${content}` }
}

export function configurationFound(about: About<'configuration'> | { readonly none: number }): Text {
  if ('none' in about) return { en: `n${about.none} knows no configuration`, zh: `n${about.none}没有配置` }
  return plainWords({ configuration: about })
}

/** `messages`: each as `1→2 AppendEntries`. */
export function heldFound(messages: readonly string[]): Text {
  const n = messages.length
  if (n === 0) return { en: 'no such messages are held', zh: '没有暂扣这样的消息' }
  const list = messages.slice(0, 20).join(', ')
  return { en: `${n} ${n === 1 ? 'message is' : 'messages are'} held: ${list}`, zh: `暂扣着${n}条消息：${list}` }
}

/** Of a named call, or of the one that the step made. `from`: who answered; 0 = nobody. */
export function answerFound(answer: Omit<About<'answer'>, 'call'>, from: number, call?: string): Text {
  const { en, zh } = answerWords(answer)
  const name = call === undefined ? '' : ` ${quoted(call)}`
  return {
    en: `the call${name} ${en}${from === 0 ? '' : `, as n${from} answered`}`,
    zh: `调用${name.trim()}${zh}${from === 0 ? '' : `，由n${from}答复`}`,
  }
}

export function unansweredFound(call: string): Text {
  return plainWords({ unanswered: call })
}

export function notCalled(call: string): Text {
  return { en: `no call ${quoted(call)} was made`, zh: `没有发起过调用${quoted(call)}` }
}

export function eventsFound(n: number): Text {
  if (n === 0) return { en: 'no such event was told', zh: '没有出现这样的事件' }
  return { en: `${n} such ${n === 1 ? 'event was' : 'events were'} told`, zh: `出现了${n}次这样的事件` }
}

export function leadersFound(term: number, ids: readonly number[]): Text {
  if (ids.length === 0) return { en: `nobody led in term ${term}`, zh: `任期${term}中没有领导人` }
  const who = listed(ids.map((id) => same(`n${id}`)))
  return { en: `${who.en} led in term ${term}`, zh: `任期${term}的领导人是${who.zh}` }
}

/** `node`, `kind`: at which event whose breakpoint was hit; 0 and empty = by command. `stepping`: who takes a step now; 0 = nobody. */
export function stopFound(node: number, kind: string, stepping: number): Text {
  const at = plainWords({
    stopped: { ...(node === 0 ? {} : { node }), ...(kind === '' ? {} : { kind }) },
  })
  if (stepping === 0) return at
  return { en: `${at.en}, and n${stepping} takes a step`, zh: `${at.zh}，n${stepping}正走一步` }
}

export const NOT_STOPPED: Text = { en: 'the cluster does not stand', zh: '集群没有停住' }

/** Of several nodes. */
export function eachFound(all: readonly Text[]): Text {
  return all.length === 0 ? NOBODY : joined(all, '; ', '；')
}
