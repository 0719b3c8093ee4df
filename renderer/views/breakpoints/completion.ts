/** What the list under the editor offers, and what choosing from it makes of the text. Pure. */
import { type Completion, type Completions, completeBreakpoint } from '../../../preload/contract'

const SHOWN = 40

export interface Offer extends Completions {
  /** The item that Enter takes; −1 = none: Enter sets the breakpoint. */
  readonly first: number
}

/** @param asked the list was asked for by key, so it opens also where nothing was typed */
export function offerAt(text: string, cursor: number, nodes: readonly number[], asked: boolean): Offer | null {
  const { from, to, items } = completeBreakpoint(text, cursor, nodes)
  const typed = text.slice(from, cursor)
  // What stands there is whole already.
  if (!asked && items.some((item) => item.text === text.slice(from, to))) return null
  if (items.length === 0 || (!asked && typed === '' && text.trim() === '')) return null
  const begins = items[0]?.text.toLowerCase().startsWith(typed.toLowerCase()) ?? false
  return { from, to, items: items.slice(0, SHOWN), first: typed !== '' && begins ? 0 : -1 }
}

/** After an event `.` and a field may follow, after a node `,` or `:`; after anything else comes a space. */
const FOLLOWED: ReadonlySet<Completion['type']> = new Set(['event', 'node', 'value'])

export function accepted(text: string, { from, to }: Completions, item: Completion): { text: string; cursor: number } {
  const rest = text.slice(to)
  const space = FOLLOWED.has(item.type) || rest.startsWith(' ') ? '' : ' '
  const before = text.slice(0, from) + item.text + space
  return { text: before + rest, cursor: before.length }
}
