/** What the pointer does on the timeline: point, click, pan, scrub, zoom, scroll. */
import { type Ref, ref, shallowRef } from 'vue'
import {
  type DrawScene,
  type Hit,
  hitTest,
  isHeld,
  type Layout,
  MIN_SPAN,
  messageRef,
  minimapT,
  snapTo,
  spanOf,
  tOf,
  xOf,
} from '../../preload/contract/diagram'
import { useClusterStore } from '../stores/cluster'
import { useSelectionStore } from '../stores/selection'
import type { Timeline } from './use-timeline'

interface Drag {
  readonly kind: 'pan' | 'scrub' | 'minimap' | 'from' | 'to'
  /** What it began on. */
  readonly on: Hit
  readonly x: number
  readonly y: number
  readonly scroll: number
  readonly camera: { readonly from: number; readonly to: number }
  moved: boolean
}

function dragOf(on: Hit): Drag['kind'] {
  if (on.kind === 'minimap') return on.part === 'from' || on.part === 'to' ? on.part : 'minimap'
  return on.kind === 'axis' ? 'scrub' : 'pan'
}

export interface TimelinePointerInput {
  readonly timeline: Timeline
  readonly box: Readonly<Ref<HTMLElement | null>>
  /** Pixels that the lanes are scrolled up by. */
  readonly scroll: Ref<number>
  readonly layout: () => Layout
  readonly scene: () => DrawScene
}

