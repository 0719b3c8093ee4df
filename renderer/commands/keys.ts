/**
 * The one place where keys become commands. A component that uses a key itself calls `preventDefault`, which leaves the
 * key to it: arrows inside the ring, a menu or a slider never move the clock.
 */
import { matchKeybindingPress, parseKeybinding } from 'tinykeys'
import { useUiStore } from '../stores/ui'
import { type AnyCommand, runUntyped, useCommands } from './registry'

const TEXT_FIELDS = 'textarea, select, [contenteditable], input:not([type="checkbox"], [type="radio"], [type="button"])'
/** Elements that use Space, Enter or arrows themselves. */
const CONTROLS =
  'button, a, summary, input, select, [role="tab"], [role="menuitem"], [role="menuitemradio"], [role="option"], [role="radio"], [role="slider"], [role="separator"], [role="switch"]'

export function ignores(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing) return true
  if (!(event.target instanceof Element)) return false
  const modified = event.ctrlKey || event.metaKey || event.altKey
  const isFunctionKey = /^F\d+$/.test(event.key)
  if (isFunctionKey) return false
  // A dialog keeps its keys, except the ones that open and close it.
  if (event.target.closest('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null && !modified) return true
  if (event.target.closest(TEXT_FIELDS) !== null) return !modified
  if (event.key === ' ' || event.key === 'Enter') return event.target.closest(CONTROLS) !== null
  return false
}

function matches(command: AnyCommand, event: KeyboardEvent): boolean {
  return (command.keys ?? []).some((key) => parseKeybinding(key).every((press) => matchKeybindingPress(event, press)))
}

/** Nodes by their digit: select, or choose a side while a partition is put together. */
function digit(event: KeyboardEvent): boolean {
  if (!/^[1-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return false
  const ui = useUiStore()
  const node = Number(event.key)
  if (ui.partition !== null) ui.togglePartitionNode(node)
  else void runUntyped('node.select', { node })
  return true
}

/** Listens for keys on the window. @returns a function that stops */
export function connectKeys(): () => void {
  const { list } = useCommands()
  const onKey = (event: KeyboardEvent) => {
    if (ignores(event)) return
    if (digit(event)) {
      event.preventDefault()
      return
    }
    for (const command of list.value) {
      if (!matches(command, event) || command.when?.() === false) continue
      const argument = command.fromKey?.()
      if (command.fromKey !== undefined && argument === undefined) continue
      event.preventDefault()
      void runUntyped(command.id, argument)
      return
    }
  }
  window.addEventListener('keydown', onKey)
  return () => window.removeEventListener('keydown', onKey)
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Shift: '⇧',
}

/** A key as it stands on a keyboard: `$mod+k` → `Ctrl K` or `⌘ K`. */
export function keyText(key: string, mac = /Mac|iPhone/.test(navigator.platform)): string {
  if (key === 'Shift+?') return '?'
  return key
    .split(/\+(?!$)/)
    .map((part) => {
      if (part === '$mod') return mac ? '⌘' : 'Ctrl'
      return NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part)
    })
    .join(' ')
}
