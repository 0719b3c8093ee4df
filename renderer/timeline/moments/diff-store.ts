/** Two moments, and what is different between them. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { MomentDiff } from '../../../preload/contract'
import { type Pin, useClusterStore } from '../../stores/cluster'
import { problemRef, useDoor } from '../../stores/door'
import { useCausesStore } from '../causes/store'

export const useDiffStore = defineStore('diff', () => {
  const cluster = useClusterStore()
  const causes = useCausesStore()
  const door = useDoor()
  const a = shallowRef<Pin | null>(null)
  const b = shallowRef<Pin | null>(null)
  /** Whether the comparison is shown. */
  const open = ref(false)
  const diff = shallowRef<MomentDiff | null>(null)
  const problem = problemRef()
  const reading = ref(false)
  let turn = 0

  const here = (): Pin | null => {
    const { moment } = cluster
    return cluster.pin ?? (moment === null ? null : { seq: moment.seq, t: moment.t })
  }
  /** Of a recording the moment before its cluster was closed: what follows is only the end of its processes. */
  async function end(): Promise<Pin | null> {
    if (cluster.source.kind !== 'recording') {
      return cluster.live === null ? null : { seq: cluster.live.seq, t: cluster.live.t }
    }
    const { events, end: t } = cluster.source.info
    const what = { text: 'kind = closing' }
    const { match } = await door.call('timeline.find', { source: 'recording', what, seq: events, by: -1 })
    return match ?? { seq: events, t }
  }
  /** The earlier one is what was, the later one what is, whichever was set first. */
  const sides = computed<readonly [Pin, Pin] | null>(() => {
    if (a.value === null || b.value === null) return null
    return a.value.seq <= b.value.seq ? [a.value, b.value] : [b.value, a.value]
  })

  /** What was not chosen: of a selected fault, the moment before it; else where we stand, against the end. */
  async function complete(): Promise<void> {
    const { event } = causes
    if (a.value === null && b.value === null && event?.kind === 'fault') {
      a.value = { seq: event.seq, t: event.t }
      const shown = here()
      b.value = shown !== null && shown.seq > event.seq + 1 ? shown : await end()
      return
    }
    if (a.value === null) a.value = here()
    if (b.value === null) {
      const shown = here()
      b.value = shown !== null && shown.seq !== a.value?.seq ? shown : await end()
    }
  }

  async function read(): Promise<void> {
    const source = cluster.sourceName
    const mine = ++turn
    if (source === null || sides.value === null) return
    const [from, to] = sides.value
    reading.value = true
    problem.value = ''
    try {
      const found = await door.call('timeline.diff', { source, a: from.seq, b: to.seq })
      if (mine === turn) diff.value = found
    } catch (thrown) {
      if (mine !== turn) return
      diff.value = null
      problem.value = thrown
    } finally {
      if (mine === turn) reading.value = false
    }
  }

  async function setA(): Promise<void> {
    a.value = here()
    if (open.value) await read()
  }
  async function setB(): Promise<void> {
    b.value = here()
    if (open.value) await read()
  }
  async function show(): Promise<void> {
    open.value = true
    try {
      await complete()
    } catch (thrown) {
      problem.value = thrown
      return
    }
    await read()
  }
  /** Both moments are forgotten. */
  function close(): void {
    turn++
    open.value = false
    a.value = null
    b.value = null
    diff.value = null
    problem.value = ''
    reading.value = false
  }

  watch(() => cluster.source, close)

  return { a, b, sides, open, diff, problem, reading, setA, setB, show, close }
})
