/** Acts on processes. Killing and pausing act at once; the toast offers the opposite. Only removing asks. */
import type { NodeView } from '../../preload/contract'
import { nodeName } from '../components/format'
import { i18n } from '../i18n'
import { useClusterStore } from '../stores/cluster'
import { useDoor } from '../stores/door'
import { useSelectionStore } from '../stores/selection'
import { useToasts } from '../stores/toasts'
import { useUiStore } from '../stores/ui'
import { isolating } from './faults'
import { type CommandId, defineCommand, runUntyped, type Variant } from './registry'

interface OfNode {
  readonly node: number
}
declare module './registry' {
  interface CommandMap {
    'node.kill': OfNode
    'node.pause': OfNode
    'node.resume': OfNode
    'node.stop': OfNode
    'node.start': OfNode
    'node.restart': OfNode
    'node.isolate': OfNode
    'node.remove': OfNode
    'node.snapshot': OfNode
    'node.rebuild': OfNode
    'node.select': { readonly node: number | null }
  }
}

type Standing = NodeView['process']['standing']

/** Which acts make sense for a process that stands so. */
const POSSIBLE = {
  'node.kill': ['starting', 'running', 'paused'],
  'node.pause': ['running'],
  'node.resume': ['paused'],
  'node.stop': ['running'],
  'node.start': ['stopped', 'killed', 'crashed'],
  'node.restart': ['starting', 'running', 'paused'],
  'node.isolate': ['starting', 'running', 'paused', 'stopped', 'killed', 'crashed'],
  'node.remove': ['starting', 'running', 'paused', 'stopped', 'killed', 'crashed'],
  'node.snapshot': ['running'],
  'node.rebuild': ['stopped', 'killed', 'crashed'],
} as const satisfies Partial<Record<CommandId, readonly Standing[]>>

export type NodeAct = keyof typeof POSSIBLE

export const isPossible = (act: NodeAct, standing: Standing): boolean =>
  (POSSIBLE[act] as readonly Standing[]).includes(standing)

export function defineNodeCommands(): void {
  const cluster = useClusterStore()
  const selection = useSelectionStore()
  const toasts = useToasts()
  const ui = useUiStore()
  const door = useDoor()
  const { t } = i18n.global

  const able = (id: NodeAct) => (cluster.live?.nodes ?? []).filter((node) => isPossible(id, node.process.standing))
  const variants = (id: NodeAct) => (): readonly Variant<OfNode>[] =>
    able(id).map((node) => ({ target: nodeName(node.id), argument: { node: node.id } }))
  const selected = (id: NodeAct) => (): OfNode | undefined =>
    able(id).some((node) => node.id === selection.node) ? { node: selection.node ?? 0 } : undefined
  const offer = (text: () => string, label: () => string, id: CommandId, argument: unknown) =>
    toasts.push({ tone: 'neutral', text, action: { label, run: () => runUntyped(id, argument) } })
  const common = (id: NodeAct) => ({
    id,
    label: `commands.${id}`,
    group: 'nodes' as const,
    when: () => cluster.controllable,
    variants: variants(id),
    fromKey: selected(id),
  })

  defineCommand<'node.kill'>({
    ...common('node.kill'),
    id: 'node.kill',
    keys: ['k'],
    async run({ node }) {
      await door.call('node.kill', { node })
      offer(
        () => t('toasts.killed', { node: nodeName(node) }),
        () => t('acts.restart'),
        'node.start',
        { node },
      )
    },
  })
  defineCommand<'node.pause'>({
    ...common('node.pause'),
    id: 'node.pause',
    keys: ['z'],
    async run({ node }) {
      await door.call('node.pause', { node })
      offer(
        () => t('toasts.paused', { node: nodeName(node) }),
        () => t('acts.resume'),
        'node.resume',
        { node },
      )
    },
  })
  defineCommand<'node.resume'>({
    ...common('node.resume'),
    id: 'node.resume',
    keys: ['z'],
    run: ({ node }) => door.call('node.resume', { node }),
  })
  defineCommand<'node.stop'>({
    ...common('node.stop'),
    id: 'node.stop',
    async run({ node }) {
      await door.call('node.stop', { node })
      offer(
        () => t('toasts.stopped', { node: nodeName(node) }),
        () => t('acts.start'),
        'node.start',
        { node },
      )
    },
  })
  defineCommand<'node.start'>({
    ...common('node.start'),
    id: 'node.start',
    keys: ['s'],
    run: ({ node }) => door.call('node.start', { node }),
  })
  defineCommand<'node.restart'>({
    ...common('node.restart'),
    id: 'node.restart',
    keys: ['r'],
    run: ({ node }) => door.call('node.restart', { node }),
  })
  defineCommand<'node.isolate'>({
    ...common('node.isolate'),
    id: 'node.isolate',
    keys: ['i'],
    async run({ node }) {
      const nodes = able('node.isolate').map(({ id }) => id)
      const groups = isolating(node, nodes, cluster.live?.blocked ?? [])
      await door.call('link.partition', { groups: groups.map((group) => [...group]) })
      offer(
        () => t('toasts.isolated', { node: nodeName(node) }),
        () => t('acts.healAll'),
        'fault.healAll',
        undefined,
      )
    },
  })
  defineCommand<'node.remove'>({
    ...common('node.remove'),
    id: 'node.remove',
    run({ node }) {
      ui.confirmation = {
        title: t('confirm.removeTitle', { node: nodeName(node) }),
        text: t('confirm.removeText', { node: nodeName(node) }),
        confirm: t('acts.remove'),
        run: async () => {
          await door.call('node.remove', { node })
          toasts.push({ tone: 'ok', text: () => t('membership.toasts.removed', { node: nodeName(node) }) })
        },
      }
    },
  })
  defineCommand<'node.snapshot'>({
    ...common('node.snapshot'),
    id: 'node.snapshot',
    label: 'membership.commands.snapshot',
    group: 'members',
    keys: ['o'],
    async run({ node }) {
      const { index } = await door.call('node.snapshot', { node })
      toasts.push({ tone: 'ok', text: () => t('membership.toasts.snapshot', { node: nodeName(node), index }) })
    },
  })
  defineCommand<'node.rebuild'>({
    ...common('node.rebuild'),
    id: 'node.rebuild',
    label: 'membership.commands.rebuild',
    group: 'members',
    run({ node }) {
      ui.confirmation = {
        title: t('membership.confirm.rebuildTitle', { node: nodeName(node) }),
        text: t('membership.confirm.rebuildText', { node: nodeName(node) }),
        confirm: t('membership.confirm.rebuild'),
        run: async () => {
          await door.call('node.rebuild', { node })
          toasts.push({ tone: 'ok', text: () => t('membership.toasts.rebuilt', { node: nodeName(node) }) })
        },
      }
    },
  })
  defineCommand<'node.select'>({
    id: 'node.select',
    label: 'commands.node.select',
    group: 'nodes',
    when: () => cluster.moment !== null,
    variants: () =>
      (cluster.moment?.nodes ?? []).map((node) => ({ target: nodeName(node.id), argument: { node: node.id } })),
    run: ({ node }) => {
      if (node === null || cluster.nodeOf(node) !== undefined) selection.selectNode(node)
    },
  })
}
