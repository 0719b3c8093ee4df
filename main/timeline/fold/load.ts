/** What keeps a cluster busy by itself: a nemesis that breaks it, workloads that use it. */
import type { TimelineEvent } from '../../node/contract/events'
import type { MutableCluster } from './cluster'

export function foldNemesis(state: MutableCluster, event: TimelineEvent<'nemesis'>): void {
  switch (event.action) {
    case 'begin':
      state.nemesis = { id: event.id, plan: event.detail, since: event.t, steps: 0 }
      return
    case 'step':
      if (state.nemesis?.id === event.id) state.nemesis = { ...state.nemesis, steps: event.step }
      return
    case 'end':
      state.nemesis = undefined
      return
  }
}

export function foldWorkload(state: MutableCluster, event: TimelineEvent<'workload'>): void {
  const { id, detail, t } = event
  state.workloads = state.workloads.filter((known) => known.id !== id)
  if (event.action === 'begin') {
    state.workloads = [...state.workloads, { id, plan: detail, since: t, ok: 0, failed: 0, unknown: 0 }]
  }
}

export function foldLoad(state: MutableCluster, event: TimelineEvent<'load'>): void {
  state.workloads = state.workloads.map((known) => {
    if (known.id !== event.workload) return known
    const { ok, failed, unknown } = known
    return { ...known, ok: ok + event.ok, failed: failed + event.failed, unknown: unknown + event.unknown }
  })
}
