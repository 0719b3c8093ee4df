/** What a nemesis can do: each package draws a deed among what there is room for. */
import { CRASH_POINTS, DISK_ERRORS, type LinkRule, type NodeFault } from '../../node/contract/conditions'
import { MESSAGE_TYPES } from '../../node/contract/events'
import type { Random } from '../random'
import type { NemesisDeed, NemesisPackage, Target } from './types'

/** What there is room for at some time of the schedule. */
export interface Room {
  readonly nodes: readonly number[]
  /** One more node may be harmed. */
  readonly mayHarm: boolean
  /** Nodes to which nothing happens by this package, and which are not harmed by any. */
  readonly free: readonly number[]
  /** Nothing else of this package is under way. */
  readonly isAlone: boolean
}

export interface Drawn {
  readonly deed: NemesisDeed
  /** Whom it is about: 0 = no single node, or whoever leads then. */
  readonly node: number
  /** It has an end of its own. */
  readonly lasts: boolean
}

type Draw = (random: Random, room: Room) => Drawn | undefined

type Pair = readonly [from: number, to: number]

/** How often it is the leader that is hit, where it can be. */
const LEADER = 0.3

export const DRAW: Readonly<Record<NemesisPackage, Draw>> = {
  process(random, { mayHarm, free }) {
    const target = targetOf(random, free)
    const dice = random.next()
    if (!mayHarm || target === undefined) return undefined
    if (dice < 0.3) return lasting({ type: 'kill', node: target })
    if (dice < 0.5) return lasting({ type: 'stop', node: target })
    if (dice < 0.75) return lasting({ type: 'pause', node: target })
    return lasting({ type: 'arm', node: target, fault: crashPoint(random) })
  },

  partition(random, { nodes, free, isAlone }) {
    if (!isAlone || nodes.length < 2) return undefined
    const order = random.shuffled(nodes)
    const [first] = order
    const half = Math.ceil(nodes.length / 2)
    const dice = random.next()
    const target = targetOf(random, free)
    if (dice < 0.25 && target !== undefined) return lasting({ type: 'isolate', node: target })
    if (dice < 0.45) return lasting({ type: 'partition', groups: [order.slice(0, half), order.slice(half)] })
    if (dice < 0.65 || first === undefined) return lasting({ type: 'partition', groups: randomGroups(random, order) })
    const others = order.slice(1)
    if (dice < 0.75)
      return cut(
        random,
        others.map((other) => [other, first]),
      )
    if (dice < 0.85)
      return cut(
        random,
        others.map((other) => [first, other]),
      )
    // Only the first sees both halves of the others.
    if (dice < 0.93 || nodes.length < 4) return cut(random, between(order.slice(1, half), order.slice(half)))
    return cut(random, outsideRing(nodes))
  },

  link(random, { nodes }) {
    if (nodes.length < 2) return undefined
    const [one = 0, other = 0] = random.shuffled(nodes)
    const dice = random.next()
    const touching = pairs(nodes).filter(([from, to]) => from === one || to === one)
    const links: readonly Pair[] =
      dice < 0.3 ? touching : dice < 0.6 ? [[one, other]] : dice < 0.8 ? between([one], [other]) : pairs(nodes)
    const rules = [shape(random)]
    return lasting({ type: 'links', links, rules, seed: random.seed() })
  },

  disk(random, { mayHarm, free }) {
    const target = targetOf(random, free)
    const node = free.length === 0 ? undefined : random.pick(free)
    const dice = random.next()
    const seed = random.seed()
    if (target === undefined || node === undefined) return undefined
    if (dice < 0.3 || !mayHarm) return arm(target, slowDisk(random, seed))
    if (dice < 0.5) {
      const count = 1 + random.below(3)
      return arm(target, { type: 'disk-error', code: random.pick(DISK_ERRORS), count })
    }
    if (dice < 0.65) return arm(target, { type: 'torn-write', keepBytes: null, seed })
    if (dice < 0.85) return arm(target, { type: 'power-loss', at: random.pick(['now', 'next-write'] as const), seed })
    const mend = random.pick(['flip-back', 'rebuild'] as const)
    return lasting({ type: 'flip-bit', node, record: random.next(), mend })
  },

  clock(random, { free }) {
    const target = targetOf(random, free)
    const node = free.length === 0 ? undefined : random.pick(free)
    const dice = random.next()
    if (target === undefined || node === undefined) return undefined
    // As often slower as faster.
    if (dice < 0.4) return lasting({ type: 'clock-rate', node: target, rate: rounded(2 ** random.between(-1, 1), 3) })
    if (dice < 0.7) {
      const millis = Math.round(random.between(50, 2000)) * (random.chance(0.5) ? 1 : -1)
      return atOnce({ type: 'clock-jump', node: target, millis })
    }
    return atOnce({ type: 'fire', node })
  },

  membership(random, { nodes, mayHarm, free, isAlone }) {
    const node = free.length === 0 ? undefined : random.pick(free)
    const dice = random.next()
    if (!isAlone || node === undefined || nodes.length < 2) return undefined
    if (dice < 0.4) return atOnce({ type: 'transfer', node })
    // Two members must be left.
    if (!mayHarm || nodes.length < 3) return undefined
    return lasting({ type: dice < 0.7 ? 'demote' : 'wipe', node })
  },
}

