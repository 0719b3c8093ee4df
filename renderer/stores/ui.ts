/** What of the shell is open: tab, palette, dialogs, editors. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { BreakpointKind } from '../../preload/contract'
import type { HeldRef } from '../components/held'

export const LEFT_TABS = ['faults', 'links', 'client', 'load', 'breakpoints', 'members'] as const
export type LeftTab = (typeof LEFT_TABS)[number]

/** A question before files on disk are deleted; nothing else asks. */
export interface Confirmation {
  readonly title: string
  readonly text: string
  readonly confirm: string
  readonly run: () => Promise<unknown>
}

export const useUiStore = defineStore('ui', () => {
  const leftTab = ref<LeftTab>('faults')
  const palette = ref(false)
  const shortcuts = ref(false)
  const creating = ref(false)
  /** What the signs of the ring mean. */
  const legend = ref(false)
  const changingMembership = ref(false)
  /** Name of the cluster whose settings are shown; null = none. */
  const configuring = ref<string | null>(null)
  const confirmation = shallowRef<Confirmation | null>(null)
  /** Nodes on the first side of the partition that is being put together; null = the editor is closed. */
  const partition = shallowRef<ReadonlySet<number> | null>(null)
  /** Raised when the client form should take the focus. */
  const clientFocus = ref(0)
  /** Raised when the editor of breakpoints should. */
  const breakpointFocus = ref(0)
  /** To which kind of event a step of a stopped node goes; empty = any. */
  const stepKind = ref<BreakpointKind | ''>('')
  /** What stands in the middle: the logs, the plots of the workloads, or the verdicts. */
  const centre = ref<'logs' | 'load' | 'verdicts'>('logs')
  /** The held message that is being changed. */
  const editingHeld = shallowRef<HeldRef | null>(null)
  const heldFolded = ref(false)
  const planningWorkload = ref(false)
  const planningNemesis = ref(false)

  function togglePartitionNode(node: number): void {
    if (partition.value === null) return
    const side = new Set(partition.value)
    if (!side.delete(node)) side.add(node)
    partition.value = side
  }
  function editPartition(nodes: readonly number[] = []): void {
    leftTab.value = 'faults'
    partition.value = new Set(nodes)
  }
  function closePartition(): void {
    partition.value = null
  }
  function focusClient(): void {
    leftTab.value = 'client'
    clientFocus.value++
  }
  function focusBreakpoint(): void {
    leftTab.value = 'breakpoints'
    breakpointFocus.value++
  }
  return {
    leftTab,
    palette,
    shortcuts,
    creating,
    legend,
    changingMembership,
    configuring,
    confirmation,
    partition,
    clientFocus,
    togglePartitionNode,
    editPartition,
    closePartition,
    focusClient,
    breakpointFocus,
    focusBreakpoint,
    centre,
    stepKind,
    editingHeld,
    heldFolded,
    planningWorkload,
    planningNemesis,
  }
})
