/** How each setting of a cluster is shown: in which group, by which control, in which unit. Pure. */
import { type ClusterSettings, DEFAULT_SETTINGS, type SettingName } from '../../preload/contract'

export type Unit = 'ms' | 'bytes' | 'entries' | 'messages' | 'calls'
export type Control =
  | { readonly kind: 'flag' }
  | { readonly kind: 'number'; readonly unit: Unit }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  /** A number per node. */
  | { readonly kind: 'priorities' }
  /** A bug of the zoo, or none. */
  | { readonly kind: 'bug' }

const flag: Control = { kind: 'flag' }
const number = (unit: Unit): Control => ({ kind: 'number', unit })

export const CONTROLS: Readonly<Record<SettingName, Control>> = {
  electionTimeoutMs: number('ms'),
  heartbeatMs: number('ms'),
  preVote: flag,
  checkQuorum: flag,
  quiescence: flag,
  disconnectHint: flag,
  priorities: { kind: 'priorities' },
  parallelWrite: flag,
  fastBacktracking: flag,
  maxInFlight: number('messages'),
  maxInFlightBytes: number('bytes'),
  maxBatchBytes: number('bytes'),
  maxUncommittedBytes: number('bytes'),
  snapshotEntries: number('entries'),
  snapshotBytes: number('bytes'),
  trailingEntries: number('entries'),
  snapshotChunkBytes: number('bytes'),
  catchUpCheck: flag,
  maxCatchUpLag: number('entries'),
  leaseReads: flag,
  sessions: flag,
  sessionTimeoutMs: number('ms'),
  maxWaitingCalls: number('calls'),
  telemetry: { kind: 'choice', options: ['off', 'state', 'message', 'entry'] },
  bug: { kind: 'bug' },
}

export const SETTING_GROUPS = [
  'elections',
  'replication',
  'snapshots',
  'membership',
  'clients',
  'recording',
  'zoo',
] as const
export type SettingGroup = (typeof SETTING_GROUPS)[number]

export const SETTINGS_OF: Readonly<Record<SettingGroup, readonly SettingName[]>> = {
  elections: [
    'electionTimeoutMs',
    'heartbeatMs',
    'preVote',
    'checkQuorum',
    'quiescence',
    'disconnectHint',
    'priorities',
  ],
  replication: [
    'parallelWrite',
    'fastBacktracking',
    'maxInFlight',
    'maxInFlightBytes',
    'maxBatchBytes',
    'maxUncommittedBytes',
  ],
  snapshots: ['snapshotEntries', 'snapshotBytes', 'trailingEntries', 'snapshotChunkBytes'],
  membership: ['catchUpCheck', 'maxCatchUpLag'],
  clients: ['leaseReads', 'sessions', 'sessionTimeoutMs', 'maxWaitingCalls'],
  recording: ['telemetry'],
  zoo: ['bug'],
}

/** Settings while they are edited: a field may hold what is no setting at all; the workbench says so. */
export type Draft = Record<SettingName, unknown>

export const draftOf = (settings: ClusterSettings): Draft => ({ ...settings, priorities: { ...settings.priorities } })

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

export const isDefault = (name: SettingName, value: unknown): boolean => same(value, DEFAULT_SETTINGS[name])

/** What a draft changes. */
export function changesFrom(base: ClusterSettings, draft: Draft): Record<string, unknown> {
  const names = Object.keys(CONTROLS) as SettingName[]
  return Object.fromEntries(names.filter((name) => !same(draft[name], base[name])).map((name) => [name, draft[name]]))
}

export const groupOf = (name: string): SettingGroup | undefined =>
  SETTING_GROUPS.find((group) => (SETTINGS_OF[group] as readonly string[]).includes(name))

/** A node's election priority: 1 where none is given. */
export const priorityOf = (settings: Pick<ClusterSettings, 'priorities'>, node: number): number =>
  settings.priorities[String(node)] ?? 1
