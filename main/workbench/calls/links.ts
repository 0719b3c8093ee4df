import { randomInt } from 'node:crypto'
import type { CallName } from '../../../preload/contract'
import type { Calls, Rooms } from './rooms'

type Names = Extract<CallName, `link.${string}`>

/** Each answers when the nodes go by it: what is asked of them next finds it so. */
export function linkCalls({ session }: Rooms): Calls<Names> {
  return {
    'link.block': async ({ from, to, both }) => {
      session.cluster.block(from, to)
      if (both) session.cluster.block(to, from)
      await session.cluster.inForce()
      return undefined
    },
    'link.heal': async ({ from, to, both }) => {
      session.cluster.heal(from, to)
      if (both) session.cluster.heal(to, from)
      await session.cluster.inForce()
      return undefined
    },
    'link.partition': async ({ groups }) => {
      session.cluster.partition(groups)
      await session.cluster.inForce()
      return undefined
    },
    'link.condition': async ({ links, rules, seed }) => {
      const fault = session.cluster.condition(links, rules, seed ?? randomInt(2 ** 32))
      await session.cluster.inForce()
      return { fault }
    },
    'link.preset': async ({ preset, at }) => {
      const fault = session.cluster.preset(preset, at)
      await session.cluster.inForce()
      return { fault }
    },
  }
}
