import { type Answer, CALLS, type CallName, type Language, type Streams } from '../../preload/contract'
import { createClusterStore } from '../cluster'
import { asProblem, Problem } from '../node/contract/problem'
import type { Workbench, WorkbenchOptions } from './api'
import { createCalls } from './calls'
import { Courtesy } from './courtesy'
import { receiveFile } from './importing'
import { Playing } from './playing'
import { problemView } from './problems'
import { tellReasonsIn } from './reasons'
import { PlayedClusters } from './scenarios/played'
import { Session } from './session'
import { SettingsStore } from './settings'
import { Channel } from './streams'
import { Tasks } from './tasks'
import { Judge } from './verdicts/live/judge'
import { processPort } from './verdicts/live/ports'

export * from './api'

/** Problems that nobody has seen yet because no window was there: shown to the first one. */
const MAX_UNSEEN = 20

/**
 * The application behind every window: ties clusters, timelines and settings together behind `preload/contract`.
 * @throws {Problem} 'directory-unwritable' when the home can't be used
 */
export async function createWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { home, host, programs } = options
  const { store: settings, problem: settingsProblem } = await SettingsStore.open(home)
  const store = await createClusterStore({ home, programs })
  const settingsChannel = new Channel<'settings'>()
  const problems = new Channel<'problem'>()
  const loads = new Channel<'load'>()
  const asked = new Channel<'asked'>()
  const notes = new Channel<'notes'>()
  const verdicts = new Channel<'verdicts'>()
  const ending = new AbortController()
  let unseen: Problem[] = []
  let watchers = 0

  const language = (): Language => {
    const chosen = settings.value.language
    return chosen === 'system' ? host.systemLanguage() : chosen
  }
  tellReasonsIn(language)
  const view = (thrown: unknown) => problemView(thrown, language())

  const report = (thrown: unknown): void => {
    const problem = asProblem(thrown)
    if (problem.code === 'internal') host.log('error', withPlace(problem))
    else host.log('warn', view(problem).message)
    if (watchers > 0) problems.emit(view(problem))
    else unseen = [...unseen, problem].slice(-MAX_UNSEEN)
  }

  const session = new Session({ store, worker: programs.recorder, report })
  const tasks = new Tasks(view)
  const courtesy: Courtesy = new Courtesy((isAsked) => judge.giveWay(isAsked))
  const judge = new Judge({
    timeline: (which) => session.timeline(which),
    tell: (told) => verdicts.emit(told),
    port: (start) => processPort(programs.judge, start),
    isAsked: () => courtesy.isAsked,
    problemView: view,
  })
  session.subscribeSource((source) => judge.follow(source))
  const played = new PlayedClusters(store, report)
  await played.clearAll()
  const playing = new Playing({ language, problemView: view })
  session.subscribeSource((source) => playing.lost(source.kind === 'live' ? source.name : undefined))
  const calls = createCalls({
    options,
    host,
    store,
    session,
    settings,
    tasks,
    judge,
    playing,
    played,
    settingsChanged: () => {
      settingsChannel.emit(settings.value)
      // Sentences of problems are in the language of the settings.
      playing.tell()
    },
    loadSeen: (point) => loads.emit(point),
    notesChanged: (view) => notes.emit(view),
    problemView: view,
    language,
    signal: ending.signal,
  })
  if (settingsProblem) report(settingsProblem)

  const perform = async (name: string, input: unknown): Promise<unknown> => {
    if (!Object.hasOwn(CALLS, name)) throw new Problem('bad-input', { where: name, reason: 'unknown call' })
    const call = name as CallName
    const checked = CALLS[call].input.safeParse(input)
    if (!checked.success) {
      const issue = checked.error.issues[0]
      const reason = issue ? [issue.path.join('.'), issue.message].filter((part) => part !== '').join(': ') : ''
      throw new Problem('bad-input', { where: name, reason })
    }
    return (calls[call] as (input: unknown) => Promise<unknown>)(checked.data)
  }

  const call = async (name: string, input: unknown): Promise<Answer<unknown>> => {
    try {
      return { ok: true, value: await courtesy.serve(() => perform(name, input)) }
    } catch (trouble) {
      const problem = asProblem(trouble)
      // What closing interrupted is no trouble.
      if (problem.code === 'internal' && !ending.signal.aborted) host.log('error', withPlace(problem))
      return { ok: false, problem: view(problem) }
    }
  }

  /** Does something that no call waits for. */
  const reported = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (trouble) {
      // What closing interrupted is no trouble.
      if (!ending.signal.aborted) report(trouble)
    }
  }

  const subscribeProblems = (listener: (value: Streams['problem']) => void): (() => void) => {
    const stop = problems.add(listener)
    watchers++
    for (const problem of unseen.splice(0)) listener(view(problem))
    let listening = true
    return () => {
      stop()
      if (listening) watchers--
      listening = false
    }
  }

  /** One function per stream; the compiler keeps it complete. */
  const streams: { readonly [S in keyof Streams]: (listener: (value: Streams[S]) => void) => () => void } = {
    source: (listener) => session.subscribeSource(listener),
    live: (listener) => session.subscribeLive(listener),
    settings: (listener) => {
      const stop = settingsChannel.add(listener)
      listener(settings.value)
      return stop
    },
    problem: subscribeProblems,
    load: (listener) => loads.add(listener),
    notes: (listener) => notes.add(listener),
    tasks: (listener) => tasks.subscribe(listener),
    scenarios: (listener) => playing.subscribe(listener),
    verdicts: (listener) => {
      const stop = verdicts.add(listener)
      listener(judge.view)
      return stop
    },
    asked: (listener) => asked.add(listener),
  }

  return {
    home,
    call,
    subscribe: (stream, listener) => streams[stream](listener),
    report,
    show: (problem) => problems.emit(problem),
    ask: (wish) => asked.emit(wish),
    problemView: view,
    language,
    resume: ({ nodes, exactly, settings: wanted, witnesses }) =>
      reported(async () => {
        const clusters = await store.list()
        const newest = clusters.toSorted((a, b) => b.created.localeCompare(a.created))[0]
        const last = clusters.find(({ name }) => name === settings.lastCluster) ?? newest
        if (last && witnesses === undefined && (!exactly || last.nodes === nodes)) {
          if (wanted) await store.configure(last.name, wanted)
          await calls['clusters.open']({ name: last.name })
        } else {
          await calls['clusters.create']({ nodes, witnesses, settings: wanted })
        }
      }),
    receive: (name, chunks, size) => receiveFile(name, chunks, size, { home, tasks, signal: ending.signal }),
    openRecording: (path) => reported(() => calls['recordings.open']({ path })),
    async close() {
      ending.abort()
      await judge.close()
      await session.close()
      await played.clearAll()
    },
  }
}

/** For the log: trouble of our own, and where it happened. */
function withPlace(problem: Problem): string {
  const cause = problem.cause instanceof Error ? `\n${problem.cause.stack}` : ''
  return `${problem.message}${cause}`
}
