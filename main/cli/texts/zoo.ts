/** What the command `zoo` says, in both languages. */
import type { Language } from '../../../preload/contract'
import { BUG_IDS } from '../../../preload/contract'
import type { Catch, ZooResult } from '../../workbench/headless'

export interface ZooTexts {
  readonly description: string
  readonly bugs: string
  readonly seeds: string
  readonly list: string
  unknown(given: string): string
  progress(done: number, of: number, bug: string): string
  caught(catches: readonly Catch[]): string
  readonly notCaught: string
  readonly head: readonly string[]
  readonly clean: string
  falseAlarm(catches: readonly Catch[]): string
  end(result: ZooResult): string
}

const BY = {
  en: { invariant: 'invariant', linearizability: 'not linearizable', conformance: 'specification' },
  zh: { invariant: '不变量', linearizability: '不可线性化', conformance: '规范' },
} as const

const list = (language: Language, separator: string, catches: readonly Catch[]): string =>
  catches.map(({ by, what }) => `${BY[language][by]}${separator}${what}`).join(', ')

export const ZOO_TEXTS: Readonly<Record<Language, ZooTexts>> = {
  en: {
    description: 'runs nodes that have a classic bug on purpose, and shows what catches each of them',
    bugs: 'bugs to hunt; all of them when left out',
    seeds: 'seeds of the runs, with commas between',
    list: 'only lists the bugs',
    unknown: (given) => `There is no bug "${given}". Known: ${BUG_IDS.join(', ')}.`,
    progress: (done, of, bug) => `${done} of ${of}: ${bug === '' ? 'the correct node in the same run' : bug}`,
    caught: (catches) => list('en', ': ', catches),
    notCaught: 'NOT CAUGHT',
    head: ['bug', 'caught by', 'seed', 'seconds', 'correct node'],
    clean: 'no alarm',
    falseAlarm: (catches) => `FALSE ALARM: ${list('en', ': ', catches)}`,
    end: ({ holds, interrupted, rows }) =>
      holds
        ? `${rows.length} of ${rows.length} caught, and no false alarm.`
        : interrupted
          ? 'It was ended before its time.'
          : `${rows.filter(({ hunt }) => hunt.caught.length > 0).length} of ${rows.length} caught; false alarms: ${rows.filter(({ correct }) => correct.caught.length > 0).length}.`,
  },
  zh: {
    description: '运行故意带有经典错误的节点，并显示谁能发现每个错误',
    bugs: '要查找的错误；省略则为全部',
    seeds: '各次运行的种子，以逗号分隔',
    list: '只列出错误',
    unknown: (given) => `没有名为“${given}”的错误。已知：${BUG_IDS.join('、')}。`,
    progress: (done, of, bug) => `第 ${done} 个，共 ${of} 个：${bug === '' ? '同样的运行，正确的节点' : bug}`,
    caught: (catches) => list('zh', '：', catches),
    notCaught: '未发现',
    head: ['错误', '由谁发现', '种子', '秒', '正确的节点'],
    clean: '无警报',
    falseAlarm: (catches) => `误报：${list('zh', '：', catches)}`,
    end: ({ holds, interrupted, rows }) =>
      holds
        ? `共 ${rows.length} 个，全部发现，没有误报。`
        : interrupted
          ? '提前结束。'
          : `共 ${rows.length} 个，发现 ${rows.filter(({ hunt }) => hunt.caught.length > 0).length} 个；误报 ${rows.filter(({ correct }) => correct.caught.length > 0).length} 个。`,
  },
}
