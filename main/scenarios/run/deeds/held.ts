/** Steps that handle held messages by hand: they wait until there are as many as wanted. */
import { ByteReader } from '../../../node/contract/bytes'
import type { HeldRef, Link } from '../../../node/contract/conditions'
import type { EventKind } from '../../../node/contract/events'
import { readMessage } from '../../../node/contract/frames/messages'
import { messageJson } from '../../../node/contract/message-schema'
import type { ClusterState } from '../../../timeline'
import type { StepOf } from '../../language/steps'
import type { Whom } from '../../language/values'
import type { Deeds } from '../deeds'
import { type Doing, nodeOf, nodesOf } from '../doing'
import { heldOn, linksIn } from '../links'
import { isRunning } from '../seen'

type Wish = StepOf<'release'>['release']

/** Chosen messages of one link, in their order. */
interface Chosen {
  readonly link: Link
  readonly held: ReturnType<typeof heldOn>
}

const KINDS: ReadonlySet<EventKind> = new Set(['held', 'released', 'moved', 'started', 'process'])

export const heldDeeds: Deeds<'release' | 'drop' | 'duplicate' | 'reorder' | 'move' | 'edit'> = {
  release: async ({ release }, doing) =>
    await forEach(release, doing, async (ref) => await doing.stage.cluster.release(ref)),
  drop: async ({ drop }, doing) => await forEach(drop, doing, async (ref) => await doing.stage.cluster.dropHeld(ref)),
  duplicate: async ({ duplicate }, doing) =>
    await forEach(duplicate, doing, async (ref) => void (await doing.stage.cluster.duplicateHeld(ref))),
  reorder: async ({ reorder }, doing) => {
    for (const { link, held } of await chosen(reorder, doing)) {
      const [first] = held
      const last = held.at(-1)
      if (first === undefined || last === undefined || first === last) continue
      const all = heldOn(doing.watch.scene.state, link, undefined)
      await doing.stage.cluster.moveHeld({ ...link, id: last.id }, all.indexOf(first))
    }
  },
  move: async ({ move: { from, to, nth, place } }, doing) => {
    const { watch, signal, stage } = doing
    const link = { from: nodeOf(doing, from), to: nodeOf(doing, to) }
    const there = () => heldOn(watch.scene.state, link, undefined)
    await watch.when(() => there().length >= Math.max(nth, place), KINDS, signal)
    const moved = there()[nth - 1]
    if (moved !== undefined) await stage.cluster.moveHeld({ ...link, id: moved.id }, place - 1)
  },
  edit: async ({ edit: { set, ...wish } }, doing) => {
    for (const { link, held } of await chosen(wish, doing)) {
      for (const { id, bytes } of held) {
        const { message } = readMessage(new ByteReader(Buffer.from(bytes), 'held'), 'held')
        await doing.stage.cluster.editHeld({ ...link, id }, { ...messageJson(message), ...set })
      }
    }
  },
}

async function forEach(wish: Wish, doing: Doing, act: (ref: HeldRef) => Promise<void>): Promise<void> {
  for (const { link, held } of await chosen(wish, doing)) for (const { id } of held) await act({ ...link, id })
}

/** Waits until there are as many: of each link so many; for `all`, any. */
async function chosen(wish: Wish, doing: Doing): Promise<readonly Chosen[]> {
  const { watch, signal } = doing
  const { message, count } = wish
  const { state } = watch.scene
  const links = linksIn(wish, (whom) => nodesOf(doing, whom)).filter(({ to }) => isNamed(wish, to, state))
  const there = () => links.map((link): Chosen => ({ link, held: heldOn(state, link, message) }))
  const isThere = () =>
    count === 'all'
      ? there().some(({ held }) => held.length > 0)
      : links.length > 0 && there().every(({ held }) => held.length >= count)
  await watch.when(isThere, KINDS, signal)
  return there().map(({ link, held }) => ({ link, held: count === 'all' ? held : held.slice(0, count) }))
}

/** Of a group, those that are down hold nothing: nothing is waited for there. */
function isNamed({ from, to, both }: Wish, receiver: number, state: ClusterState): boolean {
  const isGroup = (whom: Whom) => whom === 'all' || whom === 'followers'
  const node = state.nodes.get(receiver)
  return !(isGroup(to) || (both && isGroup(from))) || (node !== undefined && isRunning(node))
}
