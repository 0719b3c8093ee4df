/** What is selected (stays, survives a change of moment) and what the pointer is over, in all regions at once. */
import { defineStore } from 'pinia'
import { reactive, ref } from 'vue'

export interface EntryRef {
  readonly node: number
  readonly index: number
}
/** A message, or a copy of one (its id is negative): only all three name it. */
export interface MessageRef {
  readonly sender: number
  readonly receiver: number
  readonly id: number
}

/** A message, an entry, an event, a node: at most one of each is pointed at. */
export interface Pointed {
  node: number | null
  entry: EntryRef | null
  /** `seq` of a timeline event. */
  event: number | null
  message: MessageRef | null
}

const nothing = (): Pointed => ({ node: null, entry: null, event: null, message: null })

export const useSelectionStore = defineStore('selection', () => {
  const node = ref<number | null>(null)
  const entry = ref<EntryRef | null>(null)
  const event = ref<number | null>(null)
  const message = ref<MessageRef | null>(null)
  const hover = reactive<Pointed>(nothing())

  function selectNode(id: number | null): void {
    node.value = id
    entry.value = null
  }
  /** Selects an entry and the node that holds it. */
  function selectEntry(of: EntryRef | null): void {
    entry.value = of
    if (of !== null) node.value = of.node
  }
  function selectEvent(seq: number | null): void {
    event.value = seq
  }
  function selectMessage(of: MessageRef | null): void {
    message.value = of
  }
  /** Points at something in all regions; what is not named is not pointed at. */
  function point(at: Partial<Pointed>): void {
    Object.assign(hover, nothing(), at)
  }
  function clear(): void {
    node.value = null
    entry.value = null
    event.value = null
    message.value = null
  }
  return { node, entry, event, message, hover, selectNode, selectEntry, selectEvent, selectMessage, point, clear }
})
