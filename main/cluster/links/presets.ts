/** The patterns of `LINK_PRESETS`, over the nodes of the moment. Pure. */
import {
  FLAKY,
  type Link,
  type LinkPreset,
  type LinkRule,
  type Shape,
  SLOW,
  shapeSchema,
} from '../../node/contract/conditions'
import { Problem } from '../../node/contract/problem'

/** What a preset is laid over. */
export interface Ground {
  /** All nodes of the cluster. */
  readonly nodes: readonly number[]
  /** Those that elect. */
  readonly voters: readonly number[]
  /** 0 = nobody leads. */
  readonly leader: number
  /** The node that it is about. */
  readonly at: number | undefined
}

export type Pattern =
  | {
      readonly kind: 'cut'
      /** The type of its fault. */
      readonly type: 'isolate' | 'partition' | 'block'
      readonly links: readonly Link[]
      /** Where it is told by groups. */
      readonly groups?: readonly (readonly number[])[]
      /** It says of every link whether it is cut: so it replaces the one before. */
      readonly isWhole: boolean
    }
  | { readonly kind: 'rules'; readonly links: readonly Link[]; readonly rules: readonly LinkRule[] }

/** `reason` of `preset-impossible`. */
export const PRESET_REASONS = ['no-leader', 'node-wanted', 'too-few-nodes'] as const
type Reason = (typeof PRESET_REASONS)[number]

/** Below that many nodes a ring has no link to cut. */
const MIN_RING = 4

/** Problem: `preset-impossible`. */
export function patternOf(preset: LinkPreset, ground: Ground): Pattern {
  const nodes = [...ground.nodes].sort((one, other) => one - other)
  const refuse = (reason: Reason) => new Problem('preset-impossible', { preset, reason })
  const atLeast = (count: number) => {
    if (nodes.length < count) throw refuse('too-few-nodes')
  }
  const theNode = () => {
    if (ground.at === undefined) throw refuse('node-wanted')
    return ground.at
  }
  const theLeader = () => {
    if (ground.leader === 0) throw refuse('no-leader')
    return ground.leader
  }
  const others = (node: number) => nodes.filter((other) => other !== node)

  switch (preset) {
    case 'isolate-leader':
    case 'isolate': {
      atLeast(2)
      const node = preset === 'isolate' ? theNode() : theLeader()
      return split('isolate', [[node], others(node)])
    }
    case 'majority': {
      const leader = theLeader()
      const voters = ground.voters.filter((node) => nodes.includes(node))
      const size = Math.floor((voters.length - 1) / 2)
      if (size === 0) throw refuse('too-few-nodes')
      const others = voters.filter((node) => node !== leader).sort((one, other) => one - other)
      const minority = [leader, ...others.slice(0, size - 1)].sort((one, other) => one - other)
      return split('partition', [minority, nodes.filter((node) => !minority.includes(node))])
    }
    case 'bridge': {
      atLeast(3)
      const rest = others(theNode())
      const half = Math.ceil(rest.length / 2)
      return { kind: 'cut', type: 'block', isWhole: true, links: between(rest.slice(0, half), rest.slice(half)) }
    }
    case 'ring': {
      atLeast(MIN_RING)
      const areNeighbours = ({ from, to }: Link) => {
        const apart = Math.abs(nodes.indexOf(from) - nodes.indexOf(to))
        return apart === 1 || apart === nodes.length - 1
      }
      const links = between(nodes, nodes).filter((link) => !areNeighbours(link))
      return { kind: 'cut', type: 'block', isWhole: true, links }
    }
    case 'deaf':
    case 'mute': {
      atLeast(2)
      const node = theNode()
      const links = others(node).map((other) => ({ from: other, to: node }))
      const reversed = links.map(({ from, to }) => ({ from: to, to: from }))
      return { kind: 'cut', type: 'block', isWhole: false, links: preset === 'deaf' ? links : reversed }
    }
    case 'flaky':
    case 'slow':
    case 'hold-all': {
      atLeast(2)
      const all = between(nodes, nodes)
      const { at } = ground
      // Holding is about every link; the others may be about one node.
      const isAll = at === undefined || preset === 'hold-all'
      const links = isAll ? all : all.filter(({ from, to }) => from === at || to === at)
      return { kind: 'rules', links, rules: [ruleOf(preset)] }
    }
    default:
      return preset satisfies never
  }
}

function ruleOf(preset: 'flaky' | 'slow' | 'hold-all'): LinkRule {
  if (preset === 'hold-all') return { messages: [], action: { type: 'hold' } }
  const shape: Partial<Shape> = preset === 'flaky' ? FLAKY : SLOW
  return { messages: [], action: shapeSchema.parse({ type: 'shape', ...shape }) }
}

function split(type: 'isolate' | 'partition', groups: readonly [readonly number[], readonly number[]]): Pattern {
  return { kind: 'cut', type, links: between(...groups), groups, isWhole: true }
}

/** All links between the nodes of the one and those of the other list, both ways, each once. */
function between(ones: readonly number[], others: readonly number[]): readonly Link[] {
  const isSame = ones === others
  return ones.flatMap((one) =>
    others
      .filter((other) => other !== one)
      .flatMap((other) => [{ from: one, to: other }, ...(isSame ? [] : [{ from: other, to: one }])]),
  )
}
