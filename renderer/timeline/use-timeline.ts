/** The timeline's state: model, camera, filter; fed by the stores, read by diagram and table. */
import { computed, type InjectionKey, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { EventView } from '../../preload/contract'
import {
  type Camera,
  clampTo,
  DEFAULT_SPAN,
  type Edge,
  type Extent,
  following,
  panBy,
  parseFilter,
  revealing,
  SECOND,
  spanOf,
  TimelineModel,
  zoomAt,
} from '../../preload/contract/diagram'
import { useClusterStore } from '../stores/cluster'
import { useDoor } from '../stores/door'
import type { Translate } from './describe'

/** A recording that is not longer than this is shown whole when it is opened. */
const WHOLE = 6 * SECOND
/** A recording of at most so many events is held in memory whole. */
const WHOLE_EVENTS = 40_000
/** Milliseconds between two looks whether the events of the window are in memory. */
const ENSURE_EVERY = 160

export type TimelineMode = 'diagram' | 'table'
export type Timeline = ReturnType<typeof createTimeline>
export const TIMELINE: InjectionKey<Timeline> = Symbol('timeline')

export function createTimeline() {
  const cluster = useClusterStore()
  const door = useDoor()
  const { t } = useI18n()
  const translate: Translate = (key, named) => t(key, named ?? {})

  let model = new TimelineModel()
  /** Raised when the model changed. */
  const version = shallowRef(0)
  const camera = shallowRef<Camera>({ from: 0, to: DEFAULT_SPAN })
  const follow = ref(true)
  const mode = ref<TimelineMode>('diagram')
  const hideHeartbeats = ref(false)
  const filterText = ref('')

  const filter = computed(() => parseFilter(filterText.value))
  let matched = new WeakMap<Edge, boolean>()
  watch([filter, hideHeartbeats], () => {
    matched = new WeakMap()
    version.value++
  })

  const extent = (): Extent => ({
    from: 0,
    to: Math.max(cluster.end, cluster.mode === 'live' ? cluster.clock() : 0, 1),
  })
  const now = (): number => (cluster.source.kind === 'live' ? liveNow() : cluster.end)
  /** The live clock runs on behind a pin; only then it is as coarse as the updates are. */
  const liveNow = (): number => (cluster.mode === 'live' ? cluster.clock() : Math.max(cluster.end, model.known))

  function sync(): void {
    const anew = model.sync(cluster.events)
    for (const node of cluster.moment?.nodes ?? []) model.lane(node.id)
    if (anew || model.events.length > 0) void seed()
    version.value++
  }

  let seededFor = -1
  /** Lanes must know what held before the first event in memory; the recording tells. */
  async function seed(): Promise<void> {
    const first = model.events[0]
    if (first === undefined || first.seq === seededFor) return
    // A run that only lost its oldest events goes on; only another beginning needs a look back.
    if (
      seededFor >= 0 &&
      [...model.lanes.values()].every((lane) => (lane.segments[0]?.from ?? first.t + 1) <= first.t)
    ) {
      seededFor = first.seq
      return
    }
    seededFor = first.seq
    const source = cluster.sourceName
    const of = model
    if (first.seq === 0 || source === null) return
    try {
      const before = await door.call('timeline.state', { source, seq: first.seq })
      if (of !== model) return
      of.seed({ ...before, t: first.t })
      version.value++
    } catch {
      // Lanes then begin with the first event that tells their role.
    }
  }

  watch(() => cluster.eventsVersion, sync, { immediate: true })
  watch(
    () => cluster.source,
    (next, before) => {
      if (next.kind === before?.kind && next.kind !== 'recording') return
      if (next.kind === 'recording' && before?.kind === 'recording' && next.info.path === before.info.path) return
      model = new TimelineModel()
      seededFor = -1
      follow.value = next.kind === 'live'
      if (next.kind === 'recording') {
        const span = next.info.end <= WHOLE ? Math.max(next.info.end * 1.06, 1e6) : WHOLE
        camera.value = following(next.info.end, span)
      } else if (next.kind === 'live') camera.value = following(0, DEFAULT_SPAN)
      sync()
    },
    { immediate: true },
  )
  watch(
    () => cluster.moment?.nodes.length,
    () => sync(),
  )
  watch(
    () => cluster.pin,
    (pin) => {
      if (pin === null) {
        if (cluster.mode === 'live') follow.value = true
        return
      }
      follow.value = false
      camera.value = revealing(camera.value, pin.t)
    },
  )

  const ensure = setInterval(() => {
    if (cluster.mode === 'none' || cluster.disconnected) return
    const { source } = cluster
    const whole = source.kind === 'recording' && source.info.events <= WHOLE_EVENTS
    const at = whole ? extent() : follow.value ? { from: now(), to: now() } : camera.value
    void cluster.ensureEvents(Math.max(0, at.from), Math.min(at.to, extent().to))
  }, ENSURE_EVERY)
  onScopeDispose(() => clearInterval(ensure))

  /** Called once per frame: the window while following. */
  function advance(): boolean {
    if (!follow.value || cluster.mode !== 'live') return false
    const next = following(now(), spanOf(camera.value))
    const moved = next.from !== camera.value.from
    if (moved) camera.value = next
    return moved
  }

  /** While following, the end stays where it is and only the span changes. */
  function zoom(factor: number, at?: number): void {
    const around = follow.value ? now() : (at ?? cluster.pin?.t ?? (camera.value.from + camera.value.to) / 2)
    const next = zoomAt(camera.value, around, factor)
    camera.value = follow.value ? following(now(), spanOf(next)) : clampTo(next, extent())
  }

  function pan(dt: number): void {
    look(panBy(camera.value, dt))
  }

  /** Another window; back at the live end it follows again. */
  function look(next: Camera): void {
    const kept = clampTo(next, extent())
    const atEnd = cluster.mode === 'live' && kept.to >= now() + spanOf(kept) * 0.02
    follow.value = atEnd
    camera.value = atEnd ? following(now(), spanOf(kept)) : kept
  }

  function fit(): void {
    const { from, to } = extent()
    look({ from, to: from + (to - from) * 1.07 + 1e6 })
  }

  function isHeartbeat(event: EventView): boolean {
    switch (event.kind) {
      case 'sent':
        return (
          model.edges.find(event.node, event.peer, event.id)?.heartbeat ??
          (event.message === 'AppendEntries' && event.count === 0)
        )
      case 'received':
        return (
          model.edges.find(event.peer, event.node, event.id)?.heartbeat ??
          (event.message === 'AppendEntries' && event.count === 0)
        )
      case 'dropped':
        return model.edges.find(event.sender, event.receiver, event.id)?.heartbeat ?? false
      case 'held':
      case 'released':
      case 'copied':
      case 'moved':
        return model.edges.find(event.peer, event.node, event.id)?.heartbeat ?? false
      default:
        return false
    }
  }

  const shows = (edge: Edge): boolean => !(hideHeartbeats.value && edge.heartbeat)

  /** Whether the filter leaves this message out. */
  function dims(edge: Edge): boolean {
    if (filter.value.empty) return false
    const known = matched.get(edge)
    if (known !== undefined) return !known
    const sent = model.event(edge.sentSeq)
    const ended = edge.endSeq < 0 ? undefined : model.event(edge.endSeq)
    const fits =
      (sent !== undefined && filter.value.matches(sent)) || (ended !== undefined && filter.value.matches(ended))
    // An open message may still match by how it ends.
    if (edge.fate !== 'flying') matched.set(edge, fits)
    return !fits
  }

  return {
    model: () => model,
    version,
    camera,
    follow,
    mode,
    hideHeartbeats,
    filterText,
    filter,
    translate,
    extent,
    now,
    advance,
    zoom,
    pan,
    look,
    fit,
    isHeartbeat,
    shows,
    dims,
  }
}
