import type { CallName } from '../../../preload/contract'
import type { Calls, Rooms } from './rooms'

type Names = Extract<CallName, `breakpoint.${string}` | `stop.${string}`>

export function breakpointCalls({ session }: Rooms): Calls<Names> {
  return {
    'breakpoint.set': async ({ text, id: known }) => {
      const { id } = session.cluster.setBreakpoint(text, known)
      await session.cluster.inForce()
      return { id }
    },
    'breakpoint.enable': async ({ id, enabled }) => {
      session.cluster.enableBreakpoint(id, enabled)
      await session.cluster.inForce()
      return undefined
    },
    'breakpoint.remove': async ({ id }) => {
      session.cluster.removeBreakpoint(id)
      await session.cluster.inForce()
      return undefined
    },
    'stop.halt': async () => {
      await session.cluster.halt()
      return undefined
    },
    'stop.continue': async () => {
      await session.cluster.continue()
      return undefined
    },
    'stop.step': async ({ node, kind }) => {
      const stopped = await session.cluster.step(node, kind)
      return stopped === undefined ? null : { node: stopped.node, breakpoint: stopped.breakpoint, kind: stopped.kind }
    },
  }
}
