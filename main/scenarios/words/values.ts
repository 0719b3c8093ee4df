/** The small words of scenarios, as a person says them, in both languages. */
import type { Bound, Links, Text, Who, Whom } from '../language/values'

export type { Text }

const MAX_QUOTED = 60

export const NOTHING: Text = { en: '', zh: '' }

/** The same in both languages: names, numbers. */
export const same = (text: string): Text => ({ en: text, zh: text })

/** What somebody wrote: never longer than a line. */
export function quoted(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll(/[“”]/g, '"')
  return `“${line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED - 1)}…` : line}”`
}

/** A value of a field: texts in quotes. */
export function shownValue(value: unknown): string {
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value)
}

/** `a, b and c`; `a、b 和 c`. */
export function listed(all: readonly Text[]): Text {
  const last = all.at(-1) ?? NOTHING
  if (all.length < 2) return last
  const first = all.slice(0, -1)
  return {
    en: `${first.map(({ en }) => en).join(', ')} and ${last.en}`,
    zh: `${first.map(({ zh }) => zh).join('、')}和${last.zh}`,
  }
}

export function joined(all: readonly Text[], en: string, zh: string): Text {
  return { en: all.map((one) => one.en).join(en), zh: all.map((one) => one.zh).join(zh) }
}

export function whoWords(who: Who): Text {
  if (typeof who === 'number') return same(`n${who}`)
  return who === 'leader' ? { en: 'the leader', zh: '领导人' } : same(quoted(who.slice(1)))
}

export function whomWords(whom: Whom): Text {
  if (whom === 'all') return { en: 'all nodes', zh: '所有节点' }
  if (whom === 'followers') return { en: 'the followers', zh: '各跟随者' }
  return Array.isArray(whom) ? listed(whom.map(whoWords)) : whoWords(whom)
}

/** More than one: their verbs and nouns are plural. */
export function isMany(whom: Whom): boolean {
  return whom === 'all' || whom === 'followers' || (Array.isArray(whom) && whom.length > 1)
}

export function durationWords(text: string): Text {
  const [, number = '', unit] = /^([\d.]+)(ms|s|m)$/.exec(text) ?? []
  if (unit === 'ms') return { en: `${number} ms`, zh: `${number} 毫秒` }
  return unit === 's' ? { en: `${number} s`, zh: `${number} 秒` } : { en: `${number} min`, zh: `${number} 分钟` }
}

export function millisWords(millis: number): Text {
  return durationWords(Math.abs(millis) < 1000 ? `${millis}ms` : `${millis / 1000}s`)
}

interface Compared {
  readonly en: string
  readonly zh: string
}
const COMPARATORS: Readonly<Record<string, Compared>> = {
  '=': { en: '', zh: '' },
  '>=': { en: 'at least ', zh: '至少' },
  '<=': { en: 'at most ', zh: '至多' },
  '>': { en: 'more than ', zh: '多于' },
  '<': { en: 'fewer than ', zh: '少于' },
  '!=': { en: 'other than ', zh: '不等于' },
}

/** A number or a bound, taken apart. */
export function boundParts(bound: Bound): { readonly comparator: string; readonly number: number } {
  if (typeof bound === 'number') return { comparator: '=', number: bound }
  const [, comparator = '=', number] = /^(>=|<=|>|<|=|!=) *(\d+)$/.exec(bound) ?? []
  return { comparator, number: Number(number) }
}

/** How many: `at least 2`. */
export function countWords(bound: Bound): Text {
  const { comparator, number } = boundParts(bound)
  const { en, zh } = COMPARATORS[comparator] ?? NOTHING
  return { en: `${en}${number}`, zh: `${zh}${number}` }
}

/** What a number is: `is at least 2`, `至少为 2`. */
export function isWords(bound: Bound): Text {
  const { comparator, number } = boundParts(bound)
  switch (comparator) {
    case '>=':
      return { en: `is at least ${number}`, zh: `至少为${number}` }
    case '<=':
      return { en: `is at most ${number}`, zh: `至多为${number}` }
    case '>':
      return { en: `is above ${number}`, zh: `大于${number}` }
    case '<':
      return { en: `is below ${number}`, zh: `小于${number}` }
    case '!=':
      return { en: `is not ${number}`, zh: `不是${number}` }
    default:
      return { en: `is ${number}`, zh: `为${number}` }
  }
}

/** Where messages go: `from n1 to n2`; empty = everywhere. */
export function wayWords({ from, to, both }: Links): Text {
  const [sender, receiver] = [whomWords(from), whomWords(to)]
  if (from === 'all' && to === 'all') return NOTHING
  if (from === 'all' || to === 'all') {
    const end = from === 'all' ? receiver : sender
    if (both) return { en: `from and to ${end.en}`, zh: `${end.zh}收发` }
    return from === 'all' ? { en: `to ${end.en}`, zh: `发往${end.zh}` } : { en: `from ${end.en}`, zh: `${end.zh}发出` }
  }
  return both
    ? { en: `between ${sender.en} and ${receiver.en}`, zh: `${sender.zh}与${receiver.zh}之间` }
    : { en: `from ${sender.en} to ${receiver.en}`, zh: `${sender.zh}发往${receiver.zh}` }
}

/** It is one link, one way. */
export function isOneLink({ from, to, both }: Links): boolean {
  return !both && from !== 'all' && to !== 'all' && !isMany(from) && !isMany(to)
}

export function linkWords(links: Links): Text {
  const way = wayWords(links)
  if (way.en === '') return { en: 'all links', zh: '所有链路' }
  const { from, to, both } = links
  if (both && (from === 'all' || to === 'all')) {
    const end = whomWords(from === 'all' ? to : from)
    return { en: `all links of ${end.en}`, zh: `${end.zh}的所有链路` }
  }
  const noun = isOneLink(links) ? 'the link' : 'the links'
  const zh = from === 'all' ? `通往${whomWords(to).zh}的链路` : to === 'all' ? `从${whomWords(from).zh}出发的链路` : ''
  if (zh !== '') return { en: `${noun} ${way.en}`, zh }
  const between = both
    ? `${whomWords(from).zh}与${whomWords(to).zh}之间`
    : `从${whomWords(from).zh}到${whomWords(to).zh}`
  return { en: `${noun} ${way.en}`, zh: `${between}的链路` }
}

/** `which`: how many, or in what standing. `AppendEntries messages from n1 to n2`; `n1 发往 n2 的 AppendEntries 消息`. */
export function messageWords(types: readonly string[], links: Links, which: Text = NOTHING): Text {
  const way = wayWords(links)
  const what = listed(types.map(same))
  const en = `${which.en}${types.length === 0 ? '' : `${what.en} `}messages`
  const zh = `${which.zh}${what.zh}消息`
  return { en: way.en === '' ? en : `${en} ${way.en}`, zh: way.zh === '' ? zh : `${way.zh}的${zh}` }
}

/** `a = 1, b = “x”` */
export function fieldsText(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name} = ${shownValue(value)}`)
    .join(', ')
}

const BEFORE_LATIN = /([\p{Script=Han}])([A-Za-z0-9[(=×±-])/gu
const AFTER_LATIN = /([A-Za-z0-9%)\]])([\p{Script=Han}])/gu

/** A space between Chinese and Latin, but never inside of what somebody wrote; a sentence begins with a large letter. */
export function finished({ en, zh }: Text): Text {
  const parts = zh.split(/(“[^”]*”)/)
  const spaced = parts.map((part) =>
    part.startsWith('“') ? part : part.replace(BEFORE_LATIN, '$1 $2').replace(AFTER_LATIN, '$1 $2'),
  )
  return { en, zh: spaced.join('') }
}
