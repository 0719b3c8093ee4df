/** Acts on held messages: each is one message at a time, chosen in the list, on the ring or on the timeline. */
import type { HeldView } from '../../preload/contract'
import { findHeld, type HeldRef, messageOf, nextHeld, refOf } from '../components/held'
import { i18n } from '../i18n'
import { useClusterStore } from '../stores/cluster'
import { useDoor } from '../stores/door'
import { useSelectionStore } from '../stores/selection'
import { useToasts } from '../stores/toasts'
import { useUiStore } from '../stores/ui'
import { defineCommand } from './registry'

declare module './registry' {
  interface CommandMap {
    /** Without one: the chosen one, or else the next. */
    'held.release': HeldRef | undefined
    'held.releaseAll': { readonly links?: readonly { readonly from: number; readonly to: number }[] } | undefined
    'held.drop': HeldRef | undefined
    'held.dropAll': undefined
    'held.duplicate': HeldRef | undefined
    'held.edit': HeldRef | undefined
    /** `place` counts from 0 among those of its link. */
    'held.move': HeldRef & { readonly place: number }
    'held.send': HeldRef & { readonly message: unknown }
  }
}

export function defineHeldCommands(): void {
  const cluster = useClusterStore()
  const selection = useSelectionStore()
  const toasts = useToasts()
  const ui = useUiStore()
  const door = useDoor()
  const { t } = i18n.global
  const group = 'faults' as const

  const held = (): readonly HeldView[] => cluster.live?.held ?? []
  const chosen = () => findHeld(held(), selection.message)
  const when = () => cluster.controllable && held().length > 0
  /** A key acts on the chosen one only; a button names its own. */
  const byKey = (): HeldRef | undefined => {
    const one = chosen()
    return one === undefined ? undefined : refOf(one)
  }
  const subject = (ref: HeldRef | undefined) => ref ?? chosen() ?? nextHeld(held())

  /** When the chosen one leaves the list, the next of the list is chosen: a row of Enter walks through all. */
  async function leaving(ref: HeldRef, act: () => Promise<unknown>): Promise<void> {
    const all = held()
    const at = all.findIndex(({ from, to, id }) => from === ref.from && to === ref.to && id === ref.id)
    const wasChosen = at >= 0 && chosen() === all[at]
    const after = all[at + 1] ?? all[at - 1]
    await act()
    if (wasChosen) selection.selectMessage(after === undefined ? null : messageOf(after))
  }

  defineCommand<'held.release'>({
    id: 'held.release',
    label: 'control.commands.release',
    keys: ['.'],
    group,
    when,
    async run(ref) {
      const one = subject(ref)
      if (one === undefined) return
      await leaving(one, () => door.call('held.release', refOf(one)))
    },
  })
  defineCommand<'held.releaseAll'>({
    id: 'held.releaseAll',
    label: 'control.commands.releaseAll',
    group,
    when,
    async run(of) {
      const links = of?.links
      const { released } = await door.call('held.releaseAll', links === undefined ? {} : { links: [...links] })
      toasts.push({ tone: 'neutral', text: () => t('control.held.released', { n: released }, released) })
    },
  })
  defineCommand<'held.drop'>({
    id: 'held.drop',
    label: 'control.commands.drop',
    keys: ['x'],
    group,
    when,
    fromKey: byKey,
    async run(ref) {
      const one = subject(ref)
      if (one !== undefined) await leaving(one, () => door.call('held.drop', refOf(one)))
    },
  })
  defineCommand<'held.dropAll'>({
    id: 'held.dropAll',
    label: 'control.commands.dropAll',
    group,
    when,
    async run() {
      // At once, so that one which is gone meanwhile does not keep the others.
      const dropped = await Promise.allSettled(held().map((one) => door.call('held.drop', refOf(one))))
      const failed = dropped.find((each) => each.status === 'rejected')
      const n = dropped.filter((each) => each.status === 'fulfilled').length
      if (n > 0) toasts.push({ tone: 'neutral', text: () => t('control.held.dropped', { n }, n) })
      else if (failed !== undefined) throw failed.reason
    },
  })
  defineCommand<'held.duplicate'>({
    id: 'held.duplicate',
    label: 'control.commands.duplicate',
    group,
    when,
    fromKey: byKey,
    async run(ref) {
      const one = subject(ref)
      if (one !== undefined) await door.call('held.duplicate', refOf(one))
    },
  })
  defineCommand<'held.edit'>({
    id: 'held.edit',
    label: 'control.commands.edit',
    keys: ['e'],
    group,
    when,
    fromKey: byKey,
    run(ref) {
      const one = subject(ref)
      if (one === undefined) return
      selection.selectMessage(messageOf(one))
      ui.heldFolded = false
      ui.editingHeld = refOf(one)
    },
  })
  defineCommand<'held.move'>({
    id: 'held.move',
    label: 'control.commands.move',
    hidden: true,
    group,
    when,
    run: ({ from, to, id, place }) => door.call('held.move', { from, to, id, place }),
  })
  defineCommand<'held.send'>({
    id: 'held.send',
    label: 'control.commands.send',
    hidden: true,
    group,
    when,
    async run({ from, to, id, message }) {
      const ref = { from, to, id }
      await leaving(ref, () => door.call('held.edit', { ...ref, message }))
      ui.editingHeld = null
    },
  })
}
