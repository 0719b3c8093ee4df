/** What stands in a drawing and beside it. */
import type { Bilingual, Language, Standing } from './types'

interface Words {
  readonly title: (part: string) => string
  readonly about: (calls: number, placed: number, stuck: number) => string
  readonly client: (process: number) => string
  readonly leaders: string
  readonly faults: string
  readonly value: string
  readonly stuck: (state: string) => string
  readonly after: string
  readonly unplaced: string
  readonly unanswered: string
  readonly columns: Readonly<Record<'order' | 'client' | 'call' | 'from' | 'to' | 'outcome', string>>
  readonly placed: (nth: number, state: string) => string
  readonly legend: Readonly<Record<'point' | 'stuck' | 'open', string>>
  readonly done: string
  readonly notDone: string
  readonly nothing: string
}

const en: Words = {
  title: (part) => (part === '' ? 'Calls that no order explains' : `Calls on key ${part} that no order explains`),
  about: (calls, placed, stuck) =>
    `${calls} calls. The longest order in which every answer is right has ${placed} of them; ${stuck} would have to be next and cannot be.`,
  client: (process) => `client ${process}`,
  leaders: 'leader',
  faults: 'faults',
  value: 'value',
  stuck: (state) => `no place: ${state} is there`,
  after: 'comes after what has no place',
  unplaced: 'unknown whether it took effect; the order does without it',
  unanswered: 'no answer',
  columns: { order: 'Order', client: 'Client', call: 'Asked → told', from: 'From', to: 'To', outcome: 'In the order' },
  placed: (nth, state) => `${nth}: then ${state} is there`,
  legend: {
    point: 'when a call takes effect in that order',
    stuck: 'a call that has no place in it',
    open: 'no certain answer',
  },
  done: 'done',
  notDone: 'not done',
  nothing: 'nothing',
}

const zh: Words = {
  title: (part) => (part === '' ? '没有任何顺序可以解释的调用' : `键 ${part} 上没有任何顺序可以解释的调用`),
  about: (calls, placed, stuck) =>
    `共 ${calls} 次调用。使所有答复都正确的最长顺序包含其中 ${placed} 次；另有 ${stuck} 次应当紧随其后，却放不进去。`,
  client: (process) => `客户端 ${process}`,
  leaders: '领导人',
  faults: '故障',
  value: '值',
  stuck: (state) => `放不进去：此处的值是 ${state}`,
  after: '在放不进去的调用之后',
  unplaced: '不知是否生效；该顺序不需要它',
  unanswered: '无答复',
  columns: { order: '次序', client: '客户端', call: '请求 → 答复', from: '开始', to: '结束', outcome: '在顺序中' },
  placed: (nth, state) => `第 ${nth}：之后的值是 ${state}`,
  legend: { point: '调用在该顺序中生效的时刻', stuck: '放不进去的调用', open: '没有确定的答复' },
  done: '完成',
  notDone: '未完成',
  nothing: '空',
}

export const WORDS: Readonly<Record<Language, Words>> = { en, zh }

/** A call or a state as its model spells it, in a language. */
export function spelled(language: Language, text: string): string {
  if (language === 'en') return text
  const { done, notDone, nothing } = WORDS[language]
  return text
    .replace(/→ not done$/, `→ ${notDone}`)
    .replace(/→ done$/, `→ ${done}`)
    .replace(/(^|→ )nothing$/, `$1${nothing}`)
}

/** What became of a call in the longest order. */
export function standingWords(language: Language, standing: Standing): string {
  const words = WORDS[language]
  switch (standing.kind) {
    case 'placed':
      return words.placed(standing.nth, spelled(language, standing.state))
    case 'stuck':
      return words.stuck(spelled(language, standing.state))
    case 'after':
      return words.after
    case 'unplaced':
      return words.unplaced
  }
}

export const bilingual = (of: (language: Language) => string): Bilingual => ({ en: of('en'), zh: of('zh') })
