/** A workload in one line. Pure. */
import type { WorkloadView } from '../../../preload/contract'
import { count } from '../../components/format'
import type { Translate } from '../../components/translate'

/** "Workload 2: 8 clients, put get". */
export function workloadText(t: Translate, { id, plan }: Pick<WorkloadView, 'id' | 'plan'>): string {
  if (plan === null) return t('load.workload', { id })
  return t('load.workloadOf', { id, what: `${paceText(t, plan.pace)}, ${mixText(plan.mix)}` })
}

export function paceText(t: Translate, pace: NonNullable<WorkloadView['plan']>['pace']): string {
  const n = pace.type === 'closed' ? pace.clients : pace.perSecond
  return t(`load.${pace.type}Short`, { n: count(n) }, n)
}

/** Operations that it makes, the most frequent first. */
export function mixText(mix: Readonly<Record<string, number>>): string {
  return Object.entries(mix)
    .filter(([, share]) => share > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([op]) => op)
    .join(' ')
}

/** "put 50 %, get 50 %": what each weight comes to; empty when all are 0. */
export function sharesText(mix: Readonly<Record<string, number>>): string {
  const sum = Object.values(mix).reduce((all, share) => all + share, 0)
  if (sum <= 0) return ''
  return Object.entries(mix)
    .filter(([, share]) => share > 0)
    .map(([op, share]) => `${op} ${Math.round((share / sum) * 100)} %`)
    .join(', ')
}
