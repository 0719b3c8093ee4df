/** What the rules of explanation share. */
import type { EventKind, TimelineEvent } from '../../../node/contract/events'
import type { Look } from '../look'
import { concernsLink, concernsNode } from '../subjects'
import type { Because, Relation } from '../types'

/** Why one event happened: the events that explain it best, not merely the one before it. */
export type Rule<K extends EventKind> = (look: Look, event: TimelineEvent<K>) => Promise<readonly Because[]>

/** The reasons that were found, of these. */
export function because(
  ...found: readonly (readonly [event: TimelineEvent | undefined, relation: Relation])[]
): readonly Because[] {
  return found.flatMap(([event, relation]) => (event === undefined ? [] : [{ event, relation }]))
}

export const isKind =
  (kind: EventKind) =>
  (event: TimelineEvent): boolean =>
    event.kind === kind

const ENDED: ReadonlySet<string> = new Set(['stopped', 'killed', 'crashed', 'removed'])
const STILL: ReadonlySet<string> = new Set([...ENDED, 'paused'])

export const hasEnded = (event: TimelineEvent, node: number): boolean =>
  event.kind === 'process' && event.subject === node && ENDED.has(event.state)

/** Ended, or paused: it says nothing from then on. */
export const isSilent = (event: TimelineEvent, node: number): boolean =>
  event.kind === 'process' && event.subject === node && STILL.has(event.state)

/** Where the message left. */
function sendingOf(look: Look, effect: TimelineEvent, sender: number, id: number) {
  return look.earlier(effect, (event) => event.kind === 'sent' && event.node === sender && event.id === id) as Promise<
    TimelineEvent<'sent'> | undefined
  >
}

/** The message that this node had just received when the event happened, and where it left. */
export async function cameWith(look: Look, effect: TimelineEvent) {
  const received = await look.stimulus(effect, 'received')
  if (received?.kind !== 'received') return { received: undefined, sent: undefined }
  return { received, sent: await originOf(look, received, received.peer, received.id) }
}

/** Also of a copy: the message that it is a copy of. */
export async function originOf(
  look: Look,
  effect: TimelineEvent,
  sender: number,
  id: number,
): Promise<TimelineEvent<'sent'> | undefined> {
  let name = id
  for (let copies = 0; name < 0 && copies < 8; copies++) {
    const wanted = name
    const copied = await look.earlier(
      effect,
      (event) =>
        event.kind === 'copied' && event.peer === sender && event.node === effect.node && event.copy === wanted,
    )
    if (copied?.kind !== 'copied') return undefined
    name = copied.id
  }
  return sendingOf(look, effect, sender, name)
}

/** Within this (nanoseconds) what the workbench does and what it tells of it are one act. */
const ACT = 50e6

/** The fault that cut this link, or gave it its rules, told just before or after it. */
export async function faultOfLink(
  look: Look,
  link: TimelineEvent<'link'> | TimelineEvent<'rules'>,
): Promise<TimelineEvent | undefined> {
  const isIt = (event: TimelineEvent) => event.kind === 'fault' && concernsLink(event, link.from, link.to)
  const near = (event: TimelineEvent | undefined) =>
    event !== undefined && Math.abs(event.t - link.t) < ACT ? event : undefined
  // What told of the act a little later still is what was done.
  return near(await look.before(link.seq, isIt)) ?? near(await look.after(link.seq, isIt, 2_000))
}

/** What was last done to a link before `effect` so that messages stay away or wait; null when nothing is. */
export async function obstacle(look: Look, effect: TimelineEvent, from: number, to: number, until = 0) {
  const found = await look.earlier(
    effect,
    (event) => (event.kind === 'link' || event.kind === 'rules') && event.from === from && event.to === to,
    until,
  )
  if (found?.kind !== 'link' && found?.kind !== 'rules') return undefined
  const stands = found.kind === 'link' ? found.blocked : found.rules !== '' && !found.rules.includes('"rules":[]')
  if (!stands) return undefined
  const fault = await faultOfLink(look, found)
  return fault !== undefined && fault.t <= effect.t ? fault : found
}

/** The fault of this process that began last before the event and had not ended. */
export async function faultOfNode(look: Look, effect: TimelineEvent, node: number, types: ReadonlySet<string>) {
  const last = await look.earlier(
    effect,
    (event) => event.kind === 'fault' && types.has(event.type) && concernsNode(event, node),
    effect.seq - 20_000,
  )
  return last?.kind === 'fault' && last.action === 'begin' ? last : undefined
}
