/** Drawing a partition: a stroke of the pointer around one side, or the digits of its nodes; what it would cut is shown. */
import { computed, onBeforeUnmount, type Ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { groupsText } from '../../commands/faults'
import { useCommands } from '../../commands/registry'
import { useClusterStore } from '../../stores/cluster'
import { useUiStore } from '../../stores/ui'
import { caught, extend, LASSO_LEAST, lengthOf } from './lasso'
import { sidesOf } from './links'
import { type Point, partitionOf, type Ring } from './ring-geometry'

export interface LassoInput {
  readonly svg: Readonly<Ref<SVGSVGElement | null>>
  readonly ring: Readonly<Ref<Ring>>
  readonly ids: Readonly<Ref<readonly number[]>>
}

export function useLasso({ svg, ring, ids }: LassoInput) {
  const { t } = useI18n()
  const cluster = useClusterStore()
  const ui = useUiStore()
  const commands = useCommands()

  const stroke = shallowRef<readonly Point[]>([])
  const drawing = computed(() => lengthOf(stroke.value) >= LASSO_LEAST)
  const lassoed = computed<ReadonlySet<number>>(() => (drawing.value ? caught(stroke.value, ring.value.at) : new Set()))
  /** The nodes of the first side, from the stroke or from the keyboard. */
  const chosen = computed<ReadonlySet<number> | null>(() => (drawing.value ? lassoed.value : ui.partition))
  const sides = computed(() => (chosen.value === null ? undefined : sidesOf(ids.value, chosen.value)))
  const preview = computed(() => (sides.value === undefined ? null : partitionOf(ring.value, sides.value)))
  const previewLinks = computed(() => {
    const [inside, outside] = sides.value ?? [[], []]
    return inside.flatMap((a) => outside.map((b) => [ring.value.at.get(a), ring.value.at.get(b)] as const))
  })
  const previewText = computed(() => {
    if (chosen.value === null) return ''
    const how = drawing.value ? 'release' : 'enter'
    if (sides.value === undefined) return t(drawing.value ? 'diagrams.ring.lassoPick' : 'diagrams.ring.digitsPick')
    const n = previewLinks.value.length * 2
    return `${groupsText(sides.value)} · ${t(`diagrams.ring.${how}`, { n }, n)}`
  })
  const sideOf = (id: number) => (chosen.value === null ? undefined : chosen.value.has(id) ? 'inside' : 'outside')

  function place(event: PointerEvent): Point {
    const box = svg.value?.getBoundingClientRect()
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) }
  }

  let start: Point | null = null
  /** The pointer went down beside nodes and messages. */
  function begin(event: PointerEvent): void {
    start = place(event)
    if (!cluster.controllable || ids.value.length < 2) return
    stroke.value = [start]
    svg.value?.setPointerCapture(event.pointerId)
    window.addEventListener('keydown', onEscape, true)
  }
  /** False while no stroke is drawn. */
  function move(event: PointerEvent): boolean {
    if (stroke.value.length === 0) return false
    stroke.value = extend(stroke.value, place(event))
    return true
  }
  /** The partition is made; answers whether it was a mere click instead. */
  function release(event: PointerEvent): boolean {
    const isClick = start !== null && !drawing.value
    const groups = drawing.value ? sides.value : undefined
    end()
    if (svg.value?.hasPointerCapture(event.pointerId)) svg.value.releasePointerCapture(event.pointerId)
    if (groups !== undefined) cut(groups)
    return isClick
  }
  function end(): void {
    start = null
    stroke.value = []
    window.removeEventListener('keydown', onEscape, true)
  }
  function onEscape(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    end()
  }
  onBeforeUnmount(() => window.removeEventListener('keydown', onEscape, true))

  function cut(groups: NonNullable<typeof sides.value>): void {
    ui.closePartition()
    void commands.run('link.partition', { groups })
  }
  /** Enter, when the sides were chosen by digits. False when there is nothing to cut. */
  function confirm(): boolean {
    if (ui.partition === null || sides.value === undefined) return false
    cut(sides.value)
    return true
  }

  return { stroke, preview, previewLinks, previewText, sideOf, begin, move, release, end, confirm }
}
