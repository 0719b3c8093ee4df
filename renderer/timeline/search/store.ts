/** The filter over the whole recording: how many match, the next and the previous match. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { parseFilter } from '../../../preload/contract'
import { useClusterStore } from '../../stores/cluster'
import { problemRef, useDoor } from '../../stores/door'
import { useSelectionStore } from '../../stores/selection'

/** Typing goes on for about this long (milliseconds) between two letters. */
const TYPING_MS = 250

/** Matches before each place where an answer ended. */
interface Stretch {
  readonly from: number
  readonly before: number
}

export const useSearchStore = defineStore('search', () => {
  const cluster = useClusterStore()
  const selection = useSelectionStore()
  const door = useDoor()
  const text = ref('')
  const matches = ref(0)
  /** Events looked at. */
  const looked = ref(0)
  const counting = ref(false)
  const seeking = ref(false)
  /** The match that was gone to last, and the how-many-th it is; 0 = not known yet. */
  const at = ref<number | null>(null)
  const ordinal = ref(0)
  const problem = problemRef()
  let stretches: Stretch[] = []
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const active = computed(() => !parseFilter(text.value).empty)
  const total = computed(() =>
    cluster.source.kind === 'recording' ? cluster.source.info.events : (cluster.live?.seq ?? 0),
  )
  const progress = computed(() => (total.value === 0 ? 0 : Math.min(1, looked.value / total.value)))

  function reset(): void {
    turn++
    clearTimeout(timer)
    matches.value = 0
    looked.value = 0
    counting.value = false
    at.value = null
    ordinal.value = 0
    problem.value = ''
    stretches = []
  }

  /** Counts from the first event on, answer by answer; a newer text, or {@link stop}, ends it. */
  async function countAll(): Promise<void> {
    const source = cluster.sourceName
    const mine = turn
    if (source === null || !active.value) return
    counting.value = true
    try {
      for (let from: number | null = 0; from !== null && mine === turn; ) {
        stretches.push({ from, before: matches.value })
        const answer: { readonly matches: number; readonly next: number | null } = await door.call('timeline.count', {
          source,
          text: text.value,
          fromSeq: from,
        })
        if (mine !== turn) return
        matches.value += answer.matches
        looked.value = answer.next ?? total.value
        from = answer.next
      }
      if (at.value !== null) await number(at.value)
    } catch (thrown) {
      if (mine === turn) problem.value = thrown
    } finally {
      if (mine === turn) counting.value = false
    }
  }

  function stop(): void {
    turn++
    counting.value = false
  }

  /** The how-many-th match the event is, as far as counting has come. */
  async function number(seq: number): Promise<void> {
    const source = cluster.sourceName
    const mine = turn
    const stretch = stretches.findLast(({ from }) => from <= seq)
    if (source === null || stretch === undefined || seq >= Math.max(looked.value, 1)) return
    let before = stretch.before
    for (let from: number | null = stretch.from; from !== null && from <= seq; ) {
      const answer: { readonly matches: number; readonly next: number | null } = await door.call('timeline.count', {
        source,
        text: text.value,
        fromSeq: from,
        toSeq: seq + 1,
      })
      before += answer.matches
      from = answer.next
    }
    if (mine === turn && at.value === seq) ordinal.value = before
  }

  /** Goes to the next or the previous match from the moment that is shown. @returns whether there is one */
  async function go(by: 1 | -1): Promise<boolean> {
    const source = cluster.sourceName
    const mine = turn
    const shown = cluster.pin?.seq ?? cluster.live?.seq
    if (source === null || shown === undefined || !active.value) return true
    seeking.value = true
    try {
      // The moment stands after the event before it: that one is where we are.
      let from: number | null = by > 0 ? shown : Math.max(0, shown - 1)
      while (from !== null && mine === turn) {
        const found: { readonly match: { readonly seq: number } | null; readonly next: number | null } =
          await door.call('timeline.find', { source, what: { text: text.value }, seq: from, by })
        if (mine !== turn) return true
        if (found.match !== null) {
          const { seq } = found.match
          at.value = seq
          ordinal.value = 0
          selection.selectEvent(seq)
          await cluster.pinAt({ seq: seq + 1 })
          await number(seq)
          return true
        }
        from = found.next
      }
      return mine !== turn
    } finally {
      seeking.value = false
    }
  }

  watch([text, () => cluster.source], () => {
    reset()
    if (active.value) timer = setTimeout(() => void countAll(), TYPING_MS)
  })

  return { text, matches, looked, counting, seeking, at, ordinal, problem, active, progress, go, stop }
})
