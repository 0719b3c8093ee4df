/** What a check of a file and a look at a live timeline say alike. */
import type { Bilingual } from '../../checks/drawing'
import type { ReportVerdict, Standing } from './types'

export function unjudged(judgedUntil: number): readonly Bilingual[] {
  if (judgedUntil < 0) return []
  return [
    {
      en: `From event ${judgedUntil} on nothing was judged.`,
      zh: `从事件 ${judgedUntil} 起未作判定。`,
    },
  ]
}

export function historyVerdict(standing: Standing, remarks: readonly Bilingual[]): ReportVerdict {
  return {
    name: {
      en: 'linearizability: one order of all calls explains every answer',
      zh: '线性一致性：所有调用的一个顺序可以解释每个答复',
    },
    section: '8',
    standing,
    found: 0,
    findings: [],
    remarks,
  }
}

interface Told {
  readonly calls: number
  readonly stale: number
  readonly failed: number
  readonly illegal: readonly { readonly part: string }[]
  readonly undecided: readonly string[]
}

export function historyRemarks({ calls, stale, failed, illegal, undecided }: Told): readonly Bilingual[] {
  const broken = illegal.map(({ part }) => part).filter((part) => part !== '')
  return [
    {
      en: `${calls} calls were judged; not judged: ${stale} stale reads, ${failed} calls that certainly had no effect.`,
      zh: `判定了 ${calls} 次调用；未判定：${stale} 次 stale 读，${failed} 次肯定没有效果的调用。`,
    },
    ...(broken.length > 0 ? [{ en: `Broken on: ${broken.join(', ')}`, zh: `被违反的键：${broken.join('、')}` }] : []),
    ...(undecided.length > 0
      ? [{ en: `Too many possible orders on: ${undecided.join(', ')}`, zh: `可能的顺序太多：${undecided.join('、')}` }]
      : []),
  ]
}
