import type { CallName } from '../../../preload/contract'
import type { Calls, Rooms } from './rooms'

type Names = Extract<CallName, `clock.${string}` | `fault.${string}`>

export function faultCalls({ session, problemView }: Rooms): Calls<Names> {
  return {
    'clock.set': async ({ node, mode, rate }) => {
      session.cluster.setClock(node, { mode, rate })
      await session.cluster.inForce()
      return undefined
    },
    'clock.jump': async ({ node, millis }) => {
      await session.cluster.jumpClock(node, millis)
      return undefined
    },
    'clock.fire': async ({ node }) => {
      await session.cluster.fire(node)
      return undefined
    },
    'fault.arm': async ({ node, fault: wanted }) => {
      const fault = session.cluster.arm(node, wanted)
      await session.cluster.inForce()
      return { fault }
    },
    'fault.flipBit': ({ node, ...at }) => session.cluster.flipBit(node, at),
    'fault.end': async ({ fault }) => {
      await session.cluster.endFault(fault)
      return undefined
    },
    'fault.healAll': async () => {
      const left = await session.cluster.healAll()
      return left.map(({ fault, problem }) => ({ fault, problem: problemView(problem) }))
    },
  }
}
