/** Which entry the strip below the logs speaks of, and by which event the committed index was determined. */
import { computed, type Ref, shallowRef, watch } from 'vue'
import type { NodeView } from '../../../preload/contract'
import type { Link } from '../../commands/faults'
import { useClusterStore } from '../../stores/cluster'
import { useSelectionStore } from '../../stores/selection'
import { type Determined, determinedBy, storyOf } from './log-model'
import type { OlderEntries } from './older-entries'

export interface StoryInput {
  readonly all: Readonly<Ref<readonly NodeView[]>>
  /** Those that are drawn. */
  readonly nodes: Readonly<Ref<readonly NodeView[]>>
  readonly blocked: Readonly<Ref<readonly Link[]>>
  readonly newest: Readonly<Ref<NodeView | undefined>>
  readonly committed: Readonly<Ref<number>>
  readonly older: OlderEntries
}

export function useStory({ all, nodes, blocked, newest, committed, older }: StoryInput) {
  const cluster = useClusterStore()
  const selection = useSelectionStore()

  /** Looked up when the index changes, and until it is found: events may come a little later than the state. */
  const determined = shallowRef<Determined | undefined>()
  let determinedFor = -1
  watch(
    [committed, () => cluster.eventsVersion, () => cluster.pin],
    ([index, , pin], before) => {
      if (determinedFor === index && determined.value !== undefined && pin === before[2]) return
      determinedFor = index
      const { events } = cluster
      determined.value = determinedBy(nodes.value, index, pin === null ? events : events.filter((e) => e.seq < pin.seq))
    },
    { immediate: true },
  )

  const story = computed(() => {
    void older.version.value
    const situation = { nodes: all.value, blocked: blocked.value }
    const chosen = selection.entry
    const node = chosen === null ? undefined : nodes.value.find((candidate) => candidate.id === chosen.node)
    const entry = node === undefined || chosen === null ? undefined : older.at(node, chosen.index)
    if (node !== undefined && entry !== undefined && chosen !== null && chosen.index <= node.log.lastIndex) {
      return storyOf(situation, node.id, entry)
    }
    // Nothing chosen: the first entry of the newest leader that is not committed yet, else the last one that is.
    const of =
      newest.value ??
      nodes.value.reduce<NodeView | undefined>((a, b) => (a && a.commitIndex >= b.commitIndex ? a : b), undefined)
    if (of === undefined) return null
    const open = older.at(of, committed.value + 1) ?? older.at(of, committed.value)
    return open === undefined ? null : storyOf(situation, of.id, open)
  })

  return { determined, story }
}
