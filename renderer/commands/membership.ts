/** Who belongs to the cluster and who leads it: adding, promoting, changing, handing over. */
import type { ChangeMode, MemberRole, MembershipChange, NodeView } from '../../preload/contract'
import { nodeName } from '../components/format'
import { belongingOf, configurationOf } from '../components/membership'
import { i18n } from '../i18n'
import { useMembershipChange } from '../stores/attempts'
import { useClusterStore } from '../stores/cluster'
import { useDoor } from '../stores/door'
import { useSelectionStore } from '../stores/selection'
import { useToasts } from '../stores/toasts'
import { useUiStore } from '../stores/ui'
import { defineCommand, type Variant } from './registry'

export interface AskedChange {
  readonly changes: readonly MembershipChange[]
  readonly mode: ChangeMode
}
interface OfNode {
  readonly node: number
}
declare module './registry' {
  interface CommandMap {
    /** `node` left out: the next free number. */
    'node.add': { readonly role: MemberRole; readonly node?: number }
    'node.promote': OfNode
    'node.demote': OfNode
    /** `node` left out: whoever is best. */
    'leadership.transfer': { readonly node?: number }
    'membership.edit': undefined
    'membership.change': AskedChange
    'membership.focus': undefined
  }
}

export const MEMBER_ROLES = ['voter', 'learner', 'witness'] as const satisfies readonly MemberRole[]

type MembershipAct = 'node.promote' | 'node.demote' | 'leadership.transfer'

/** Whether an act makes sense for a node, as the cluster stands. The cluster itself may still refuse it, with its reason. */
export function canChange(act: MembershipAct, node: NodeView, nodes: readonly NodeView[]): boolean {
  if (node.process.standing === 'removed') return false
  const configuration = configurationOf(nodes)
  const role = belongingOf(configuration, node.id)
  switch (act) {
    case 'node.promote':
      return role === 'learner' || role === 'none'
    case 'node.demote':
      return role === 'voter' && configuration.voters.length > 1
    case 'leadership.transfer':
      return role === 'voter' && node.role !== 'leader' && node.process.standing === 'running'
  }
}

export function defineMembershipCommands(): void {
  const cluster = useClusterStore()
  const attempt = useMembershipChange()
  const selection = useSelectionStore()
  const toasts = useToasts()
  const ui = useUiStore()
  const door = useDoor()
  const { t } = i18n.global
  const group = 'members' as const
  const when = () => cluster.controllable

  const nodes = () => cluster.live?.nodes ?? []
  const able = (act: MembershipAct) => nodes().filter((node) => canChange(act, node, nodes()))
  const variants = (act: MembershipAct) => (): readonly Variant<OfNode>[] =>
    able(act).map(({ id }) => ({ target: nodeName(id), argument: { node: id } }))
  const selected = (act: MembershipAct) => (): OfNode | undefined =>
    able(act).some(({ id }) => id === selection.node) ? { node: selection.node ?? 0 } : undefined
  const done = (text: () => string) => toasts.push({ tone: 'ok', text })

  async function become(node: number, role: MemberRole): Promise<void> {
    const { index } = await door.call('membership.change', { changes: [{ node, role }], mode: 'auto' })
    done(() => t('membership.toasts.changed', { index }))
  }

  defineCommand<'node.add'>({
    id: 'node.add',
    label: 'membership.commands.add',
    group,
    when,
    variants: () => MEMBER_ROLES.map((role) => ({ target: t(`membership.roles.${role}`), argument: { role } })),
    async run({ role, node }) {
      const added = await door.call('node.add', { role, ...(node === undefined ? {} : { node }) })
      done(() => t('membership.toasts.added', { node: nodeName(added.node) }))
    },
  })
  defineCommand<'node.promote'>({
    id: 'node.promote',
    label: 'membership.commands.promote',
    group,
    when,
    variants: variants('node.promote'),
    fromKey: selected('node.promote'),
    run: ({ node }) => become(node, 'voter'),
  })
  defineCommand<'node.demote'>({
    id: 'node.demote',
    label: 'membership.commands.demote',
    group,
    when,
    variants: variants('node.demote'),
    fromKey: selected('node.demote'),
    run: ({ node }) => become(node, 'learner'),
  })
  defineCommand<'leadership.transfer'>({
    id: 'leadership.transfer',
    label: 'membership.commands.transfer',
    keys: ['g'],
    group,
    when,
    variants: () => [{ target: t('membership.commands.best'), argument: {} }, ...variants('leadership.transfer')()],
    fromKey: selected('leadership.transfer'),
    async run(to) {
      await door.call('leadership.transfer', to)
      done(() => t('membership.toasts.transferred'))
    },
  })
  defineCommand<'membership.edit'>({
    id: 'membership.edit',
    label: 'membership.commands.edit',
    keys: ['m'],
    group,
    when,
    run: () => {
      attempt.forget()
      ui.changingMembership = true
    },
  })
  defineCommand<'membership.change'>({
    id: 'membership.change',
    label: 'membership.commands.change',
    hidden: true,
    group,
    when,
    async run({ changes, mode }) {
      const thrown = await attempt.make(async () => {
        const { index } = await door.call('membership.change', { changes: [...changes], mode })
        done(() => t('membership.toasts.changed', { index }))
      })
      if (thrown === null) ui.changingMembership = false
      // Whoever has closed the dialog meanwhile learns of it like of any other command.
      else if (!ui.changingMembership) throw thrown
    },
  })
  defineCommand<'membership.focus'>({
    id: 'membership.focus',
    label: 'membership.commands.focus',
    group,
    when: () => cluster.moment !== null,
    run: () => {
      ui.leftTab = 'members'
    },
  })
}
