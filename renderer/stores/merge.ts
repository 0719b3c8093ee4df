/** How a live update is laid over what the window already knows. Pure. */
import {
  type CallView,
  type EntryView,
  type EventView,
  type LiveUpdate,
  LOG_TAIL,
  type MomentView,
  type NodePatch,
  type NodeView,
} from '../../preload/contract'

/** Calls that a moment remembers (the workbench keeps as many). */
const CALLS_KEPT = 100

/** The log after a patch: what was known below `changedFrom`, then the patch's entries; always consecutive. */
export function mergeLog(before: readonly EntryView[], patch: NodePatch['log']): readonly EntryView[] {
  const { changedFrom, entries: added, lastIndex, firstIndex } = patch
  const kept = before.filter(
    (entry) => entry.index < changedFrom && entry.index >= firstIndex && entry.index <= lastIndex,
  )
  if (added.length === 0) return kept.length === before.length ? before : kept
  const first = added[0]?.index ?? 0
  // A hole means that the older part is not known any more: what is shown must be consecutive.
  const joined = kept.at(-1)?.index === first - 1 ? [...kept, ...added] : added
  return joined.length > LOG_TAIL ? joined.slice(-LOG_TAIL) : joined
}

function mergeNode(before: NodeView | undefined, patch: NodePatch): NodeView {
  const { changedFrom: _, ...log } = patch.log
  return { ...patch, log: { ...log, entries: mergeLog(before?.log.entries ?? [], patch.log) } }
}

function mergeCalls(before: readonly CallView[], added: readonly CallView[]): readonly CallView[] {
  if (added.length === 0) return before
  const byId = new Map(before.map((call) => [call.call, call]))
  for (const call of added) byId.set(call.call, call)
  return [...byId.values()].sort((a, b) => a.invokedAt - b.invokedAt).slice(-CALLS_KEPT)
}

/**
 * `before` while nothing in it changed: an update carries these lists whole or not at all, and what is drawn from them is
 * only drawn anew when it must be.
 */
function same<T>(before: readonly T[] | undefined, now: readonly T[] | undefined): readonly T[] {
  if (now === undefined) return before ?? []
  if (before === undefined || before.length !== now.length) return now
  return before.length === 0 || JSON.stringify(before) === JSON.stringify(now) ? before : now
}

/** The moment after an update; nodes that the update does not name keep their identity. */
export function mergeMoment(before: MomentView | null, update: LiveUpdate): MomentView {
  const base = update.whole ? null : before
  let nodes = base?.nodes ?? []
  if (update.nodes.length > 0) {
    const byId = new Map(nodes.map((node) => [node.id, node]))
    for (const patch of update.nodes) byId.set(patch.id, mergeNode(byId.get(patch.id), patch))
    nodes = [...byId.values()].sort((a, b) => a.id - b.id)
  }
  return {
    seq: update.seq,
    t: update.t,
    cluster: update.cluster,
    nodes,
    blocked: update.blocked,
    faults: update.faults,
    links: same(base?.links, update.links),
    held: same(base?.held, update.held),
    breakpoints: same(base?.breakpoints, update.breakpoints),
    stop: update.stop,
    nemesis: update.nemesis,
    workloads: update.workloads,
    calls: update.whole ? update.calls : mergeCalls(base?.calls ?? [], update.calls),
    operations: update.operations,
    settings: update.settings,
    shed: update.shed,
  }
}

/** Live events that a window keeps in memory. */
export const EVENTS_KEPT = 30_000

/**
 * Adds a burst to the consecutive run of events in memory, in place. A hole (a burst too large to cross whole, or a
 * reconnect) forgets what came before it: the run never pretends to be complete.
 * @returns whether anything changed
 */
export function appendEvents(run: EventView[], added: readonly EventView[], kept = EVENTS_KEPT): boolean {
  const first = added[0]
  if (first === undefined) return false
  const last = run.at(-1)
  if (last !== undefined && first.seq !== last.seq + 1) run.length = 0
  for (const event of added) run.push(event)
  if (run.length > kept * 1.2) run.splice(0, run.length - kept)
  return true
}

/** Index of the first event with `t` ≥ the given one. */
export function lowerBound(run: readonly EventView[], t: number): number {
  let low = 0
  let high = run.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((run[middle]?.t ?? 0) < t) low = middle + 1
    else high = middle
  }
  return low
}
