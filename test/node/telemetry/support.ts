import { Clock } from '../../../main/node/clock'
import type { Frame } from '../../../main/node/contract/frames'
import { FrameDecoder } from '../../../main/node/contract/frames'
import { Reporter } from '../../../main/node/telemetry/reporter'

export function reporter() {
  const clock = new Clock(process.hrtime.bigint())
  const frames: Extract<Frame, { type: 'events' }>[] = []
  const sink = {
    backlog: 0,
    drained: () => Promise.resolve(),
    sendEncoded: (frame: Uint8Array) => {
      for (const one of new FrameDecoder().push(frame)) if (one.type === 'events') frames.push(one)
      return true
    },
    flush: () => undefined,
  }
  const state = { isConnected: true }
  const made = new Reporter(4, clock, () => (state.isConnected ? sink : undefined))
  return { made, clock, frames, sink, state }
}

/** An observation like many. */
export const remark = { kind: 'remark', name: 'vote-granted', peer: 1, term: 1, index: 0 } as const
