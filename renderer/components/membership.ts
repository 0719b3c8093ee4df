/** Who counts in the cluster, as a window tells it from its nodes. Pure. */
import {
  type Configuration,
  isJoint,
  leaveJoint,
  type MemberRole,
  type MembershipChange,
  membersOf,
  type NodeView,
  roleIn,
} from '../../preload/contract'
import { nodeName } from './format'

export type Belonging = MemberRole | 'none'
/** In which of the two configurations of joint consensus a node has a vote (§6). */
export type Side = 'old' | 'new' | 'both'

/** The configuration that the window goes by, and whose it is. */
export interface KnownConfiguration {
  readonly configuration: Configuration
  readonly index: number
  readonly committed: boolean
  readonly node: number
}

const speaks = (node: NodeView) => node.process.standing === 'running' || node.process.standing === 'paused'

/**
 * The newest leader's configuration; without a leader that of the node that goes by the latest one (§6: the latest in
 * its log, committed or not).
 */
export function knownConfiguration(nodes: readonly NodeView[]): KnownConfiguration | undefined {
  const rank = (node: NodeView) => (speaks(node) ? (node.role === 'leader' ? 2 : 1) : 0)
  const [best] = nodes
    .filter((node) => node.configuration !== null && node.process.standing !== 'removed')
    .sort((a, b) => rank(b) - rank(a) || b.currentTerm - a.currentTerm || b.configurationIndex - a.configurationIndex)
  if (best === undefined || best.configuration === null) return undefined
  return {
    configuration: best.configuration,
    index: best.configurationIndex,
    committed: best.configurationCommitted,
    node: best.id,
  }
}

/** The known configuration; where none was told, all nodes that are there are voters. */
export function configurationOf(nodes: readonly NodeView[]): Configuration {
  const known = knownConfiguration(nodes)
  if (known !== undefined) return known.configuration
  const voters = nodes.filter((node) => node.process.standing !== 'removed').map((node) => node.id)
  return { voters, outgoing: [], learners: [], learnersNext: [], witnesses: [] }
}

export interface Majority {
  /** `all` outside joint consensus. */
  readonly side: 'all' | 'old' | 'new'
  readonly of: readonly number[]
  readonly needs: number
}

export const majorityOf = (voters: number): number => Math.floor(voters / 2) + 1

/** The majorities that agreement needs: one, or during joint consensus two (§6). */
export function majoritiesOf({ voters, outgoing }: Configuration): readonly Majority[] {
  if (outgoing.length === 0) return [{ side: 'all', of: voters, needs: majorityOf(voters.length) }]
  return [
    { side: 'old', of: outgoing, needs: majorityOf(outgoing.length) },
    { side: 'new', of: voters, needs: majorityOf(voters.length) },
  ]
}

/** Votes that are still missing on each side, when these nodes agree; empty = it is decided. */
export interface Missing extends Majority {
  readonly missing: number
  /** From whom they can come. */
  readonly from: readonly number[]
}

export function missingFrom(configuration: Configuration, agreed: readonly number[]): readonly Missing[] {
  return majoritiesOf(configuration)
    .map((majority) => {
      const from = majority.of.filter((id) => !agreed.includes(id))
      return { ...majority, from, missing: Math.max(0, majority.needs - (majority.of.length - from.length)) }
    })
    .filter(({ missing }) => missing > 0)
}

export const hasMajority = (configuration: Configuration, agreed: readonly number[]): boolean =>
  missingFrom(configuration, agreed).length === 0

export function belongingOf(configuration: Configuration, node: number): Belonging {
  return roleIn(configuration, node)
}

/** During joint consensus: where a node votes. */
export function sideOf(configuration: Configuration, node: number): Side | undefined {
  if (!isJoint(configuration)) return undefined
  const old = configuration.outgoing.includes(node)
  const next = configuration.voters.includes(node)
  if (old && next) return 'both'
  return old ? 'old' : next ? 'new' : undefined
}

export const namesOf = (nodes: readonly number[]): string => nodes.map(nodeName).join(' ')

/** The changes that lead from `current` to what is wanted of each node. */
export function changesTo(
  current: Configuration,
  wanted: ReadonlyMap<number, MemberRole | 'removed'>,
): MembershipChange[] {
  const changes: MembershipChange[] = []
  for (const [node, role] of wanted) {
    const now = roleIn(current, node)
    if (role === (now === 'none' ? 'removed' : now)) continue
    changes.push({ node, role })
  }
  return changes.sort((a, b) => a.node - b.node)
}

/** Where a joint configuration leads by itself; nothing for a plain one. */
export const afterJoint = (configuration: Configuration): Configuration | undefined =>
  isJoint(configuration) ? leaveJoint(configuration) : undefined

type Translate = (key: string) => string

/** "n1 n2 n3 · learner n4", joint: "old n1 n2 n3 + new n1 n4 n5". */
export function configurationText(t: Translate, configuration: Configuration): string {
  const { voters, outgoing, learners, learnersNext, witnesses } = configuration
  const parts = isJoint(configuration)
    ? [`${t('membership.votes.old')} ${namesOf(outgoing)} + ${t('membership.votes.new')} ${namesOf(voters)}`]
    : [namesOf(voters) || '–']
  const all = [...learners, ...learnersNext].sort((a, b) => a - b)
  if (all.length > 0) parts.push(`${t('membership.roles.learner')} ${namesOf(all)}`)
  if (witnesses.length > 0) parts.push(`${t('membership.roles.witness')} ${namesOf(witnesses)}`)
  return parts.join(' · ')
}

/** Ids with commas between, as events carry them. */
export function parseIds(text: string): readonly number[] {
  return text
    .split(',')
    .map((part) => Number(part.trim()))
    .filter((id) => Number.isInteger(id) && id > 0)
}

export const isMember = (configuration: Configuration, node: number): boolean => membersOf(configuration).includes(node)
