import { randomInt } from 'node:crypto'
import type { CallName } from '../../../preload/contract'
import type { Calls, Rooms } from './rooms'

type Names = Extract<CallName, `link.${string}`>

export function linkCalls({ session }: Rooms): Calls<Names> {
  return {
    'link.block': async ({ from, to, both }) => {
      session.cluster.block(from, to)
      if (both) session.cluster.block(to, from)
      return undefined
    },
    'link.heal': async ({ from, to, both }) => {
      session.cluster.heal(from, to)
      if (both) session.cluster.heal(to, from)
      return undefined
    },
    'link.partition': async ({ groups }) => {
      session.cluster.partition(groups)
      return undefined
    },
    'link.condition': async ({ links, rules, seed }) => {
      return { fault: session.cluster.condition(links, rules, seed ?? randomInt(2 ** 32)) }
    },
    'link.preset': async ({ preset, at }) => ({ fault: session.cluster.preset(preset, at) }),
  }
}
