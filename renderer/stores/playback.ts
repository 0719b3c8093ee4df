/** Moving the pin by itself: playing at a speed, stepping by event, message, term, commitment, fault. */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import type { EventKind, FoundView, Step } from '../../preload/contract'
import { useClusterStore } from './cluster'
import { useDoor } from './door'
import { useSelectionStore } from './selection'

export const SPEEDS = [0.01, 0.03, 0.1, 0.25, 0.5, 1, 2, 4, 10] as const
/** Moments asked for per second while playing: the answers, not this, set the pace when they are slow. */
const TICK_MS = 40
/** Shown time without an event that is jumped over when it is wished, and what is left of it before the next one. */
const QUIET_MS = 600
const LEAD_MS = 200
/** How far ahead of the pin it is known that nothing happens is looked at this often (milliseconds of shown time). */
const LOOK_MS = 300

/** What only tells of time passing is no reason to slow down. */
const EVENTFUL: EventKind[] = [
  'started',
  'role',
  'leader',
  'appended',
  'truncated',
  'persisted',
  'committed',
  'applied',
  'remark',
  'sent',
  'received',
  'dropped',
  'trouble',
  'configuration',
  'snapshot',
  'transfer',
  'held',
  'released',
  'copied',
  'clock',
  'struck',
  'breakpoint',
  'process',
  'link',
  'fault',
  'invoke',
  'answer',
  'note',
  'operation',
  'rules',
  'stop',
  'nemesis',
  'foreign',
]

export const usePlayback = defineStore('playback', () => {
  const cluster = useClusterStore()
  const selection = useSelectionStore()
  const door = useDoor()
  const playing = ref(false)
  const speed = ref<number>(1)
  /** Quiet times are jumped over while playing. */
  const skipsQuiet = ref(false)
  let run = 0

  /** When the next thing happens after `t`; Infinity when nothing does any more. */
  async function nextEventful(t: number): Promise<number> {
    const source = cluster.sourceName
    if (source === null) return Number.POSITIVE_INFINITY
    const [next] = await door.call('timeline.events', { source, fromT: t + 1, kinds: EVENTFUL, limit: 1 })
    return next?.t ?? Number.POSITIVE_INFINITY
  }

  async function play(): Promise<void> {
    const mine = ++run
    const from = cluster.pin
    if (from === null) return
    let at = from.t
    if (cluster.mode === 'recorded' && at >= cluster.end) at = 0
    playing.value = true
    let last = performance.now()
    /** Up to here it is known what to do. */
    let looked = at
    try {
      while (mine === run) {
        await new Promise((resolve) => setTimeout(resolve, TICK_MS))
        if (mine !== run) return
        const now = performance.now()
        const pace = 1e6 * speed.value
        at += (now - last) * pace
        last = now
        if (skipsQuiet.value && at >= looked) {
          const next = await nextEventful(at)
          if (mine !== run) return
          looked = at + LOOK_MS * pace
          if (next - at > QUIET_MS * pace && next <= cluster.end) at = next - LEAD_MS * pace
          // The answer took time in which nothing was played.
          last = performance.now()
        }
        if (at >= cluster.end) {
          await cluster.backToLive()
          return
        }
        await cluster.pinAt({ t: at })
      }
    } finally {
      if (mine === run) playing.value = false
    }
  }
  function stop(): void {
    run++
    playing.value = false
  }
  /** Live → hold this moment; playing → hold; held → play (in a recording) or back to live. */
  async function toggle(): Promise<void> {
    if (playing.value) stop()
    else if (cluster.mode === 'live') await cluster.pinAt({ seq: cluster.live?.seq ?? 0 })
    else if (cluster.mode === 'recorded') await play()
    else await cluster.backToLive()
  }
  async function step(by: 1 | -1): Promise<void> {
    stop()
    await cluster.stepEvent(by)
  }
  async function live(): Promise<void> {
    stop()
    await cluster.backToLive()
  }

  let seeking = 0
  /** The next or previous event that counts as such a step; undefined when something else was wished meanwhile. */
  async function seek(what: Step, by: 1 | -1, node: number): Promise<FoundView['match'] | undefined> {
    const mine = ++seeking
    const at = cluster.pin?.seq ?? cluster.live?.seq
    const source = cluster.sourceName
    if (at === undefined || source === null) return undefined
    // The pin stands after event `seq − 1`; that one is where we are, so it does not count backwards.
    let from: number | null = by > 0 ? at : Math.max(0, at - 1)
    while (from !== null) {
      const found: FoundView = await door.call('timeline.find', { source, what: { step: what, node }, seq: from, by })
      if (mine !== seeking || source !== cluster.sourceName) return undefined
      if (found.match !== null) return found.match
      from = found.next
    }
    return null
  }

  /** To just after the next or previous one. @returns whether there is one */
  async function stepTo(what: Step, by: 1 | -1, node = 0): Promise<boolean> {
    stop()
    const match = await seek(what, by, node)
    if (match === undefined) return true
    if (match === null) return false
    selection.selectEvent(match.seq)
    await cluster.pinAt({ seq: match.seq + 1 })
    return true
  }

  /** To just after the next or previous winning of an election; to the start or end when there is none. */
  async function stepTerm(by: 1 | -1): Promise<void> {
    if (await stepTo('term', by)) return
    if (by < 0) await cluster.pinAt({ seq: 0 })
    else await cluster.backToLive()
  }

  watch(
    () => cluster.source,
    () => stop(),
  )
  return { playing, speed, skipsQuiet, play, stop, toggle, step, stepTo, stepTerm, live }
})
