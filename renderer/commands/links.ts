/** Acts on links: block, heal, partition; and taking back any active fault. */
import type { FaultView } from '../../preload/contract'
import { nodeName } from '../components/format'
import { i18n } from '../i18n'
import { useClusterStore } from '../stores/cluster'
import { useDoor } from '../stores/door'
import { useToasts } from '../stores/toasts'
import { useUiStore } from '../stores/ui'
import { groupsText, linksBetween, subjectOf } from './faults'
import { defineCommand, runUntyped } from './registry'

interface OfLink {
  readonly from: number
  readonly to: number
  readonly both: boolean
}
declare module './registry' {
  interface CommandMap {
    'link.block': OfLink
    'link.heal': OfLink
    'link.partition': { readonly groups: readonly (readonly number[])[] }
    'link.healAll': undefined
    'link.editPartition': undefined
    'fault.heal': { readonly fault: FaultView }
  }
}

export function defineLinkCommands(): void {
  const cluster = useClusterStore()
  const toasts = useToasts()
  const ui = useUiStore()
  const door = useDoor()
  const { t } = i18n.global
  const when = () => cluster.controllable
  const group = 'links' as const

  defineCommand<'link.block'>({
    id: 'link.block',
    label: 'commands.link.block',
    hidden: true,
    group,
    when,
    run: (link) => door.call('link.block', link),
  })
  defineCommand<'link.heal'>({
    id: 'link.heal',
    label: 'commands.link.heal',
    hidden: true,
    group,
    when,
    run: (link) => door.call('link.heal', link),
  })
  defineCommand<'link.partition'>({
    id: 'link.partition',
    label: 'commands.link.partition',
    hidden: true,
    group,
    when,
    async run({ groups }) {
      await door.call('link.partition', { groups: groups.map((nodes) => [...nodes]) })
      toasts.push({
        tone: 'neutral',
        text: t('toasts.partitioned', { groups: groupsText(groups) }),
        action: { label: t('acts.healAll'), run: () => runUntyped('link.healAll', undefined) },
      })
    },
  })
  defineCommand<'link.healAll'>({
    id: 'link.healAll',
    label: 'commands.link.healAll',
    keys: ['h'],
    group,
    when: () => cluster.controllable && (cluster.live?.blocked.length ?? 0) > 0,
    run: () => door.call('link.healAll', {}),
  })
  defineCommand<'link.editPartition'>({
    id: 'link.editPartition',
    label: 'commands.link.editPartition',
    keys: ['p'],
    group,
    when: () => cluster.controllable && (cluster.live?.nodes.length ?? 0) > 1,
    run: () => ui.editPartition(),
  })

  async function healFault(fault: FaultView): Promise<void> {
    const { nodes, link, groups } = subjectOf(fault)
    switch (fault.type) {
      case 'kill':
      case 'stop':
        for (const node of nodes) await door.call('node.start', { node })
        return
      case 'pause':
        for (const node of nodes) await door.call('node.resume', { node })
        return
      case 'block':
        if (link !== null) await door.call('link.heal', { from: link[0], to: link[1], both: false })
        return
      default: {
        // A partition or an isolated node. Alone, all links heal at once; beside other cuts only its own do.
        const faults = cluster.live?.faults ?? []
        const alone = faults.every((other) => other.id === fault.id || !isLinkFault(other.type))
        if (alone || groups.length === 0) await door.call('link.healAll', {})
        else for (const [from, to] of linksBetween(groups)) await door.call('link.heal', { from, to, both: false })
      }
    }
  }
  defineCommand<'fault.heal'>({
    id: 'fault.heal',
    label: 'commands.fault.heal',
    group: 'links',
    when,
    variants: () => (cluster.live?.faults ?? []).map((fault) => ({ target: faultText(fault), argument: { fault } })),
    run: ({ fault }) => healFault(fault),
  })
}

export function isLinkFault(type: string): boolean {
  return type === 'block' || type === 'partition' || type === 'isolate'
}

/** A fault in one line: "Killed n3", "Partition n1 n2 | n3 n4 n5". */
export function faultText(fault: FaultView): string {
  const { t, te } = i18n.global
  const { nodes, link, groups } = subjectOf(fault)
  const key = `faults.types.${fault.type}`
  const type = te(key) ? t(key) : fault.type
  if (groups.length > 0) return `${type} ${groupsText(groups)}`
  if (link !== null) return `${type} ${nodeName(link[0])} → ${nodeName(link[1])}`
  return `${type} ${nodes.map(nodeName).join(' ')}`.trim()
}
