/** Held messages: their names, which one is next, and where one can be moved to. Pure. */
import type { HeldView } from '../../preload/contract'
import type { MessageRef } from '../stores/selection'

/** What a call about a held message takes. */
export interface HeldRef {
  readonly from: number
  readonly to: number
  readonly id: number
}

export const heldKey = ({ from, to, id }: HeldRef): string => `${from}>${to}:${id}`
export const refOf = ({ from, to, id }: HeldRef): HeldRef => ({ from, to, id })
export const messageOf = ({ from, to, id }: HeldRef): MessageRef => ({ sender: from, receiver: to, id })

export function findHeld(held: readonly HeldView[], ref: MessageRef | null): HeldView | undefined {
  if (ref === null) return undefined
  return held.find(({ from, to, id }) => from === ref.sender && to === ref.receiver && id === ref.id)
}

/** What would have arrived first: of the heads of all links, the one that has waited longest. */
export function nextHeld(held: readonly HeldView[]): HeldView | undefined {
  let next: HeldView | undefined
  held.forEach((message, i) => {
    const before = held[i - 1]
    const head = before === undefined || before.from !== message.from || before.to !== message.to
    if (head && (next === undefined || message.since < next.since)) next = message
  })
  return next
}

/** Those of one link, in their order. */
const ofLink = (held: readonly HeldView[], { from, to }: Pick<HeldRef, 'from' | 'to'>): readonly HeldView[] =>
  held.filter((message) => message.from === from && message.to === to)

/**
 * The place (among those of its link, without itself) that a message has when it is put where `target` stands; undefined
 * when that is another link, or where it is already.
 */
export function placeAt(held: readonly HeldView[], message: HeldRef, target: HeldRef): number | undefined {
  const link = ofLink(held, message)
  const from = link.findIndex(({ id }) => id === message.id)
  const to = link.findIndex(({ id }) => id === target.id)
  if (message.from !== target.from || message.to !== target.to || from < 0 || to < 0 || from === to) return undefined
  return to
}

/** The place one further up or down in its link; undefined at its ends. */
export function placeBeside(held: readonly HeldView[], message: HeldRef, by: 1 | -1): number | undefined {
  const link = ofLink(held, message)
  const at = link.findIndex(({ id }) => id === message.id) + by
  return at < 0 || at >= link.length ? undefined : at
}

/** A message in one line: `prevLog 3·T1`, `entries 2`, `leaderCommit 2`. An index and its term stand together. */
export function gistText(gist: HeldView['gist']): string {
  const byName = new Map(gist)
  return gist
    .flatMap(([name, value]) => {
      const stem = /^(.+)(Index|Term)$/.exec(name)
      const [, word = '', part = ''] = stem ?? []
      const term = byName.get(`${word}Term`)
      const index = byName.get(`${word}Index`)
      if (typeof value === 'boolean') return [`${name} ${value ? '✓' : '✗'}`]
      if (word === '' || term === undefined || index === undefined) return [`${name} ${value}`]
      return part === 'Index' ? [`${word} ${index}·T${term}`] : []
    })
    .join('  ')
}
