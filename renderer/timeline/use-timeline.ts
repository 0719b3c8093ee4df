/** The timeline's state: model, camera, filter; fed by the stores, read by diagram and table. */
import { computed, type InjectionKey, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { EventView, Language, ShownInput } from '../../preload/contract'
import {
  type Camera,
  type Causal,
  clampTo,
  DEFAULT_SPAN,
  type Edge,
  type Extent,
  type Flag,
  following,
  type Painted,
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
import { useExportingStore } from '../stores/exporting'
import { useSelectionStore } from '../stores/selection'
import { useVerdictsStore, type Violation } from '../stores/verdicts'
import { useCausesStore } from './causes/store'
import type { Translate } from './describe'
import { farModel, wholeOf } from './far-model'
import { useNotesStore } from './moments/notes-store'
import { createOverviewMemory } from './overview'
import { useRulesStore } from './rules/store'

/** A recording that is not longer than this is shown whole when it is opened. */
const WHOLE = 6 * SECOND
/** A recording of at most so many events is held in memory whole. */
const WHOLE_EVENTS = 40_000
/**
 * Of more events than this (less, once they were too many) a window shows how many there were, and not each. Up to the
 * first number their counts come in under them, so that neither comes as a surprise.
 */
const MOST_DRAWN = 5_000
const FEW_AGAIN = 4_000
const COUNTS_FROM = 1_500
/** In the table events come around the moment that is shown, about so many of a window that has more. */
const TABLE_EVENTS = 20_000
/** Milliseconds between two looks whether the events of the window are in memory. */
const ENSURE_EVERY = 160

export type TimelineMode = 'diagram' | 'table'
export type Timeline = ReturnType<typeof createTimeline>
export const TIMELINE: InjectionKey<Timeline> = Symbol('timeline')

export function createTimeline() {
  const cluster = useClusterStore()
  const door = useDoor()
  const rules = useRulesStore()
  const selection = useSelectionStore()
  const exporting = useExportingStore()
  const notes = useNotesStore()
  const verdicts = useVerdictsStore()
  const causes = useCausesStore()
  const { t, locale } = useI18n()
  const translate: Translate = (key, named) => t(key, named ?? {})

  const overview = createOverviewMemory(door, () => cluster.sourceName)
  /** Of the events in memory. */
  let near = new TimelineModel()
  /** Of counts and landmarks: of what is looked at, and coarser of everything, for when that is not there yet. */
  let far: { readonly seen: TimelineModel | null; readonly all: TimelineModel | null } = { seen: null, all: null }
  /** Too many events are in sight for each to be drawn, or those that are have not come yet. */
  const fromAfar = ref(false)
  const mode = ref<TimelineMode>('diagram')
  /** The one that is shown. The table tells events, so it needs the one that has them. */
  const shownModel = (): TimelineModel => {
    if (!fromAfar.value || mode.value === 'table') return near
    return (overview.covers(camera.value) ? far.seen : far.all) ?? near
  }
  /** Raised when the model changed. */
  const version = shallowRef(0)
  const camera = shallowRef<Camera>({ from: 0, to: DEFAULT_SPAN })
  const follow = ref(true)
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
  const liveNow = (): number => (cluster.mode === 'live' ? cluster.clock() : Math.max(cluster.end, near.known))

  function sync(): void {
    const anew = near.sync(cluster.events)
    guessEmpty(near)
    if (anew || near.events.length > 0) void seed()
    version.value++
  }

  /** A lane of which no event in memory tells anything is, until more is known, what its node is in the moment that is shown. */
  function guessEmpty(model: TimelineModel): void {
    const { moment } = cluster
    for (const node of moment?.nodes ?? []) model.lane(node.id).guess(node, moment?.t ?? 0)
  }

  let seededFor = -1
  /** Lanes must know what held before the first event in memory; the recording tells. */
  async function seed(): Promise<void> {
    const first = near.events[0]
    if (first === undefined || first.seq === seededFor) return
    // A run that only lost its oldest events goes on; only another beginning needs a look back.
    if (seededFor >= 0 && [...near.lanes.values()].every((lane) => lane.knows(first.t))) {
      seededFor = first.seq
      return
    }
    seededFor = first.seq
    const source = cluster.sourceName
    const of = near
    if (first.seq === 0 || source === null) return
    try {
      const before = await door.call('timeline.state', { source, seq: first.seq })
      if (of !== near) return
      of.seed({ ...before, t: first.t })
      version.value++
    } catch {
      // Lanes then begin with the first event that tells their role.
    }
  }

  /** Counts came: they are drawn instead of the events, or under them, and fill the minimap. */
  function syncCounts(): void {
    const seen = overview.seen()
    const all = overview.all()
    far = { seen: seen && farModel(seen), all: all && farModel(all) }
    const models = [near, far.seen, far.all].filter((model) => model !== null)
    const rows = (of: (model: TimelineModel) => number) => Math.max(...models.map(of))
    const faultRows = rows(({ tracks }) => tracks.faultRows)
    const callRows = rows(({ tracks }) => tracks.callRows)
    const operationRows = rows(({ tracks }) => tracks.operationRows)
    const whole = all && wholeOf(all)
    for (const model of models) {
      guessEmpty(model)
      // Rows that come and go would make the lanes jump.
      Object.assign(model.tracks, { faultRows, callRows, operationRows })
      if (all === null || whole === null) continue
      model.density.overlay(all.to, all.events)
      Object.assign(model, whole)
    }
    version.value++
  }

  watch(overview.version, syncCounts)
  watch(() => cluster.eventsVersion, sync, { immediate: true })
  watch(
    () => cluster.source,
    (next, before) => {
      if (next.kind === before?.kind && next.kind !== 'recording') return
      if (next.kind === 'recording' && before?.kind === 'recording' && next.info.path === before.info.path) return
      near = new TimelineModel()
      fromAfar.value = false
      overview.reset()
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
    const total = source.kind === 'recording' ? source.info.events : (cluster.live?.seq ?? 0)
    const whole = source.kind === 'recording' && total <= WHOLE_EVENTS
    const { to: end } = extent()
    const seen = { from: Math.max(0, camera.value.from), to: Math.min(camera.value.to, end) }
    const here = cluster.eventsCover(seen.from, seen.to)
    const drawn = here ? near.range(seen.from, seen.to).length : undefined
    // What is in memory and few need not be asked for: a window that follows a live cluster asks nothing.
    if (total > MOST_DRAWN && (drawn === undefined || drawn > COUNTS_FROM || source.kind === 'recording')) {
      void overview.ensure(camera.value, end)
    }
    const count = drawn ?? overview.eventsIn(seen) ?? total
    const crowded = count > (fromAfar.value ? FEW_AGAIN : MOST_DRAWN) && overview.problem.value === ''
    stepBack(crowded || (!here && total > WHOLE_EVENTS && far.all !== null), count)
    if (crowded && !whole && mode.value === 'diagram') return
    const at = whole
      ? { from: 0, to: end }
      : follow.value && here
        ? { from: now(), to: now() }
        : count > TABLE_EVENTS
          ? around(seen, TABLE_EVENTS / count)
          : seen
    void cluster.ensureEvents(at.from, at.to)
  }, ENSURE_EVERY)

  /** A share of a window, around the moment that is shown where it has that. */
  function around({ from, to }: Camera, share: number): Camera {
    const t = cluster.pin?.t ?? to
    const middle = t >= from && t <= to ? t : (from + to) / 2
    const half = ((to - from) * share) / 2
    return { from: Math.max(from, middle - half), to: Math.min(to, middle + half) }
  }

  /** What must be known to read the picture: that it is of counts, and what they leave out. */
  const countRemarks = computed<readonly string[]>(() => {
    void overview.version.value
    if (!fromAfar.value || mode.value === 'table') return []
    const { whole = true } = overview.seen() ?? {}
    return [t('overview.counts'), ...(whole ? [] : [t('overview.partial')])]
  })
  /** What of the picture is missing because it cannot be read; empty when nothing is. */
  const trouble = computed(() => {
    void overview.version.value
    if (cluster.eventsProblem !== '' || !fromAfar.value || mode.value === 'table') return cluster.eventsProblem
    const { damaged = 0 } = overview.seen() ?? {}
    return damaged === 0 ? '' : t('overview.damaged', { n: damaged }, damaged)
  })

  function stepBack(afar: boolean, count: number): void {
    const counts = overview.seen()
    const strength = Math.min(1, Math.max(0, (count - COUNTS_FROM) / (MOST_DRAWN - COUNTS_FROM)))
    const before = near.afar
    near.afar = counts === null || strength === 0 ? null : { counts, strength }
    const changed = (before?.strength ?? 0) !== (near.afar?.strength ?? 0) || fromAfar.value !== afar
    fromAfar.value = afar
    if (changed) version.value++
  }
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
          near.edges.find(event.node, event.peer, event.id)?.heartbeat ??
          (event.message === 'AppendEntries' && event.count === 0)
        )
      case 'received':
        return (
          near.edges.find(event.peer, event.node, event.id)?.heartbeat ??
          (event.message === 'AppendEntries' && event.count === 0)
        )
      case 'dropped':
        return near.edges.find(event.sender, event.receiver, event.id)?.heartbeat ?? false
      case 'held':
      case 'released':
      case 'copied':
      case 'moved':
        return near.edges.find(event.peer, event.node, event.id)?.heartbeat ?? false
      default:
        return false
    }
  }

  const shows = (edge: Edge): boolean => !(hideHeartbeats.value && edge.heartbeat)

  // ── colours by rules, and what an event has to do with what ─────────────────────────────────────────────────────

  let paints = new WeakMap<Edge, Painted | null>()
  watch(
    () => rules.active,
    () => {
      paints = new WeakMap()
      version.value++
    },
  )
  function painted(edge: Edge): Painted | undefined {
    if (rules.active.length === 0) return undefined
    const known = paints.get(edge)
    if (known !== undefined) return known ?? undefined
    const found = rules.paintEdge(near, edge)
    // An open message may still match by how it ends.
    if (edge.fate !== 'flying') paints.set(edge, found ?? null)
    return found
  }
  const paintedEvent = (seq: number): Painted | undefined =>
    rules.active.length === 0 ? undefined : rules.paintOf(shownModel().event(seq))

  const causal = computed<Causal | null>(() =>
    causes.highlight === null ? null : { origin: causes.event?.seq ?? -1, ...causes.highlight },
  )
  const bookmarks = computed<readonly Flag[]>(() => [
    ...notes.notes.map(
      ({ seq, t: at, text }): Flag => ({
        seq,
        t: at,
        text: text || t('diagrams.timeline.bookmark'),
        kind: text === '' ? 'bookmark' : 'note',
      }),
    ),
    ...verdicts.violations.map(
      ({ seq, t: at, of }): Flag => ({ seq, t: at, text: violationText(of), kind: 'violation' }),
    ),
  ])
  const violationText = (of: Violation['of']): string =>
    'key' in of ? t('verdicts.markIllegal', { key: of.key }) : of.check.name[locale.value as Language]

  // An exported picture shows the diagram as it is seen here.
  exporting.look = () => lookOf()
  onScopeDispose(() => {
    exporting.look = null
  })
  function lookOf(): ShownInput {
    const lit = causal.value
    return {
      hideHeartbeats: hideHeartbeats.value,
      ...(filterText.value.trim() !== '' && { filter: filterText.value }),
      ...(rules.rules.length > 0 && {
        rules: rules.rules.map(({ filter: text, colour, on }) => ({ filter: text, colour, on })),
      }),
      ...(selection.node !== null && { node: selection.node }),
      ...(selection.message !== null && { message: { ...selection.message } }),
      ...(cluster.pin !== null && { pin: cluster.pin.t }),
      ...(lit !== null &&
        lit.origin >= 0 && {
          causal: { origin: lit.origin, past: [...lit.past], future: [...lit.future], path: [...lit.path] },
        }),
    }
  }

  /** Whether the filter leaves this message out. */
  function dims(edge: Edge): boolean {
    if (filter.value.empty) return false
    const known = matched.get(edge)
    if (known !== undefined) return !known
    const sent = near.event(edge.sentSeq)
    const ended = edge.endSeq < 0 ? undefined : near.event(edge.endSeq)
    const fits =
      (sent !== undefined && filter.value.matches(sent)) || (ended !== undefined && filter.value.matches(ended))
    // An open message may still match by how it ends.
    if (edge.fate !== 'flying') matched.set(edge, fits)
    return !fits
  }

  return {
    model: shownModel,
    countRemarks,
    trouble,
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
    painted,
    paintedEvent,
    causal,
    bookmarks,
  }
}
