/** Workloads: clients that call by a plan, and the plots of what they saw. */
import type { CallInput } from '../../preload/contract'
import { translator } from '../components/translate'
import { i18n } from '../i18n'
import { useWorkloadStart } from '../stores/attempts'
import { useClusterStore } from '../stores/cluster'
import { useDoor } from '../stores/door'
import { useUiStore } from '../stores/ui'
import { workloadText } from '../views/workload/words'
import { defineCommand } from './registry'

declare module './registry' {
  interface CommandMap {
    'workload.plan': undefined
    'workload.start': CallInput<'workload.start'>
    'workload.stop': { readonly id: number }
    'load.plots': undefined
  }
}

export function defineWorkloadCommands(): void {
  const cluster = useClusterStore()
  const attempt = useWorkloadStart()
  const ui = useUiStore()
  const door = useDoor()
  const { t } = i18n.global
  const group = 'load' as const
  const when = () => cluster.controllable

  defineCommand<'workload.plan'>({
    id: 'workload.plan',
    label: 'load.commands.plan',
    keys: ['Shift+w'],
    group,
    when,
    run: () => {
      attempt.forget()
      ui.planningWorkload = true
    },
  })
  defineCommand<'workload.start'>({
    id: 'workload.start',
    label: 'load.commands.start',
    hidden: true,
    group,
    when,
    async run(plan) {
      const thrown = await attempt.make(() => door.call('workload.start', plan))
      if (thrown !== null) {
        if (!ui.planningWorkload) throw thrown
        return
      }
      ui.planningWorkload = false
      ui.leftTab = 'load'
      ui.centre = 'load'
    },
  })
  defineCommand<'workload.stop'>({
    id: 'workload.stop',
    label: 'load.commands.stop',
    group,
    when,
    variants: () =>
      (cluster.live?.workloads ?? []).map((workload) => ({
        target: workloadText(translator(t), workload),
        argument: { id: workload.id },
      })),
    run: ({ id }) => door.call('workload.stop', { id }),
  })
  defineCommand<'load.plots'>({
    id: 'load.plots',
    label: 'load.commands.plots',
    keys: ['Shift+l'],
    group,
    when: () => cluster.moment !== null,
    run: () => {
      ui.centre = ui.centre === 'load' ? 'logs' : 'load'
    },
  })
}
