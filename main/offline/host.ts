/** The door of an exported page: answers what a recording can answer, from what the page holds, and nothing else. */
import type {
  Answer,
  CallInput,
  CallName,
  ProblemView,
  Settings,
  StreamName,
  Streams,
  WorkbenchDoor,
} from '../../preload/contract'
import { CALLS } from '../../preload/contract'
import { asProblem, Problem } from '../node/contract/problem'
import type { TimelineSource } from '../timeline/api'
import { diffStates } from '../timeline/diff'
import type { PageHead, UnpackedPage } from '../timeline/export/html-pack'
import { entryView } from '../timeline/views/entry'
import { causalityCalls } from '../workbench/calls/causality'
import { heldReading } from '../workbench/calls/held'
import { overviewCalls } from '../workbench/calls/overview'
import type { Calls, ReadingRooms } from '../workbench/calls/rooms'
import { timelineCalls } from '../workbench/calls/timeline'
import { problemView } from '../workbench/problems'

type Listener<S extends StreamName> = (value: Streams[S]) => void

export interface OfflineOptions {
  readonly version: string
  /** Told when the page's data cannot be read. */
  readonly failed: (thrown: unknown) => void
}

export class OfflineDoor implements WorkbenchDoor {
  readonly #page: Promise<UnpackedPage>
  readonly #calls: Promise<Partial<Calls>>
  readonly #listeners = new Set<Listener<'settings'>>()
  #settings: Settings = { language: 'system', theme: 'system' }

  constructor(page: Promise<UnpackedPage>, { version, failed }: OfflineOptions) {
    this.#page = page.then((unpacked) => {
      this.#settings = lookOf(unpacked.head)
      return unpacked
    })
    this.#calls = this.#page.then(({ source, head }) => ({
      ...readingCalls(source),
      ...this.#ownCalls(source, head, version),
    }))
    this.#page.catch(failed)
    this.#calls.catch(() => undefined)
  }

  async call<C extends CallName>(name: C, input: CallInput<C>): Promise<Answer<never>> {
    try {
      const call = (await this.#calls)[name]
      if (call === undefined) throw new Problem('page-read-only', {})
      const checked = CALLS[name].input.safeParse(input)
      if (!checked.success) throw new Problem('bad-input', { where: name, reason: checked.error.message })
      return { ok: true, value: (await (call as (given: unknown) => Promise<unknown>)(checked.data)) as never }
    } catch (thrown) {
      return { ok: false, problem: this.#view(thrown) }
    }
  }

  subscribe<S extends StreamName>(name: S, listener: Listener<S>): () => void {
    let listening = true
    const stops: (() => void)[] = []
    void this.#page.then(
      ({ source }) => {
        if (!listening) return
        // The compiler does not see that the name decides the value.
        if (name === 'source') (listener as Listener<'source'>)({ kind: 'recording', info: source.info() })
        if (name === 'settings') {
          const own = listener as Listener<'settings'>
          this.#listeners.add(own)
          stops.push(() => this.#listeners.delete(own))
          own(this.#settings)
        }
      },
      () => undefined,
    )
    return () => {
      listening = false
      for (const stop of stops) stop()
    }
  }

  #view(thrown: unknown): ProblemView {
    const { language } = this.#settings
    return problemView(asProblem(thrown), language === 'zh' ? 'zh' : 'en')
  }

  #ownCalls(source: TimelineSource, { notes }: PageHead, version: string): Partial<Calls> {
    return {
      'workbench.info': async () => ({ version, host: 'browser', platform: '', home: '' }),
      'settings.get': async () => this.#settings,
      'settings.set': async ({ language, theme }) => {
        this.#settings = { language: language ?? this.#settings.language, theme: theme ?? this.#settings.theme }
        for (const listener of this.#listeners) listener(this.#settings)
        return this.#settings
      },
      'timeline.diff': async ({ a, b }) => {
        const before = await source.stateAt(Math.min(a, b))
        return diffStates(before, await source.stateAt(Math.max(a, b)), entryView)
      },
      'notes.list': async () => ({ recording: source.info().path, notes }),
      'clusters.list': async () => [],
      'recordings.list': async () => [],
      'files.recent': async () => [],
    }
  }
}

function lookOf({ language, theme }: PageHead): Settings {
  return { language, theme }
}

/** The same functions as in the workbench, over what the page holds. */
function readingCalls(source: TimelineSource): Partial<Calls> {
  const rooms: ReadingRooms = {
    session: {
      timeline: (which) => {
        if (which === 'live') throw new Problem('no-cluster', {})
        return source
      },
      get recorder(): never {
        throw new Problem('no-cluster', {})
      },
    },
    signal: new AbortController().signal,
  }
  return { ...timelineCalls(rooms), ...heldReading(rooms), ...overviewCalls(rooms), ...causalityCalls(rooms) }
}
