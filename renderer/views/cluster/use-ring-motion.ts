/** What moves on the ring: messages and election timers, frame by frame, only while they can be seen. */
import { onBeforeUnmount, onMounted, type Ref, watch } from 'vue'
import type { NodeView } from '../../../preload/contract'
import { firstWhere } from '../../../preload/contract/diagram'
import { cadence } from '../../stores/cadence'
import { useClusterStore } from '../../stores/cluster'
import { useSelectionStore } from '../../stores/selection'
import { type CutLines, FlightLayer, type Placed } from './flight-layer'
import { Flights, keyOf, progressOf, stillFlights } from './flights'
import type { Ring } from './ring-geometry'

/** Events behind a pinned moment that are looked at for messages under way. */
const LOOK_BACK = 4_000
const LOOK_AHEAD = 4_000
/** On its way to where it waits. */
const HELD_SHARE = 0.8
/** Milliseconds between two pictures where motion is not wanted. */
const CALM_EVERY = 500

export interface RingMotionInput {
  readonly svg: Readonly<Ref<SVGSVGElement | null>>
  readonly layer: Readonly<Ref<SVGGElement | null>>
  readonly ring: Readonly<Ref<Ring>>
  readonly cuts: Readonly<Ref<CutLines>>
  readonly nodes: Readonly<Ref<readonly NodeView[]>>
}

export function useRingMotion({ svg, layer, ring, cuts, nodes }: RingMotionInput): void {
  const cluster = useClusterStore()
  const selection = useSelectionStore()
  const flights = new Flights()
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)')
  let glyphs: FlightLayer | undefined
  let visible = true
  let frame = 0
  let rest: ReturnType<typeof setTimeout> | undefined
  let last = 0

  const litKey = (): string => {
    const of = selection.hover.message ?? selection.message
    return of === null ? '' : keyOf(of.sender, of.receiver, of.id)
  }

  function take(): void {
    const { events } = cluster
    const first = events[0]
    // Another stretch of the recording was loaded: what was on its way belongs to the old one.
    if (first !== undefined && flights.next >= 0 && first.seq > flights.next) flights.reset()
    if (flights.next < 0) {
      // Joining: only what can still be on its way.
      const since = cluster.clock() - 1e9
      flights.take(
        events,
        firstWhere(events, (event) => event.t >= since),
      )
      return
    }
    flights.take(
      events,
      firstWhere(events, (event) => event.seq >= flights.next),
    )
  }

  function drawLive(t: number): void {
    const placed: Placed[] = []
    for (const flight of flights.at(t)) {
      // One that is held comes as far as its place, where it is drawn as a thing to act on.
      const share = progressOf(flight, t)
      if (share !== undefined && !(flight.held && share >= HELD_SHARE)) placed.push({ flight, share })
    }
    glyphs?.draw(placed, litKey())
  }

  /** At a pinned moment every message stands at its true place. */
  function drawStill(): void {
    const { events, pin } = cluster
    if (pin === null) return
    const at = firstWhere(events, (event) => event.seq >= pin.seq)
    const before = events.slice(Math.max(0, at - LOOK_BACK), at)
    glyphs?.draw(stillFlights(before, events.slice(at, at + LOOK_AHEAD), pin.t), litKey())
  }

  function drawTimers(t: number): void {
    const root = svg.value
    if (root === null) return
    for (const node of nodes.value) {
      const timer = root.querySelector<SVGCircleElement>(`[data-node="${node.id}"] .timer`)
      if (timer === null) continue
      const left =
        node.deadline <= 0 || !Number.isFinite(node.deadline)
          ? 0
          : Math.max(0, Math.min(1, (node.deadline - t) / node.timerDuration))
      timer.setAttribute('stroke-dashoffset', String(Math.round((1 - left) * 1_000) / 10))
      timer.classList.toggle('late', left < 1 / 3)
      timer.classList.toggle('out', left <= 0.002)
    }
  }

  function draw(): void {
    glyphs?.place(ring.value, cuts.value)
    const t = cluster.clock()
    drawTimers(t)
    if (cluster.mode === 'live') drawLive(t)
    else drawStill()
  }

  function tick(at: number): void {
    frame = 0
    if (calm.matches || cadence.due(at)) {
      last = at
      draw()
    }
    schedule()
  }

  const moves = () => visible && cluster.mode === 'live' && !cluster.disconnected

  /** Without motion no frame is asked for between two pictures: an empty one costs, too. */
  function schedule(): void {
    if (frame !== 0 || rest !== undefined || !moves()) return
    const wait = calm.matches ? last + CALM_EVERY - performance.now() : 0
    if (wait <= 0) {
      frame = requestAnimationFrame(tick)
      return
    }
    rest = setTimeout(() => {
      rest = undefined
      if (moves()) frame = requestAnimationFrame(tick)
    }, wait)
  }

  watch(
    () => cluster.eventsVersion,
    () => {
      if (cluster.mode !== 'live') draw()
      else take()
    },
  )
  watch(
    () => [cluster.mode, cluster.pin, cluster.disconnected, cluster.source, litKey()],
    ([mode], [before]) => {
      if (mode === 'live' && before !== 'live') flights.reset()
      draw()
      schedule()
    },
  )
  watch([ring, cuts], () => draw(), { flush: 'post' })
  // News of nodes come many times a second; what moves live is drawn at its own pace.
  watch(
    nodes,
    () => {
      if (!moves()) draw()
    },
    { flush: 'post' },
  )

  let seen: IntersectionObserver | undefined
  onMounted(() => {
    if (layer.value !== null) glyphs = new FlightLayer(layer.value)
    take()
    draw()
    schedule()
    if (svg.value === null) return
    seen = new IntersectionObserver(([entry]) => {
      visible = entry?.isIntersecting ?? true
      schedule()
    })
    seen.observe(svg.value)
  })
  onBeforeUnmount(() => {
    visible = false
    cancelAnimationFrame(frame)
    clearTimeout(rest)
    seen?.disconnect()
  })
}
