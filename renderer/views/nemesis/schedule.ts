/** A schedule as spans, and its deeds in words. Pure. */
import type { LinkRule, NemesisDeed, NemesisPackage, NemesisStep } from '../../../preload/contract'
import { groupsText } from '../../commands/faults'
import { nodeName } from '../../components/format'
import type { Translate } from '../../components/translate'

/** One begin with its end; milliseconds from the begin of the nemesis. `to` null: it is over at once. */
export interface PlannedSpan {
  readonly number: number
  readonly package: NemesisPackage
  readonly deed: NemesisDeed
  readonly from: number
  readonly to: number | null
}

export function spansOf(steps: readonly NemesisStep[]): readonly PlannedSpan[] {
  const ends = new Map<number, number>()
  for (const step of steps) if (step.action === 'end') ends.set(step.of, step.at)
  return steps.flatMap((step) =>
    step.action === 'begin'
      ? [
          {
            number: step.number,
            package: step.package,
            deed: step.deed,
            from: step.at,
            to: ends.get(step.number) ?? null,
          },
        ]
      : [],
  )
}

/** "lose 20 %, delay 5 ms": what a rule does, without its filter. */
export function ruleText(t: Translate, { action }: Pick<LinkRule, 'action'>): string {
  if (action.type !== 'shape') return t(`load.deeds.rules.${action.type}`)
  const parts: string[] = []
  if (action.dropPercent > 0) parts.push(t('load.deeds.rules.drop', { n: rounded(action.dropPercent) }))
  if (action.delayMs > 0) parts.push(t('load.deeds.rules.delay', { n: rounded(action.delayMs) }))
  if (action.duplicatePercent > 0) parts.push(t('load.deeds.rules.duplicate', { n: rounded(action.duplicatePercent) }))
  if (action.reorderPercent > 0) parts.push(t('load.deeds.rules.reorder', { n: rounded(action.reorderPercent) }))
  if (action.bytesPerSecond > 0) parts.push(t('load.deeds.rules.bandwidth', { n: action.bytesPerSecond }))
  return parts.length === 0 ? t('load.deeds.rules.pass') : parts.join(', ')
}

const rounded = (n: number) => Math.round(n * 10) / 10

export function deedText(t: Translate, deed: NemesisDeed): string {
  const name = (target: number | 'leader') => (target === 'leader' ? t('load.deeds.leader') : nodeName(target))
  switch (deed.type) {
    case 'partition':
      return t('load.deeds.partition', { groups: groupsText(deed.groups) })
    case 'links': {
      const what = [...new Set(deed.rules.map((rule) => ruleText(t, rule)))].join('; ')
      return t('load.deeds.links', { n: deed.links.length, what }, deed.links.length)
    }
    case 'clock-rate':
      return t('load.deeds.clock-rate', { node: name(deed.node), rate: deed.rate.toFixed(2) })
    case 'clock-jump':
      return t('load.deeds.clock-jump', { node: name(deed.node), ms: Math.round(deed.millis) })
    case 'arm':
      return faultText(t, deed.fault, name(deed.node))
    default:
      return t(`load.deeds.${deed.type}`, { node: name(deed.node) })
  }
}

function faultText(t: Translate, fault: Extract<NemesisDeed, { type: 'arm' }>['fault'], node: string): string {
  switch (fault.type) {
    case 'crash-point':
      return t('load.deeds.crash-point', { node, point: t(`load.deeds.points.${fault.point}`) })
    case 'slow-disk':
      return t('load.deeds.slow-disk', { node, ms: Math.round(fault.delayMs) })
    case 'disk-error':
      return t('load.deeds.disk-error', { node, code: fault.code })
    default:
      return t(`load.deeds.${fault.type}`, { node })
  }
}
