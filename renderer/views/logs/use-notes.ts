/** What is said of a node beside its log: its role or trouble, and how far the leader has got with it. */
import { computed, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Configuration, NodeView } from '../../../preload/contract'
import type { Link } from '../../commands/faults'
import { belongingOf, hasMajority } from '../../components/membership'
import { useClusterStore } from '../../stores/cluster'
import { reachableFrom } from './log-model'

export interface NotesInput {
  readonly nodes: Readonly<Ref<readonly NodeView[]>>
  readonly configuration: Readonly<Ref<Configuration>>
  readonly blocked: Readonly<Ref<readonly Link[]>>
  /** Whose view of the others is told. */
  readonly leader: Readonly<Ref<NodeView | undefined>>
}

export function useNotes({ nodes, configuration, blocked, leader }: NotesInput) {
  const { t } = useI18n()
  const cluster = useClusterStore()

  const lonely = (node: NodeView) =>
    node.role === 'leader' &&
    node.process.standing === 'running' &&
    !hasMajority(configuration.value, reachableFrom(node, nodes.value, blocked.value))

  /** Whole seconds of the moment shown: enough to know whether a leader is new. */
  const second = computed(() => Math.floor((cluster.moment?.t ?? 0) / 1e9))

  function note(node: NodeView): string {
    const { standing } = node.process
    if (standing !== 'running') return t(`standings.${standing}`)
    if (lonely(node)) return t('diagrams.logs.noMajority')
    const { receiving } = node
    if (receiving !== null) {
      const share = receiving.bytes === 0 ? 0 : Math.floor((receiving.offset / receiving.bytes) * 100)
      return t('diagrams.logs.receiving', { share })
    }
    const belongs = belongingOf(configuration.value, node.id)
    if (belongs !== 'voter' && node.role !== 'leader') return t(`membership.roles.${belongs}`)
    const role = t(`roles.${node.role}`)
    const fresh = node.role === 'leader' && second.value * 1e9 - node.roleSince < 1e9
    return fresh ? `${role} · ${t('diagrams.logs.fresh')}` : role
  }
  const progressOf = (node: NodeView) => leader.value?.progress.find((progress) => progress.peer === node.id)
  function trouble(node: NodeView): string {
    const from = leader.value?.id
    if (from === undefined) return ''
    if (node.process.standing !== 'running') return t(`standings.${node.process.standing}`)
    const cut = blocked.value.some(([a, b]) => (a === from && b === node.id) || (a === node.id && b === from))
    return cut ? t('diagrams.logs.linkCut') : ''
  }

  return { lonely, note, progressOf, trouble }
}
