/**
 * Who belongs to the cluster and who has a vote (§6; dissertation §4). Values and pure functions: how a configuration is
 * changed by steps, which steps are legal, and how it stands in a log entry.
 */
import type { ChangeMode, ChangeRefusal, NodeId } from './types'

/**
 * Every list is sorted and without repetition. In a joint configuration (`outgoing` not empty) agreement needs a majority
 * of `voters` (C_new) and a majority of `outgoing` (C_old), separately.
 */
export interface Configuration {
  readonly voters: readonly NodeId[]
  /** The voters before the change; empty outside joint consensus. */
  readonly outgoing: readonly NodeId[]
  readonly learners: readonly NodeId[]
  /** Outgoing voters that will be learners when the joint configuration is left. */
  readonly learnersNext: readonly NodeId[]
  /** Voters that keep only terms and votes, no data; they never lead. */
  readonly witnesses: readonly NodeId[]
}

export type MemberRole = 'voter' | 'learner' | 'witness'

/** What `node` shall be. */
export interface MembershipChange {
  readonly node: NodeId
  readonly role: MemberRole | 'removed'
}

export const EMPTY_CONFIGURATION: Configuration = {
  voters: [],
  outgoing: [],
  learners: [],
  learnersNext: [],
  witnesses: [],
}

/** A plain configuration of these voters. */
export function configurationOf(voters: readonly NodeId[], more: Partial<Configuration> = {}): Configuration {
  return { ...EMPTY_CONFIGURATION, voters: sorted(voters), ...more }
}

/** Between C_old,new and C_new: both must agree (§6). */
export function isJoint(configuration: Configuration): boolean {
  return configuration.outgoing.length > 0
}

/** Has a vote, in the old or the new configuration. */
export function isVoter({ voters, outgoing }: Configuration, node: NodeId): boolean {
  return voters.includes(node) || outgoing.includes(node)
}

/** Has a vote and keeps no data. */
export function isWitness({ witnesses }: Configuration, node: NodeId): boolean {
  return witnesses.includes(node)
}

/** Everybody whom a leader replicates to, itself included, in ascending order. */
export function membersOf({ voters, outgoing, learners, learnersNext }: Configuration): readonly NodeId[] {
  return sorted([...voters, ...outgoing, ...learners, ...learnersNext])
}

/** In a joint configuration a voter of either side is one. */
export function roleIn(configuration: Configuration, node: NodeId): MemberRole | 'none' {
  if (isWitness(configuration, node)) return 'witness'
  if (isVoter(configuration, node)) return 'voter'
  return configuration.learners.includes(node) ? 'learner' : 'none'
}

export type Planned =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly reason: ChangeRefusal; readonly node: NodeId }

/**
 * The configuration that the log gets next when `changes` are made to `current`: the final one when one vote at most
 * changes hands (and `mode` allows it), else the joint one, which `leaveJoint` ends.
 *
 * Refused: a node named twice, an unknown node removed, a change that changes nothing, no voter left that can lead, more
 * than one vote in mode `single`, a witness turned into something else or back, and any change to a joint configuration.
 */
export function plan(current: Configuration, changes: readonly MembershipChange[], mode: ChangeMode): Planned {
  if (isJoint(current)) return refused('change-in-progress')
  const seen = new Set<NodeId>()
  const voters = new Set(current.voters)
  const learners = new Set(current.learners)
  const witnesses = new Set(current.witnesses)
  for (const { node, role } of changes) {
    if (seen.has(node)) return refused('duplicate-node', node)
    seen.add(node)
    const before = roleIn(current, node)
    if (role === 'removed' && before === 'none') return refused('unknown-node', node)
    if (role === before) return refused('already-so', node)
    // A witness has no data to become anything else with, and what has data would lose it.
    if (role !== 'removed' && before !== 'none' && (role === 'witness' || before === 'witness')) {
      return refused('witness-fixed', node)
    }
    voters.delete(node)
    learners.delete(node)
    witnesses.delete(node)
    if (role === 'voter' || role === 'witness') voters.add(node)
    if (role === 'witness') witnesses.add(node)
    if (role === 'learner') learners.add(node)
  }
  if (changes.length === 0) return refused('already-so')
  if (![...voters].some((node) => !witnesses.has(node))) return refused('no-voters')

  const target = configurationOf([...voters], { learners: sorted(learners), witnesses: sorted(witnesses) })
  const moved = difference(voters, current.voters).length + difference(current.voters, voters).length
  const isSingle = moved <= 1
  if (mode === 'single' && !isSingle) return refused('too-many-changes')
  if (isSingle && mode !== 'joint') return { ok: true, configuration: target }
  return { ok: true, configuration: joint(current, target) }
}