export function useTimelinePointer({ timeline, box, scroll, layout, scene }: TimelinePointerInput) {
  const cluster = useClusterStore()
  const selection = useSelectionStore()
  /** Time under the pointer, snapped to the nearest event. */
  const cross = ref<number | null>(null)
  const hit = shallowRef<Hit>({ kind: 'nothing' })
  const pointer = shallowRef({ x: 0, y: 0 })
  const dragging = ref(false)
  let drag: Drag | undefined

  function place(event: MouseEvent): { x: number; y: number } {
    const bounds = box.value?.getBoundingClientRect()
    return { x: event.clientX - (bounds?.left ?? 0), y: event.clientY - (bounds?.top ?? 0) }
  }

  function onWheel(event: WheelEvent): void {
    const { x } = place(event)
    const at = layout()
    const pixel = spanOf(timeline.camera.value) / (at.plot.right - at.plot.left)
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1
    if (x < at.plot.left || event.altKey) {
      scroll.value = Math.min(at.maxScroll, Math.max(0, scroll.value + event.deltaY * unit))
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const by = event.deltaX !== 0 ? event.deltaX : event.deltaY
      timeline.pan(by * unit * pixel)
    } else {
      timeline.zoom(Math.exp(event.deltaY * unit * 0.0016), tOf(timeline.camera.value, at.plot, x))
    }
  }

  function onDown(event: PointerEvent): void {
    if (event.button !== 0) return
    const { x, y } = place(event)
    const on = hitTest(scene(), x, y)
    const kind = dragOf(on)
    drag = { kind, on, x, y, scroll: scroll.value, camera: timeline.camera.value, moved: false }
    box.value?.setPointerCapture(event.pointerId)
    // Taken by its middle the window comes along; beside it, it jumps there.
    if (on.kind === 'minimap' && on.part === 'outside') toMinimap(x)
    if (kind === 'scrub') void pinTo(x, false)
  }

  function onMove(event: PointerEvent): void {
    const { x, y } = place(event)
    pointer.value = { x, y }
    if (drag !== undefined) {
      if (!drag.moved && Math.hypot(x - drag.x, y - drag.y) < 4) return
      drag.moved = true
      dragging.value = true
      dragTo(x, y)
      return
    }
    point(x, y)
  }

  function dragTo(x: number, y: number): void {
    if (drag === undefined) return
    const at = layout()
    if (drag.kind === 'minimap') toMinimap(x)
    else if (drag.kind === 'from' || drag.kind === 'to') toEdge(drag, x)
    else if (drag.kind === 'scrub') void pinTo(x, false)
    else {
      const pixel = spanOf(drag.camera) / (at.plot.right - at.plot.left)
      const by = (drag.x - x) * pixel
      timeline.look({ from: drag.camera.from + by, to: drag.camera.to + by })
      scroll.value = Math.min(at.maxScroll, Math.max(0, drag.scroll + drag.y - y))
    }
  }

  function onUp(event: PointerEvent): void {
    const ended = drag
    drag = undefined
    dragging.value = false
    box.value?.releasePointerCapture(event.pointerId)
    if (ended === undefined || ended.moved || ended.kind !== 'pan') return
    click(ended)
  }

  function onLeave(): void {
    cross.value = null
    hit.value = { kind: 'nothing' }
    selection.point({})
  }

  /** One edge of the minimap's window follows the pointer, the other stays. */
  function toEdge({ kind, camera }: Drag, x: number): void {
    const t = minimapT(layout(), timeline.extent(), x)
    timeline.look(
      kind === 'from'
        ? { from: Math.min(t, camera.to - MIN_SPAN), to: camera.to }
        : { from: camera.from, to: Math.max(t, camera.from + MIN_SPAN) },
    )
  }

  function toMinimap(x: number): void {
    const middle = minimapT(layout(), timeline.extent(), x)
    const half = spanOf(timeline.camera.value) / 2
    timeline.look({ from: middle - half, to: middle + half })
  }

  function point(x: number, y: number): void {
    const now = scene()
    const on = hitTest(now, x, y)
    hit.value = on
    const inPlot = x >= now.layout.plot.left && on.kind !== 'minimap'
    cross.value = inPlot ? (snapTo(now, x)?.t ?? tOf(now.camera, now.layout.plot, x)) : null
    switch (on.kind) {
      case 'edge':
        selection.point({ message: messageRef(on.edge), event: on.edge.sentSeq })
        break
      case 'mark':
        selection.point({ node: on.mark.node, event: on.mark.seq })
        break
      case 'lane':
      case 'label':
        selection.point({ node: on.node })
        break
      case 'fault':
        selection.point({ event: on.fault.seq })
        break
      case 'call':
        selection.point({ event: on.call.seq })
        break
      case 'operation':
        selection.point({ event: on.operation.seq })
        break
      case 'commit':
        selection.point({ event: on.step.seq })
        break
      case 'flag':
        selection.point({ event: on.flag.seq })
        break
      case 'gap':
      case 'axis':
      case 'minimap':
      case 'nothing':
        selection.point({})
    }
  }

  /** On what was under the pointer when it went down: a window that follows a live cluster moves on under it. */
  function click({ on, x, camera }: Drag): void {
    const now = { ...scene(), camera }
    switch (on.kind) {
      case 'label':
        selection.selectNode(on.node)
        return
      case 'edge': {
        const { edge } = on
        selection.selectMessage(messageRef(edge))
        // What waits now is chosen to be acted on, and that happens live.
        if (isHeld(edge) && cluster.mode === 'live') return
        const end = xOf(now.camera, now.layout.plot, Number.isFinite(edge.endAt) ? edge.endAt : now.now)
        const begin = xOf(now.camera, now.layout.plot, edge.sentAt)
        // The end that is nearer to the pointer: a message is two events.
        const ended = edge.endSeq >= 0 && Math.abs(end - x) < Math.abs(begin - x)
        pinAfter(ended ? edge.endSeq : edge.sentSeq)
        return
      }
      case 'mark':
        selection.selectNode(on.mark.node)
        pinAfter(on.mark.seq)
        return
      case 'fault':
        pinAfter(on.fault.seq)
        return
      case 'call':
        pinAfter(on.call.seq)
        return
      case 'operation':
        pinAfter(on.operation.seq)
        return
      case 'commit':
        pinAfter(on.step.seq)
        return
      case 'flag':
        pinAfter(on.flag.seq)
        return
      case 'lane':
        selection.selectMessage(null)
        void pinTo(x, true)
        return
      case 'gap':
      case 'axis':
      case 'minimap':
      case 'nothing':
        if (x >= now.layout.plot.left) void pinTo(x, true)
    }
  }

  function pinAfter(seq: number): void {
    selection.selectEvent(seq)
    void cluster.pinAt({ seq: seq + 1 })
  }

  /** Pins where the pointer is; a click snaps to the nearest event within reach. */
  async function pinTo(x: number, snap: boolean): Promise<void> {
    const now = scene()
    const near = snapTo(now, x)
    if (snap && near !== undefined) {
      pinAfter(near.seq)
      return
    }
    const at = Math.max(0, tOf(now.camera, now.layout.plot, x))
    await cluster.pinAt({ t: Math.min(at, timeline.extent().to) })
  }

  function onCancel(): void {
    drag = undefined
    dragging.value = false
  }

  return { cross, hit, pointer, dragging, onWheel, onDown, onMove, onUp, onLeave, onCancel }
}
