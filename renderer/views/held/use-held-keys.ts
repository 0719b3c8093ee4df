/** The keys of the list: arrows walk, with Alt they move the message; Enter releases, X drops, E edits, D doubles. */
import type { Ref } from 'vue'
import type { HeldView } from '../../../preload/contract'
import { useCommands } from '../../commands/registry'
import { placeBeside, refOf } from '../../components/held'

export interface HeldKeysInput {
  readonly held: Readonly<Ref<readonly HeldView[]>>
  /** Something can be done with them now. */
  readonly acts: Readonly<Ref<boolean>>
  readonly rowOf: (event: Event) => HeldView | undefined
  readonly choose: (message: HeldView) => void
  readonly focusRow: (message: HeldView) => void
}

export function useHeldKeys({ held, acts, rowOf, choose, focusRow }: HeldKeysInput): (event: KeyboardEvent) => void {
  const commands = useCommands()

  function move(message: HeldView, by: 1 | -1): void {
    const place = placeBeside(held.value, message, by)
    if (place !== undefined) void commands.run('held.move', { ...refOf(message), place })
  }
  function onKey(event: KeyboardEvent): void {
    const message = rowOf(event)
    // A button inside the row keeps its keys.
    if (message === undefined || !(event.target instanceof HTMLTableRowElement)) return
    if (event.ctrlKey || event.metaKey) return
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (by !== 0) {
      event.preventDefault()
      if (event.altKey) {
        if (acts.value) move(message, by)
        return
      }
      const next = held.value[held.value.indexOf(message) + by]
      if (next !== undefined) focusRow(next)
      return
    }
    if (event.altKey) return
    if (event.key === ' ') {
      event.preventDefault()
      choose(message)
      return
    }
    if (!acts.value) return
    const ref = refOf(message)
    if (event.key === 'Enter' || event.key === '.') act(event, () => commands.run('held.release', ref))
    else if (event.key === 'x' || event.key === 'Delete') act(event, () => commands.run('held.drop', ref))
    else if (event.key === 'e') act(event, () => commands.run('held.edit', ref), false)
    else if (event.key === 'd') act(event, () => commands.run('held.duplicate', ref), false)
  }
  /** The focus stays in the list when the row that had it leaves. */
  function act(event: KeyboardEvent, run: () => Promise<boolean>, leaves = true): void {
    const message = rowOf(event)
    event.preventDefault()
    if (message === undefined) return
    choose(message)
    const after = held.value[held.value.indexOf(message) + 1] ?? held.value[held.value.indexOf(message) - 1]
    void run().then((done) => {
      if (done && leaves && after !== undefined) focusRow(after)
    })
  }

  return onKey
}
