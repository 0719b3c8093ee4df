/** Acts on links: cut, mend, condition, patterns of them, partition. */
import { LINK_PRESETS, type LinkPreset, type LinkRule } from '../../preload/contract'
import { nodeName } from '../components/format'
import { i18n } from '../i18n'
import { useClusterStore } from '../stores/cluster'
import { useDoor } from '../stores/door'
import { useToasts } from '../stores/toasts'
import { useUiStore } from '../stores/ui'
import { groupsText } from './faults'
import { defineCommand, runUntyped, type Variant } from './registry'

interface OfLink {
  readonly from: number
  readonly to: number
  readonly both: boolean
}
interface Ruled {
  readonly links: readonly { readonly from: number; readonly to: number }[]
  /** None: they have none any more. */
  readonly rules: readonly LinkRule[]
}
interface AskedPreset {
  readonly preset: LinkPreset
  readonly at?: number
}
declare module './registry' {
  interface CommandMap {
    'link.block': OfLink
    'link.heal': OfLink
    'link.condition': Ruled
    'link.preset': AskedPreset
    'link.partition': { readonly groups: readonly (readonly number[])[] }
    'link.editPartition': undefined
    'link.focus': undefined
  }
}

/** Patterns that are about one node; `flaky` and `slow` may be. */
export const ABOUT_A_NODE: readonly LinkPreset[] = ['isolate', 'bridge', 'deaf', 'mute']

export function defineLinkCommands(): void {
  const cluster = useClusterStore()
  const toasts = useToasts()
  const ui = useUiStore()
  const door = useDoor()
  const { t } = i18n.global
  const when = () => cluster.controllable
  const group = 'links' as const
  const several = () => cluster.controllable && (cluster.live?.nodes.length ?? 0) > 1

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
  defineCommand<'link.condition'>({
    id: 'link.condition',
    label: 'control.commands.condition',
    hidden: true,
    group,
    when,
    run: ({ links, rules }) =>
      door.call('link.condition', {
        links: links.map(({ from, to }) => ({ from, to })),
        rules: rules.map(({ messages, action }) => ({ messages: [...messages], action })),
      }),
  })
  defineCommand<'link.preset'>({
    id: 'link.preset',
    label: 'control.commands.preset',
    group,
    when: several,
    variants: () => LINK_PRESETS.flatMap((preset) => presetVariants(preset)),
    run: ({ preset, at }) => door.call('link.preset', at === undefined ? { preset } : { preset, at }),
  })
  function presetVariants(preset: LinkPreset): readonly Variant<AskedPreset>[] {
    const name = t(`control.presets.${preset}`)
    if (!ABOUT_A_NODE.includes(preset)) return [{ target: name, argument: { preset } }]
    const nodes = (cluster.live?.nodes ?? []).filter((node) => node.process.standing !== 'removed')
    return nodes.map(({ id }) => ({
      target: t('control.links.presetOf', { preset: name, node: nodeName(id) }),
      argument: { preset, at: id },
    }))
  }
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
        text: () => t('toasts.partitioned', { groups: groupsText(groups) }),
        action: { label: () => t('acts.healAll'), run: () => runUntyped('fault.healAll', undefined) },
      })
    },
  })
  defineCommand<'link.editPartition'>({
    id: 'link.editPartition',
    label: 'commands.link.editPartition',
    keys: ['p'],
    group,
    when: several,
    run: () => ui.editPartition(),
  })
  defineCommand<'link.focus'>({
    id: 'link.focus',
    label: 'control.commands.linksFocus',
    group,
    when: () => cluster.moment !== null,
    run: () => {
      ui.leftTab = 'links'
    },
  })
}
