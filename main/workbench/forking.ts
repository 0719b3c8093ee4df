/** Branching off from a moment: the timeline says what each disk held, the cluster room writes it. */
import { dirname } from 'node:path'
import { type Forked, firstOf, forkCluster } from '../cluster/fork'
import type { ForkImage, ForkOrigin } from '../node/contract/disk-image'
import { asProblem, Problem } from '../node/contract/problem'
import { committedEntries, openRecording, planFork } from '../timeline'
import type { TimelineSource } from '../timeline/api'
import type { ClusterState } from '../timeline/state'
import { damageOf } from './exporting'

export interface ForkMoment {
  readonly seq?: number | undefined
  /** Nanoseconds; `seq` comes first, and without either it is the end. */
  readonly t?: number | undefined
}

export interface ForkOptions {
  /** Where the new cluster is put: a folder with all clusters of a person. */
  readonly home: string
  readonly name?: string | undefined
  readonly signal: AbortSignal
  /** How much is to be read, in events, as soon as that is known, and how much was. */
  readonly expect?: (total: number) => void
  readonly progress?: (done: number) => void
}

/** What a branch of a moment would be. */
export interface ForkPlan {
  readonly image: ForkImage
  readonly origin: ForkOrigin
  /** The parent at that moment. */
  readonly state: ClusterState
}

export type MadeFork = ForkPlan & Forked

/** @throws {Problem} 'fork-refused', or why the recording can't be read */
export async function planMoment(source: TimelineSource, moment: ForkMoment, signal: AbortSignal): Promise<ForkPlan> {
  const { events, path, clusterId, clusterName, began } = source.info()
  const wanted = moment.seq ?? (moment.t === undefined ? events : await source.seqAt(moment.t))
  const seq = await startsTold(source, await source.stateAt(wanted, signal))
  const state = await source.stateAt(seq, signal)
  // A recording lies in its cluster's directory, unless it was taken elsewhere.
  const image = await planFork(source, state, () => firstOf(dirname(dirname(path)), clusterId))
  return { image, state, origin: { recording: path, clusterId, clusterName, began, seq: state.seq, t: state.t } }
}

/** Events among which a start is told to its end. */
const START_EVENTS = 20_000

/**
 * A node that starts tells its log piece by piece, and ends with `persisted`: in between, what its disk holds is not known yet.
 * @returns the first moment from `state` on at which every start that is being told has been told, or that of `state`
 */
async function startsTold(source: TimelineSource, state: ClusterState): Promise<number> {
  const starting = new Set(
    [...state.nodes.values()]
      .filter(({ durableIndex, firstIndex, log }) => firstIndex - 1 + log.length < durableIndex)
      .map(({ id }) => id),
  )
  if (starting.size === 0) return state.seq
  for (const event of await source.events({ fromSeq: state.seq }, START_EVENTS)) {
    if (event.kind === 'persisted') starting.delete(event.node)
    if (starting.size === 0) return event.seq + 1
  }
  return state.seq
}

/** @throws {Problem} 'fork-refused', 'fork-cancelled', why the recording can't be read or the cluster not be written */
export async function forkMoment(source: TimelineSource, moment: ForkMoment, options: ForkOptions): Promise<MadeFork> {
  const { home, name, signal, expect, progress } = options
  try {
    const plan = await planMoment(source, moment, signal)
    const { image, origin, state } = plan
    const made = await forkCluster({
      home,
      name,
      image,
      origin,
      signal,
      committed: (upTo) => {
        expect?.(state.seq)
        return committedEntries(source, { seq: state.seq, upTo, signal, progress })
      },
    })
    return { ...made, ...plan }
  } catch (trouble) {
    if (signal.aborted) throw new Problem('fork-cancelled', {}, { cause: trouble })
    throw asProblem(trouble)
  }
}

export interface ForkRecordingWish extends Pick<ForkOptions, 'home' | 'name' | 'signal'> {
  readonly recording: string
  /** Nanoseconds since the recording began; after its end means its end. */
  readonly at: number
}

/** For the command line. @throws {Problem} as {@link forkMoment} */
export async function forkRecording({ recording, at, ...options }: ForkRecordingWish): Promise<{
  readonly made: MadeFork
  /** What was wrong with the recording, when it could be read nevertheless. */
  readonly damage: readonly Problem[]
}> {
  const source = await openRecording(recording)
  try {
    return { made: await forkMoment(source, { t: at }, options), damage: damageOf(source.info()) }
  } finally {
    await source.close()
  }
}
