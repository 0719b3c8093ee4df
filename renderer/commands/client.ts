/** One call of the workbench's client. What goes wrong is told at the form and in the history of calls. */
import type { Consistency } from '../../preload/contract'
import { useClientStore } from '../stores/client'
import { useClusterStore } from '../stores/cluster'
import { useUiStore } from '../stores/ui'
import { defineCommand } from './registry'

interface OfKey {
  readonly key: string
  readonly via?: number
}
declare module './registry' {
  interface CommandMap {
    'client.put': OfKey & { readonly value: string }
    'client.get': OfKey & { readonly consistency?: Consistency }
    'client.cas': OfKey & { readonly expected: string | null; readonly value: string }
    'client.append': OfKey & { readonly value: string }
    'client.delete': OfKey
    'client.focus': undefined
  }
}

export function defineClientCommands(): void {
  const cluster = useClusterStore()
  const client = useClientStore()
  const ui = useUiStore()
  const group = 'client' as const
  const when = () => cluster.controllable

  defineCommand<'client.focus'>({
    id: 'client.focus',
    label: 'commands.client.focus',
    keys: ['c'],
    group,
    when,
    run: () => ui.focusClient(),
  })
  defineCommand<'client.put'>({
    id: 'client.put',
    label: 'commands.client.put',
    hidden: true,
    group,
    when,
    run: (call) => client.send({ op: 'put', ...call }),
  })
  defineCommand<'client.get'>({
    id: 'client.get',
    label: 'commands.client.get',
    hidden: true,
    group,
    when,
    run: (call) => client.send({ op: 'get', ...call }),
  })
  defineCommand<'client.delete'>({
    id: 'client.delete',
    label: 'commands.client.delete',
    hidden: true,
    group,
    when,
    run: (call) => client.send({ op: 'delete', ...call }),
  })
  defineCommand<'client.cas'>({
    id: 'client.cas',
    label: 'commands.client.cas',
    hidden: true,
    group,
    when,
    run: (call) => client.send({ op: 'cas', ...call }),
  })
  defineCommand<'client.append'>({
    id: 'client.append',
    label: 'commands.client.append',
    hidden: true,
    group,
    when,
    run: (call) => client.send({ op: 'append', ...call }),
  })
}
