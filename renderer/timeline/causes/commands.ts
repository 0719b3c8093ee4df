/** What can be asked of the selected event. */
import { defineCommand } from '../../commands/registry'
import { useCausesStore } from './store'

declare module '../../commands/registry' {
  interface CommandMap {
    'causes.why': undefined
    'causes.mark': undefined
    'causes.path': undefined
  }
}

export function defineCausesCommands(): void {
  const causes = useCausesStore()
  const group = 'time' as const
  const selected = () => causes.event !== null
  defineCommand<'causes.why'>({
    id: 'causes.why',
    label: 'causality.commands.why',
    keys: ['y'],
    group,
    when: selected,
    run: () => causes.why(),
  })
  defineCommand<'causes.mark'>({
    id: 'causes.mark',
    label: 'causality.commands.mark',
    keys: ['u'],
    group,
    when: selected,
    run: () => causes.mark(),
  })
  defineCommand<'causes.path'>({
    id: 'causes.path',
    label: 'causality.commands.path',
    keys: ['Shift+u'],
    group,
    when: () => selected() && causes.marked !== null && causes.marked !== causes.event?.seq,
    run: () => causes.path(),
  })
}
