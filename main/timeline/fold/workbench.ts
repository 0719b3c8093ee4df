/** What the workbench's reports change: processes, links, faults, client calls, operations. */
import type { TimelineEvent } from '../../node/contract/events'
import { type MutableCluster, nodeOf } from './cluster'
import { endVolatile, voidDisk } from './node'

/** Calls that a state remembers. */
export const MAX_CALLS = 100
/** Operations that a state remembers. */
export const MAX_OPERATIONS = 20

export function foldProcess(state: MutableCluster, event: TimelineEvent<'process'>): void {
  const node = nodeOf(state, event.subject)
  const process = node.process
  switch (event.state) {
    case 'spawned':
      endVolatile(node, event.t)
      node.starts++
      process.standing = 'starting'
      process.pid = event.pid
      process.incarnation = event.incarnation
      process.restarts = node.starts - 1
      process.startedAt = event.t
      process.rss = process.cpuMicros = process.fsyncMicros = 0
      process.trouble = ''
      process.tornBytes = 0
      return
    case 'ready':
    case 'resumed':
      process.standing = 'running'
      return
    case 'paused':
      process.standing = 'paused'
      return
    case 'stopping':
      return
    case 'stopped':
    case 'killed':
    case 'crashed':
    case 'removed':
      endVolatile(node, event.t)
      process.standing = event.state
      process.pid = 0
      process.startedAt = 0
      process.rss = 0
      if (event.state === 'removed') voidDisk(node)
      return
  }
}

export function foldFault(state: MutableCluster, event: TimelineEvent<'fault'>): void {
  state.faults = state.faults.filter((fault) => fault.id !== event.id)
  if (event.action === 'begin') {
    state.faults.push({ id: event.id, type: event.type, detail: event.detail, since: event.t })
  }
}

export function foldInvoke(state: MutableCluster, event: TimelineEvent<'invoke'>): void {
  state.calls.push({
    call: event.call,
    op: event.op,
    key: event.key,
    value: event.value,
    consistency: event.consistency,
    expected: event.hasExpected ? event.expected : null,
    invokedAt: event.t,
    answeredAt: 0,
    outcome: 'pending',
    found: false,
    result: new Uint8Array(0),
    from: 0,
    index: 0,
    problem: '',
  })
  if (state.calls.length > MAX_CALLS) state.calls.shift()
}

export function foldAnswer(state: MutableCluster, event: TimelineEvent<'answer'>): void {
  const place = state.calls.findLastIndex((known) => known.call === event.call)
  const call = state.calls[place]
  // A call that 100 others have followed is forgotten.
  if (call === undefined) return
  state.calls[place] = {
    ...call,
    answeredAt: event.t,
    outcome: event.outcome,
    found: event.found,
    result: event.value,
    from: event.from,
    index: event.index,
    problem: event.problem,
  }
}

export function foldOperation(state: MutableCluster, event: TimelineEvent<'operation'>): void {
  if (event.action === 'begin') {
    const { id, type, detail } = event
    state.operations.push({ id, type, detail, since: event.t, outcome: 'pending', problem: '' })
    if (state.operations.length > MAX_OPERATIONS) state.operations.shift()
    return
  }
  const place = state.operations.findLastIndex(({ id }) => id === event.id)
  const operation = state.operations[place]
  if (operation === undefined) return
  // Its end tells more: which node was added, why it was refused.
  const detail = event.detail === '' ? operation.detail : event.detail
  state.operations[place] = { ...operation, detail, outcome: event.action, problem: event.problem }
}
