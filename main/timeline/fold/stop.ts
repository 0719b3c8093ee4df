/** Breakpoints, and the stops that they and people make. */
import type { TimelineEvent } from '../../node/contract/events'
import type { MutableCluster, MutableNode } from './cluster'

export function foldWatch(state: MutableCluster, event: TimelineEvent<'watch'>): void {
  const { breakpoint: id, text, enabled, removed } = event
  const others = state.breakpoints.filter((known) => known.id !== id)
  if (removed) {
    state.breakpoints = others
    return
  }
  const before = state.breakpoints.find((known) => known.id === id)
  const hits = before?.text === text ? before.hits : 0
  state.breakpoints = [...others, { id, text, enabled, hits }].sort((a, b) => a.id - b.id)
}

/** A node hit. Which event that was, the recording knows when it is the last one that the node told. */
export function foldBreakpoint(state: MutableCluster, node: MutableNode, event: TimelineEvent<'breakpoint'>): void {
  if (event.breakpoint > 0) {
    state.breakpoints = state.breakpoints.map((known) =>
      known.id === event.breakpoint ? { ...known, hits: known.hits + 1 } : known,
    )
  }
  const hit = node.lastN === event.event ? node.lastSeq : -1
  const { stop } = state
  // The whole cluster's stop is told by another reporter, and may come first.
  if (stop?.node === node.id && stop.breakpoint === event.breakpoint && stop.seq === -1 && stop.stepping === 0) {
    state.stop = { ...stop, seq: hit }
  } else {
    node.hit = hit
  }
}

export function foldStop(state: MutableCluster, event: TimelineEvent<'stop'>): void {
  const { action, subject, breakpoint, t } = event
  switch (action) {
    case 'stopped': {
      const node = state.nodes.get(subject)
      state.stop = { node: subject, breakpoint, seq: node?.hit ?? -1, since: t, stepping: 0 }
      for (const one of state.nodes.values()) one.hit = -1
      return
    }
    case 'stepping':
      state.stop = { ...(state.stop ?? { node: 0, breakpoint: 0, seq: -1, since: t }), stepping: subject }
      return
    case 'continued':
      state.stop = undefined
      return
  }
}
