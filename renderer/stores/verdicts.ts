/** What was judged of what is open, and what was found to be broken: told once, and marked on the diagram. */
import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { CheckView, VerdictsView } from '../../preload/contract'
import { i18n } from '../i18n'
import { useClusterStore } from './cluster'
import { useDoor } from './door'
import { usePlayback } from './playback'
import { useSelectionStore } from './selection'
import { useToasts } from './toasts'
import { useUiStore } from './ui'

/** Where something broke. */
export interface Violation {
  readonly seq: number
  readonly t: number
  /** Of what: the id of the check, or the key of an illegal history. */
  readonly of: { readonly check: CheckView } | { readonly key: string }
}

function nameOf(violation: Violation | undefined): string {
  if (violation === undefined) return ''
  const { seq, of } = violation
  return `${seq} ${'key' in of ? `key ${of.key}` : of.check.id}`
}

export const useVerdictsStore = defineStore('verdicts', () => {
  const door = useDoor()
  const cluster = useClusterStore()
  const playback = usePlayback()
  const selection = useSelectionStore()
  const toasts = useToasts()
  const ui = useUiStore()
  const { t } = i18n.global
  const view = shallowRef<VerdictsView | null>(null)
  let told = new Set<string>()
  let gone = -1
  /** Those that are perhaps still shown. */
  const notices: number[] = []

  /** In the order in which they happened. The same ones as long as no others are found: the diagram is drawn with them. */
  const violations = computed<readonly Violation[]>((before) => {
    if (view.value === null) return []
    const { checks, history } = view.value
    const found = [
      ...checks.flatMap((check) => check.findings.map(({ seq, t }): Violation => ({ seq, t, of: { check } }))),
      ...history.illegal.map(({ part, seq, t }): Violation => ({ seq, t, of: { key: part } })),
    ].sort((a, b) => a.seq - b.seq)
    if (before?.length !== found.length) return found
    return found.every((one, at) => nameOf(one) === nameOf(before[at])) ? before : found
  })
  /** How many of the things that must hold do not. */
  const broken = computed(() => {
    if (view.value === null) return 0
    const { checks, history } = view.value
    return checks.filter(({ standing }) => standing === 'broken').length + (history.standing === 'broken' ? 1 : 0)
  })
  const standing = computed<'none' | 'broken' | 'failed' | 'stopped' | 'judging' | 'undecided' | 'holds'>(() => {
    if (view.value === null) return 'none'
    const { state, checks, history } = view.value
    if (broken.value > 0) return 'broken'
    if (state === 'failed' || state === 'stopped' || state === 'judging') return state
    const open = checks.some((check) => check.standing === 'undecided') || history.standing === 'undecided'
    return open ? 'undecided' : 'holds'
  })
  const share = computed(() => {
    const { judged = 0, events = 0 } = view.value ?? {}
    return events === 0 ? 0 : Math.min(100, Math.floor((100 * judged) / events))
  })

  function take(next: VerdictsView | null): void {
    // From the beginning, or of something else: what was told before is told anew.
    if (next === null || view.value === null || next.judged < view.value.judged) {
      told = new Set()
      gone = -1
    }
    view.value = next
    if (next === null) return
    const news: (() => string)[] = []
    const note = (name: string, what: () => string): void => {
      if (told.has(name)) return
      told.add(name)
      news.push(what)
    }
    for (const check of next.checks) {
      const [first] = check.findings
      if (first !== undefined)
        note(check.id, () => t('verdicts.toast', { what: first.sentence[i18n.global.locale.value] }))
    }
    for (const { part } of next.history.illegal) note(`key ${part}`, () => t('verdicts.toastIllegal', { key: part }))
    announce(news)
  }

  /** At once, and what came at once in one notice. */
  function announce(news: readonly (() => string)[]): void {
    const [first] = news
    if (first === undefined) return
    const more = news.length - 1
    const notice = toasts.push({
      tone: 'danger',
      text: () => (more === 0 ? first() : `${first()} ${t('verdicts.toastMore', { n: more }, more)}`),
      action: { label: () => t('verdicts.show'), run: show },
    })
    notices.push(notice)
  }
  // Who looks at the verdicts needs no notice of them, which would lie over them.
  watch(
    () => ui.centre,
    (centre) => {
      if (centre === 'verdicts') for (const notice of notices.splice(0)) toasts.dismiss(notice)
    },
  )

  function show(): void {
    ui.centre = 'verdicts'
  }

  /** Selects an event on the timeline and pins the moment after it. */
  async function goTo(seq: number): Promise<void> {
    playback.stop()
    selection.selectEvent(seq)
    await cluster.pinAt({ seq: seq + 1 })
  }

  /** Through all violations, and from the first one on again. @returns whether there is one */
  async function next(): Promise<boolean> {
    const found = violations.value.find(({ seq }) => seq > gone) ?? violations.value[0]
    if (found === undefined) return false
    gone = found.seq
    await goTo(found.seq)
    return true
  }

  const connect = (): (() => void) => door.subscribe('verdicts', take)

  return { view, violations, broken, standing, share, connect, goTo, next, show }
})
