/** Moving the pin by itself: playing at a speed, stepping by event, by term. */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import type { EventView } from '../../preload/contract'
import { useClusterStore } from './cluster'
import { useDoor } from './door'

export const SPEEDS = [0.1, 0.25, 1, 4] as const
/** Events read at once while a change of term is looked for outside of memory. */
const SEARCH_LIMIT = 20_000
/** Moments asked for per second while playing: the answers, not this, set the pace when they are slow. */
const TICK_MS = 40

const beginsTerm = (event: EventView) => event.kind === 'role' && event.role === 'leader'

export const usePlayback = defineStore('playback', () => {
  const cluster = useClusterStore()
  const door = useDoor()
  const playing = ref(false)
  const speed = ref<number>(1)
  let run = 0

  async function play(): Promise<void> {
    const mine = ++run
    const from = cluster.pin
    if (from === null) return
    let at = from.t
    if (cluster.mode === 'recorded' && at >= cluster.end) at = 0
    playing.value = true
    let last = performance.now()
    try {
      while (mine === run) {
        await new Promise((resolve) => setTimeout(resolve, TICK_MS))
        if (mine !== run) return
        const now = performance.now()
        at += (now - last) * 1e6 * speed.value
        last = now
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

  /** To just after the next or previous winning of an election; to the start or end when there is none. */
  async function stepTerm(by: 1 | -1): Promise<void> {
    stop()
    const at = cluster.pin?.seq ?? cluster.live?.seq
    const source = cluster.sourceName
    if (at === undefined || source === null) return
    // The pin stands after event `seq − 1`; that one is where we are, so it does not count backwards.
    let edge = by > 0 ? at : at - 1
    for (;;) {
      const fromSeq = by > 0 ? edge : Math.max(0, edge - SEARCH_LIMIT)
      const toSeq = by > 0 ? edge + SEARCH_LIMIT : Math.max(0, edge)
      const events = await door.call('timeline.events', { source, fromSeq, toSeq, limit: SEARCH_LIMIT })
      const found = by > 0 ? events.find(beginsTerm) : events.findLast(beginsTerm)
      if (found !== undefined) return cluster.pinAt({ seq: found.seq + 1 })
      if (by < 0 && fromSeq === 0) return cluster.pinAt({ seq: 0 })
      if (by > 0 && events.length < SEARCH_LIMIT) return cluster.backToLive()
      edge = by > 0 ? toSeq : fromSeq
    }
  }

  watch(
    () => cluster.source,
    () => stop(),
  )
  return { playing, speed, play, stop, toggle, step, stepTerm, live }
})