function lasting(deed: NemesisDeed): Drawn {
  return { deed, node: nodeOf(deed), lasts: true }
}

function atOnce(deed: NemesisDeed): Drawn {
  return { deed, node: nodeOf(deed), lasts: false }
}

function arm(node: Target, fault: NodeFault): Drawn {
  return lasting({ type: 'arm', node, fault })
}

function nodeOf(deed: NemesisDeed): number {
  return 'node' in deed && deed.node !== 'leader' ? deed.node : 0
}

function targetOf(random: Random, free: readonly number[]): Target | undefined {
  const isLeader = random.chance(LEADER)
  if (free.length === 0) return undefined
  const node = random.pick(free)
  return isLeader ? 'leader' : node
}

function crashPoint(random: Random): NodeFault {
  const point = random.pick(CRASH_POINTS)
  const isFiltered = point.endsWith('send') && random.chance(0.4)
  return {
    type: 'crash-point',
    point,
    messages: isFiltered ? [random.pick(['AppendEntries', 'AppendEntriesReply', 'RequestVote'] as const)] : [],
    nth: 1 + random.below(20),
  }
}

function slowDisk(random: Random, seed: number): NodeFault {
  const delayMs = Math.round(random.between(5, 60))
  return { type: 'slow-disk', delayMs, jitterMs: Math.round(random.between(0, delayMs)), seed }
}

/** One to three of all the ways in which a link can be bad. */
function shape(random: Random): LinkRule {
  const percent = (most: number): number => Math.round(random.between(5, most))
  const delayMs = Math.round(random.between(1, 120))
  const all = [
    { dropPercent: percent(60) },
    { delayMs, jitterMs: Math.round(random.between(0, delayMs)) },
    { duplicatePercent: percent(50) },
    { reorderPercent: percent(50) },
    { bytesPerSecond: Math.round(random.between(16, 1024)) << 10 },
  ]
  const chosen = random.shuffled(all).slice(0, 1 + random.below(3))
  const isFiltered = random.chance(0.4)
  const messages = random.shuffled(MESSAGE_TYPES).slice(0, 1 + random.below(3))
  const nothing = {
    dropPercent: 0,
    delayMs: 0,
    jitterMs: 0,
    duplicatePercent: 0,
    reorderPercent: 0,
    bytesPerSecond: 0,
  }
  return {
    messages: isFiltered ? messages : [],
    action: Object.assign({ type: 'shape', ...nothing } as const, ...chosen),
  }
}

function cut(random: Random, links: readonly Pair[]): Drawn | undefined {
  if (links.length === 0) return undefined
  return lasting({ type: 'links', links, rules: [{ messages: [], action: { type: 'block' } }], seed: random.seed() })
}

/** Two or three groups, none empty. */
function randomGroups(random: Random, order: readonly number[]): number[][] {
  const count = Math.min(order.length, 2 + random.below(2))
  const groups = Array.from({ length: count }, (_, at) => order.slice(at, at + 1))
  for (const node of order.slice(count)) random.pick(groups).push(node)
  return groups
}

const pairs = (nodes: readonly number[]): Pair[] =>
  nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => [from, to] as const))

/** All links between the two groups, both ways. */
const between = (some: readonly number[], others: readonly number[]): Pair[] =>
  some.flatMap((one) => others.flatMap((other) => [[one, other] as const, [other, one] as const]))

/** All links but those to the neighbours by number. */
function outsideRing(nodes: readonly number[]): Pair[] {
  const distance = (a: number, b: number): number => Math.abs(nodes.indexOf(a) - nodes.indexOf(b))
  return pairs(nodes).filter(([from, to]) => {
    const steps = distance(from, to)
    return steps !== 1 && steps !== nodes.length - 1
  })
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
