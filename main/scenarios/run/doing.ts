/** What steps are taken with. */
import type { Who, Whom } from '../language/values'
import type { Text } from '../words'
import type { Stage } from './api'
import type { Calls } from './calls'
import type { Cast } from './cast'
import type { Named } from './named'
import type { RunningBeside } from './running'
import type { SeenNode } from './seen'
import type { Watch } from './watch'

export interface Doing {
  readonly stage: Stage
  readonly cast: Cast
  readonly watch: Watch
  readonly calls: Calls
  readonly beside: RunningBeside
  readonly named: Named
  /** Aborted when the step is over: late, or stopped. */
  readonly signal: AbortSignal
  /** Aborted when the run is over: for what goes on beside the following steps. */
  readonly over: AbortSignal
  /** One that the file gives, or what takes its place when the run has another seed. */
  seed(given: number): number
}

/** A call was not done, and its step does not say what its answer should be. */
export class CallRefused extends Error {
  readonly code: string
  /** What there was in place of an answer that is `ok`. */
  readonly found: Text

  constructor(code: string, found: Text) {
    super(code)
    this.code = code
    this.found = found
  }
}

export function nodeOf({ cast, watch }: Doing, who: Who): number {
  return cast.get(who, watch.scene.state)
}

export function nodesOf({ cast, watch }: Doing, whom: Whom, fits?: (node: SeenNode) => boolean): readonly number[] {
  return cast.all(whom, watch.scene.state, fits)
}
