/**
 * The one source of what every region shows: the live cluster, a pinned moment of it, or a moment of a recording. Live
 * updates are gathered and laid over each other once per animation frame.
 */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { EventView, LiveUpdate, MomentView, NodeView, OpenSource, WorkbenchInfo } from '../../preload/contract'
import { SmoothClock } from './clock'
import { problemRef, useDoor } from './door'
import { createEventMemory } from './events'
import { onNextFrame } from './frame'
import { mergeMoment } from './merge'
import { CommittedRate } from './rate'

export type Mode = 'none' | 'live' | 'pinned' | 'recorded'

/** A moment: the state after the events with a smaller `seq`; `t` (ns) is that of the last of them. */
export interface Pin {
  readonly seq: number
  readonly t: number
}
/** What `pinAt` takes: a `seq` as in {@link Pin} (for "just after event e" that is e.seq + 1), or a time in ns. */
export type Moment = { readonly seq: number } | { readonly t: number }

/** Closing even the largest cluster takes fewer events than this. */
const CLOSING_WITHIN = 20_000

export const useClusterStore = defineStore('cluster', () => {
  const door = useDoor()

  const info = shallowRef<WorkbenchInfo | null>(null)
  const source = shallowRef<OpenSource>({ kind: 'none' })
  /** Whether the workbench has said what is open. */
  const known = ref(false)
  const live = shallowRef<MomentView | null>(null)
  const held = shallowRef<MomentView | null>(null)
  const pin = shallowRef<Pin | null>(null)
  /** The moment that was asked for and has not been answered yet. */
  const pinning = shallowRef<Moment | null>(null)
  /** Why nothing can be shown of what is open; empty when it can. */
  const problem = problemRef()
  const end = ref(0)
  const shed = ref(0)
  const leftOut = ref(0)
  const recordingBytes = ref(0)
  const recorderLagMillis = ref(0)
  /** Entries per second that became known committed, over the last seconds. */
  const committedRate = ref(0)

  const sourceName = computed<'live' | 'recording' | null>(() => {
    if (source.value.kind === 'live') return 'live'
    return source.value.kind === 'recording' ? 'recording' : null
  })
  const mode = computed<Mode>(() => {
    if (sourceName.value === 'recording') return 'recorded'
    if (sourceName.value === null) return 'none'
    return pin.value === null ? 'live' : 'pinned'
  })
  const moment = computed<MomentView | null>(() => {
    if (mode.value === 'live') return live.value
    return mode.value === 'none' ? null : held.value
  })
  const disconnected = computed(() => door.connection.value === 'lost')
  /** Faults, processes and clients can be acted on: something runs and somebody listens. */
  const controllable = computed(() => source.value.kind === 'live' && !disconnected.value)

  const memory = createEventMemory(door, () => sourceName.value)
  const smooth = new SmoothClock()
  const rate = new CommittedRate()

  let queue: LiveUpdate[] = []
  /** Raised at each opening: answers about what was open before are thrown away. */
  let generation = 0

  function applyQueue(): void {
    const updates = queue
    queue = []
    if (source.value.kind !== 'live' && source.value.kind !== 'closing') return
    let merged = live.value
    for (const update of updates) {
      merged = mergeMoment(merged, update)
      memory.append(update.events)
      leftOut.value += update.leftOut
    }
    const last = updates.at(-1)
    if (last === undefined || merged === null) return
    smooth.update(last.t)
    end.value = last.t
    shed.value = last.shed
    recordingBytes.value = last.recordingBytes
    recorderLagMillis.value = last.recorderLagMillis
    committedRate.value = rate.sample(last.t, highestCommit(merged.nodes))
    live.value = merged
  }

  function receive(update: LiveUpdate): void {
    queue.push(update)
    onNextFrame(applyQueue)
  }

  function sameSource(a: OpenSource, b: OpenSource): boolean {
    if (a.kind === 'live' && b.kind === 'live') return a.recording === b.recording
    if (a.kind === 'recording' && b.kind === 'recording') return a.info.path === b.info.path
    return a.kind === 'live' && b.kind === 'closing'
  }

  function opened(next: OpenSource): void {
    const same = sameSource(source.value, next)
    source.value = next
    known.value = true
    if (same) return
    generation++
    // The first, whole update of what was just opened may have come before this; what is older belongs to something else.
    const whole = queue.findLastIndex((update) => update.whole)
    queue = next.kind === 'live' && whole >= 0 ? queue.slice(whole) : []
    live.value = null
    held.value = null
    pin.value = null
    pinning.value = null
    problem.value = ''
    leftOut.value = 0
    shed.value = 0
    end.value = 0
    recordingBytes.value = 0
    smooth.reset()
    rate.reset()
    memory.reset()
    if (next.kind === 'recording') {
      end.value = next.info.end
      shed.value = next.info.shed
      recordingBytes.value = next.info.bytes
      void showEnd(next.info.events)
    }
  }

  /** Where the closing of the cluster began, when the recording has it and its end can be read. */
  async function closingSeq(events: number): Promise<number | undefined> {
    const fromSeq = Math.max(0, events - CLOSING_WITHIN)
    try {
      const last = await door.call('timeline.events', {
        source: 'recording',
        fromSeq,
        kinds: ['closing'],
        limit: CLOSING_WITHIN,
      })
      return last.findLast((event) => event.kind === 'closing')?.seq
    } catch {
      // A damaged end: the moment itself is asked for next, and its problem is shown.
      return undefined
    }
  }

  /**
   * The first moment of a recording that is shown: its end, before the closing of the cluster ended all processes. A
   * failure has no other place to be told.
   */
  async function showEnd(events: number): Promise<void> {
    problem.value = ''
    try {
      await pinAt({ seq: (await closingSeq(events)) ?? events })
    } catch (thrown) {
      problem.value = thrown
    }
  }

  /** Listens to the workbench; once, when the window starts. @returns a function that stops listening */
  function connect(): () => void {
    const stops = [door.subscribe('source', opened), door.subscribe('live', receive)]
    void door.call('workbench.info', {}).then(
      (value) => {
        info.value = value
      },
      () => undefined,
    )
    return () => {
      for (const stop of stops) stop()
    }
  }

  let reading = false

  /**
   * Shows a moment in every region. While one is being read, only the newest wish is kept (scrubbing).
   * @throws {ProblemError} when the moment cannot be read; what was shown stays
   */
  async function pinAt(wish: Moment): Promise<void> {
    pinning.value = wish
    if (reading) return
    reading = true
    try {
      while (pinning.value !== null) await readMoment(pinning.value)
    } finally {
      reading = false
      pinning.value = null
    }
  }

  async function readMoment(wish: Moment): Promise<void> {
    const of = sourceName.value
    const born = generation
    if (of === null) {
      pinning.value = null
      return
    }
    const at = 'seq' in wish ? { seq: Math.max(0, wish.seq) } : { t: Math.max(0, wish.t) }
    const state = await door.call('timeline.state', { source: of, ...at })
    if (born !== generation || pinning.value === null) return
    held.value = state
    pin.value = { seq: state.seq, t: state.t }
    if (pinning.value === wish) pinning.value = null
  }

  /** Live again; in a recording: its end. */
  async function backToLive(): Promise<void> {
    pinning.value = null
    if (source.value.kind === 'recording') {
      await pinAt({ seq: source.value.info.events })
      return
    }
    pin.value = null
    held.value = null
  }

  /** One event on or back; from live, the one before the latest. */
  async function stepEvent(by: number): Promise<void> {
    const from = pin.value?.seq ?? live.value?.seq
    if (from === undefined || (mode.value === 'live' && by > 0)) return
    const last = source.value.kind === 'recording' ? source.value.info.events : (live.value?.seq ?? from)
    await pinAt({ seq: Math.min(last, Math.max(0, from + by)) })
  }

  /** The time shown now (ns): the pin, or the live clock, which runs smoothly between updates. Not reactive. */
  function clock(): number {
    return pin.value?.t ?? smooth.read()
  }

  function nodeOf(id: number | null): NodeView | undefined {
    return id === null ? undefined : moment.value?.nodes.find((node) => node.id === id)
  }

  return {
    info,
    source,
    known,
    sourceName,
    mode,
    moment,
    /** The live state even while a moment is pinned: what faults and clients act on. */
    live,
    pin,
    pinning,
    problem,
    showEnd,
    end,
    shed,
    leftOut,
    recordingBytes,
    recorderLagMillis,
    committedRate,
    disconnected,
    controllable,
    eventsVersion: memory.version,
    eventsProblem: memory.problem,
    /** Consecutive events in memory, oldest first; the array changes in place: watch `eventsVersion`. */
    events: computed<readonly EventView[]>(() => {
      void memory.version.value
      return memory.current()
    }),
    connect,
    clock,
    pinAt,
    backToLive,
    stepEvent,
    ensureEvents: memory.ensure,
    /** Whether `events` holds every event of a span (ns). */
    eventsCover: memory.holds,
    nodeOf,
  }
})

function highestCommit(nodes: readonly NodeView[]): number {
  return nodes.reduce((highest, node) => Math.max(highest, node.commitIndex), 0)
}