/**
 * C_old,new (§6). A voter that becomes a learner keeps its vote in C_old until the end, so it is a learner only then; a
 * witness of either side counts as one meanwhile, so that it gets no data that it could not keep.
 */
function joint(current: Configuration, target: Configuration): Configuration {
  const isOutgoing = (node: NodeId) => current.voters.includes(node)
  return {
    voters: target.voters,
    outgoing: current.voters,
    learners: target.learners.filter((node) => !isOutgoing(node)),
    learnersNext: target.learners.filter(isOutgoing),
    witnesses: sorted([...target.witnesses, ...current.witnesses.filter((node) => !target.voters.includes(node))]),
  }
}

/** C_new, after C_old,new is committed (§6). */
export function leaveJoint(configuration: Configuration): Configuration {
  return {
    voters: configuration.voters,
    outgoing: [],
    learners: sorted([...configuration.learners, ...configuration.learnersNext]),
    learnersNext: [],
    witnesses: configuration.witnesses.filter((node) => configuration.voters.includes(node)),
  }
}

/** The same members with the same parts, on both sides of a joint one. */
export function sameConfiguration(a: Configuration, b: Configuration): boolean {
  return FIELDS.every((field) => a[field].length === b[field].length && a[field].every((id, at) => id === b[field][at]))
}

const FIELDS = [
  'voters',
  'outgoing',
  'learners',
  'learnersNext',
  'witnesses',
] as const satisfies readonly (keyof Configuration)[]

/** As an entry's data: for each list in the order of {@link Configuration} `u16 count` and the ids as u16, little-endian. */
export function encodeConfiguration(configuration: Configuration): Uint8Array {
  const size = FIELDS.reduce((sum, field) => sum + 2 + 2 * configuration[field].length, 0)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  let at = 0
  const put = (value: number) => {
    view.setUint16(at, value, true)
    at += 2
  }
  for (const field of FIELDS) {
    put(configuration[field].length)
    for (const id of configuration[field]) put(id)
  }
  return bytes
}

/** Undefined when the bytes hold no configuration. */
export function decodeConfiguration(bytes: Uint8Array): Configuration | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const lists: NodeId[][] = []
  let at = 0
  for (const _ of FIELDS) {
    if (at + 2 > bytes.length) return undefined
    const count = view.getUint16(at, true)
    at += 2
    if (at + 2 * count > bytes.length) return undefined
    const ids: NodeId[] = []
    for (let i = 0; i < count; i += 1, at += 2) ids.push(view.getUint16(at, true))
    if (ids.some((id, i) => id === 0 || (i > 0 && id <= (ids[i - 1] ?? 0)))) return undefined
    lists.push(ids)
  }
  const [voters, outgoing, learners, learnersNext, witnesses] = lists
  if (at !== bytes.length || !voters || !outgoing || !learners || !learnersNext || !witnesses) return undefined
  return { voters, outgoing, learners, learnersNext, witnesses }
}

function sorted(ids: Iterable<NodeId>): readonly NodeId[] {
  return [...new Set(ids)].sort((a, b) => a - b)
}

function difference(from: Iterable<NodeId>, other: Iterable<NodeId>): readonly NodeId[] {
  const without = new Set(other)
  return [...from].filter((id) => !without.has(id))
}

function refused(reason: ChangeRefusal, node: NodeId = 0): Planned {
  return { ok: false, reason, node }
}
