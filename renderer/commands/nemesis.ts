/** A nemesis: a random schedule of faults that is made before it begins. */
import type { CallInput } from '../../preload/contract'
import { useNemesisStart } from '../stores/attempts'
import { useClusterStore } from '../stores/cluster'
import { useDoor } from '../stores/door'
import { useUiStore } from '../stores/ui'
import { defineCommand } from './registry'

declare module './registry' {
  interface CommandMap {
    'nemesis.plan': undefined
    'nemesis.start': CallInput<'nemesis.start'>
    'nemesis.stop': undefined
  }
}

export function defineNemesisCommands(): void {
  const cluster = useClusterStore()
  const attempt = useNemesisStart()
  const ui = useUiStore()
  const door = useDoor()
  const group = 'load' as const

  defineCommand<'nemesis.plan'>({
    id: 'nemesis.plan',
    label: 'load.commands.nemesis',
    keys: ['Shift+n'],
    group,
    when: () => cluster.controllable,
    run: () => {
      attempt.forget()
      ui.planningNemesis = true
    },
  })
  defineCommand<'nemesis.start'>({
    id: 'nemesis.start',
    label: 'load.commands.nemesisStart',
    hidden: true,
    group,
    when: () => cluster.controllable,
    async run(plan) {
      const thrown = await attempt.make(() => door.call('nemesis.start', plan))
      if (thrown !== null) {
        if (!ui.planningNemesis) throw thrown
        return
      }
      ui.planningNemesis = false
      ui.leftTab = 'load'
    },
  })
  defineCommand<'nemesis.stop'>({
    id: 'nemesis.stop',
    label: 'load.commands.nemesisStop',
    group,
    when: () => cluster.controllable && (cluster.live?.nemesis ?? null) !== null,
    run: () => door.call('nemesis.stop', {}),
  })
}
