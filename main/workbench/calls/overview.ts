import type { OVERVIEW_CALLS } from '../../../preload/contract'
import { Problem } from '../../node/contract/problem'
import { eventView } from '../../timeline/views/event'
import type { Calls, ReadingRooms } from './rooms'

type Names = Extract<keyof typeof OVERVIEW_CALLS, string>

export function overviewCalls({ session, signal }: ReadingRooms): Calls<Names> {
  return {
    'overview.read': async ({ source, from, to, buckets }) => {
      if (!(to > from)) throw new Problem('bad-input', { where: 'overview.read', reason: 'a span has a length' })
      const overview = await session.timeline(source).overview({ from, to, buckets }, signal)
      return { ...overview, landmarks: overview.landmarks.map(eventView) }
    },
  }
}
