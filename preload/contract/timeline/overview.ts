/** What a picture of a whole recording needs: summaries, whatever its length. */
import { z } from 'zod'
import type { Overview } from '../../../main/timeline/overview/types'
import type { EventView } from '../views'

/** More parts than any screen has pixels for. */
const MAX_BUCKETS = 4_096

export const OVERVIEW_CALLS = {
  /** Counts of a span of time, in equal parts, and the few events that are shown one by one. */
  'overview.read': {
    input: z.strictObject({
      source: z.enum(['live', 'recording']),
      from: z.number(),
      to: z.number(),
      buckets: z.number().int().min(1).max(MAX_BUCKETS),
    }),
  },
} as const

/** {@link Overview} with its events as a window gets them. */
export interface OverviewView extends Omit<Overview, 'landmarks'> {
  readonly landmarks: readonly EventView[]
}

export interface OverviewOutputs {
  'overview.read': OverviewView
}
