/** Small pieces of what crosses the door, with sensible values for everything that a test does not name. */
import {
  type CallView,
  type Configuration,
  DEFAULT_SETTINGS,
  type EntryView,
  type EventView,
  type HeldView,
  type LiveUpdate,
  type LogView,
  type MomentView,
  type NodePatch,
  type NodeView,
  type OperationState,
  type ProblemView,
  type ProcessState,
  type RecordingInfo,
} from '../../../preload/contract'

export function entryView(index: number, changes: Partial<EntryView> = {}): EntryView {
  return { index, term: 1, type: 'command', op: 'put', key: 'x', value: String(index), bytes: 12, ...changes }
}

/** Entries `from`…`to`, all of one term. */
export function entryRun(from: number, to: number, term = 1): EntryView[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => entryView(from + at, { term }))
}

export function processState(changes: Partial<ProcessState> = {}): ProcessState {
  return {
    standing: 'running',
    pid: 4812,
    incarnation: 1,
    restarts: 0,
    startedAt: 1e9,
    rss: 61e6,
    cpuMicros: 120_000,
    fsyncMicros: 1200,
    trouble: '',
    tornBytes: 0,
    ...changes,
  }
}

export function logView(firstIndex: number, lastIndex: number, changes: Partial<LogView> = {}): LogView {
  return {
    firstIndex,
    lastIndex,
    durableIndex: lastIndex,
    baseTerm: firstIndex > 1 ? 1 : 0,
    dataMissing: false,
    entries: entryRun(firstIndex, lastIndex),
    ...changes,
  }
}

export function configuration(voters: readonly number[], changes: Partial<Configuration> = {}): Configuration {
  return { voters, outgoing: [], learners: [], learnersNext: [], witnesses: [], ...changes }
}

export function operation(id: number, changes: Partial<OperationState> = {}): OperationState {
  return { id, type: 'transfer', detail: '{"target":2}', since: 1e9, outcome: 'pending', problem: '', ...changes }
}

export function nodeView(id: number, changes: Partial<NodeView> = {}): NodeView {
  const last = changes.log?.lastIndex ?? 3
  return {
    id,
    process: processState(),
    role: id === 1 ? 'leader' : 'follower',
    leader: 1,
    currentTerm: 1,
    votedFor: 1,
    durableTerm: 1,
    durableVote: 1,
    commitIndex: last,
    lastApplied: last,
    deadline: id === 1 ? 0 : 5e9,
    timerDuration: id === 1 ? 0 : 300e6,
    roleSince: 1e9,
    progress: [],
    configuration: null,
    configurationIndex: 0,
    configurationCommitted: true,
    snapshot: null,
    receiving: null,
    sending: [],
    transferTarget: 0,
    isQuiescent: false,
    sessions: 0,
    clock: { mode: 'running', rate: 1, skew: 0, since: 0 },
    heldCount: 0,
    log: logView(1, last),
    ...changes,
  }
}

export function nodePatch(
  id: number,
  changedFrom: number,
  entries: readonly EntryView[],
  lastIndex: number,
): NodePatch {
  const { log, ...rest } = nodeView(id)
  return { ...rest, log: { ...log, lastIndex, durableIndex: lastIndex, entries, changedFrom } }
}

/** A node as the first, whole update carries it. */
export function wholePatch(node: NodeView): NodePatch {
  return { ...node, log: { ...node.log, changedFrom: node.log.firstIndex } }
}

export function liveUpdate(changes: Partial<LiveUpdate> = {}): LiveUpdate {
  return {
    seq: 100,
    t: 5e9,
    cluster: 'five',
    nodes: [],
    whole: false,
    blocked: [],
    faults: [],
    links: [],
    held: [],
    breakpoints: [],
    stop: null,
    nemesis: null,
    workloads: [],
    calls: [],
    operations: [],
    settings: DEFAULT_SETTINGS,
    events: [],
    leftOut: 0,
    shed: 0,
    recorderLagMillis: 0,
    recordingBytes: 1000,
    ...changes,
  }
}

export function wholeUpdate(nodes: readonly NodeView[], changes: Partial<LiveUpdate> = {}): LiveUpdate {
  return liveUpdate({ whole: true, nodes: nodes.map(wholePatch), ...changes })
}

export function momentView(nodes: readonly NodeView[], changes: Partial<MomentView> = {}): MomentView {
  return {
    seq: 50,
    t: 2e9,
    cluster: 'five',
    nodes,
    blocked: [],
    faults: [],
    links: [],
    held: [],
    breakpoints: [],
    stop: null,
    nemesis: null,
    workloads: [],
    calls: [],
    operations: [],
    settings: DEFAULT_SETTINGS,
    shed: 0,
    ...changes,
  }
}

export function callView(call: number, changes: Partial<CallView> = {}): CallView {
  return {
    call,
    op: 'put',
    key: 'x',
    value: '1',
    consistency: 'index',
    expected: null,
    invokedAt: call * 1e6,
    answeredAt: call * 1e6 + 21e6,
    outcome: 'ok',
    found: false,
    result: '',
    from: 1,
    index: 4,
    problem: '',
    ...changes,
  }
}

/** A message that waits on its link. */
export function heldView(id: number, changes: Partial<HeldView> = {}): HeldView {
  return {
    from: 1,
    to: 2,
    id,
    copyOf: 0,
    message: 'RequestVote',
    term: 2,
    since: 4e9,
    bytes: 37,
    gist: [
      ['lastLogIndex', 4],
      ['lastLogTerm', 1],
    ],
    ...changes,
  }
}

/** The event with this place in the order, one millisecond apart. */
export function eventView(seq: number): EventView {
  return { kind: 'applied', node: 1, n: seq + 1, t: seq * 1e6, seq, lastApplied: seq }
}

export function eventRun(from: number, count: number): EventView[] {
  return Array.from({ length: count }, (_, at) => eventView(from + at))
}

export function recordingInfo(changes: Partial<RecordingInfo> = {}): RecordingInfo {
  return {
    path: '/home/me/five.raftrec',
    version: 1,
    clusterId: 'c1',
    clusterName: 'five',
    began: '2026-01-02T03:04:05.000Z',
    events: 50,
    end: 2e9,
    bytes: 4000,
    complete: true,
    truncatedBytes: 0,
    shed: 0,
    ...changes,
  }
}

/** A problem as the workbench tells it; without Chinese words the English ones stand for them. */
export function problemView(
  code: ProblemView['code'],
  message: string,
  details: ProblemView['details'] = {},
  chinese = message,
): ProblemView {
  return { code, details, message, sentences: { en: message, zh: chinese } }
}
