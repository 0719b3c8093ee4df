/** Dragging a held message to another place among those of its link. */
import { type Ref, ref } from 'vue'
import type { HeldView } from '../../../preload/contract'
import { useCommands } from '../../commands/registry'
import { heldKey, placeAt, refOf } from '../../components/held'

export interface HeldDragInput {
  readonly held: Readonly<Ref<readonly HeldView[]>>
  readonly rowOf: (event: Event) => HeldView | undefined
}

export function useHeldDrag({ held, rowOf }: HeldDragInput) {
  const commands = useCommands()
  const dragged = ref<HeldView | null>(null)
  const over = ref('')
  function onDragStart(event: DragEvent): void {
    dragged.value = rowOf(event) ?? null
    if (event.dataTransfer !== null) event.dataTransfer.effectAllowed = 'move'
  }
  function onDragOver(event: DragEvent): void {
    const target = rowOf(event)
    const fits =
      dragged.value !== null && target !== undefined && placeAt(held.value, dragged.value, target) !== undefined
    over.value = fits && target !== undefined ? heldKey(target) : ''
    // Only what is of the same link can be overtaken.
    if (fits) event.preventDefault()
  }
  function onDrop(event: DragEvent): void {
    const target = rowOf(event)
    const message = dragged.value
    endDrag()
    if (message === null || target === undefined) return
    const place = placeAt(held.value, message, target)
    if (place === undefined) return
    event.preventDefault()
    void commands.run('held.move', { ...refOf(message), place })
  }
  function endDrag(): void {
    dragged.value = null
    over.value = ''
  }

  return { over, onDragStart, onDragOver, onDrop, endDrag }
}
