import type { OpenSource, Streams } from '../../preload/contract'
import type { Cluster, ClusterStore, ClusterSummary } from '../cluster/api'
import { Problem } from '../node/contract/problem'
import { openRecording } from '../timeline'
import type { Recorder, RecordingInfo, TimelineSource } from '../timeline/api'
import { damageOf } from './exporting'
import { type LiveCluster, openLive } from './live/cluster'
import { LiveFeed } from './live/feed'
import { TroubleWatch } from './live/watch'
import { Channel } from './streams'

interface Live {
  readonly live: LiveCluster
  readonly feed: LiveFeed
}

type LiveListener = (value: Streams['live']) => void

export interface SessionOptions {
  readonly store: ClusterStore
  /** Path of the built recorder worker. */
  readonly worker: string
  readonly report: (problem: Problem) => void
}

/** See `ClusterStore.open`. */
export interface StartOptions {
  readonly manual?: boolean
}

/**
 * What is open: nothing, one running cluster, or one recording. Opening and closing happen one after the other; a
 * recording gives way silently, a running cluster only when it is closed.
 */
export class Session {
  readonly #store: ClusterStore
  readonly #worker: string
  readonly #report: (problem: Problem) => void
  readonly #channel = new Channel<'source'>()
  readonly #liveListeners = new Map<LiveListener, () => void>()
  #source: OpenSource = { kind: 'none' }
  #live: Live | undefined
  #recording: TimelineSource | undefined
  #opening: AbortController | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor({ store, worker, report }: SessionOptions) {
    this.#store = store
    this.#worker = worker
    this.#report = report
  }

  /** @throws {Problem} 'no-cluster' */
  get cluster(): Cluster {
    return this.#openLive().live.cluster
  }

  runs(name: string): boolean {
    return this.#live?.live.cluster.name === name
  }

  /** @throws {Problem} 'no-cluster' */
  get recorder(): Recorder {
    return this.#openLive().live.recorder
  }

  /** @throws {Problem} 'no-cluster', 'no-recording' */
  timeline(which: 'live' | 'recording'): TimelineSource {
    if (which === 'live') return this.recorder.source
    if (!this.#recording) throw new Problem('no-recording', {})
    return this.#recording
  }

  subscribeSource(listener: (value: OpenSource) => void): () => void {
    const stop = this.#channel.add(listener)
    listener(this.#source)
    return stop
  }

  /** Updates of the cluster that is open now, and of each one opened later. */
  subscribeLive(listener: LiveListener): () => void {
    const own: LiveListener = (value) => listener(value)
    this.#liveListeners.set(own, this.#live?.feed.subscribe(own) ?? (() => undefined))
    return () => {
      this.#liveListeners.get(own)?.()
      this.#liveListeners.delete(own)
    }
  }

  /**
   * Starts a cluster, made by `prepare` when its turn has come.
   * @throws {Problem} 'cluster-open', or why it can't be started
   */
  openCluster(prepare: () => Promise<ClusterSummary>): Promise<{ readonly name: string }> {
    return this.#inTurn(async () => {
      this.#refuseWhileRunning()
      return await this.#start(await prepare())
    })
  }

  /**
   * The same in place of whatever is open, which stays open until `prepare` has done its part, and is closed then.
   * @throws {Problem} why it can't be made or started
   */
  replaceCluster(
    prepare: () => Promise<ClusterSummary>,
    options: StartOptions = {},
  ): Promise<{ readonly name: string }> {
    return this.#inTurn(async () => {
      const summary = await prepare()
      await this.#endCluster()
      return await this.#start(summary, options)
    })
  }

  async #start(summary: ClusterSummary, { manual = false }: StartOptions = {}): Promise<{ readonly name: string }> {
    const { name, nodes } = summary
    await this.#letGoOfRecording()
    const opening = new AbortController()
    this.#opening = opening
    this.#show({ kind: 'opening', name, ready: 0, of: nodes })
    try {
      const live = await openLive({
        store: this.#store,
        summary,
        worker: this.#worker,
        report: this.#report,
        progress: (ready, of) => this.#show({ kind: 'opening', name, ready, of }),
        signal: opening.signal,
        manual,
      })
      this.#began(name, live)
      return { name }
    } catch (trouble) {
      this.#show({ kind: 'none' })
      // Given up on purpose: nothing broke, there just is no cluster.
      throw opening.signal.aborted ? new Problem('no-cluster', {}, { cause: trouble }) : trouble
    } finally {
      this.#opening = undefined
    }
  }

  /** Closes the running cluster, or gives up opening one. @throws {Problem} 'no-cluster' */
  closeCluster(): Promise<void> {
    if (!this.#opening && !this.#live) throw new Problem('no-cluster', {})
    this.#opening?.abort()
    return this.#inTurn(() => this.#endCluster())
  }

  /** @throws {Problem} 'cluster-open', or why the file can't be read */
  openRecording(path: string): Promise<RecordingInfo> {
    return this.#inTurn(async () => {
      this.#refuseWhileRunning()
      const source = await openRecording(path)
      await this.#letGoOfRecording()
      this.#recording = source
      const info = source.info()
      this.#show({ kind: 'recording', info })
      for (const problem of damageOf(info)) this.#report(problem)
      return info
    })
  }

  /** @throws {Problem} 'no-recording' */
  closeRecording(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#recording) throw new Problem('no-recording', {})
      await this.#letGoOfRecording()
      this.#show({ kind: 'none' })
    })
  }

  /** Runs something that must not overlap with opening or closing. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTurn(work)
  }

  /** Closes whatever is open. Never throws. */
  async close(): Promise<void> {
    this.#opening?.abort()
    await this.#inTurn(async () => {
      await this.#endCluster()
      await this.#letGoOfRecording()
      this.#show({ kind: 'none' })
    }).catch((trouble: unknown) => this.#report(trouble as Problem))
  }

  #began(name: string, live: LiveCluster): void {
    const watch = new TroubleWatch(this.#report)
    live.recorder.onOrdered((events) => watch.take(events))
    this.#live = { live, feed: new LiveFeed(live.recorder) }
    // The window learns first that it is live, then what is.
    this.#show({ kind: 'live', name, recording: live.recording })
    for (const listener of this.#liveListeners.keys()) {
      this.#liveListeners.set(listener, this.#live.feed.subscribe(listener))
    }
  }

  async #endCluster(): Promise<void> {
    if (!this.#live) return
    const { live, feed } = this.#live
    this.#show({ kind: 'closing', name: live.cluster.name })
    this.#live = undefined
    try {
      await live.close()
    } finally {
      feed.close()
      this.#show({ kind: 'none' })
    }
  }

  async #letGoOfRecording(): Promise<void> {
    const source = this.#recording
    this.#recording = undefined
    await source?.close()
  }

  #refuseWhileRunning(): void {
    if (this.#live) throw new Problem('cluster-open', { name: this.#live.live.cluster.name })
  }

  #openLive(): Live {
    if (!this.#live) throw new Problem('no-cluster', {})
    return this.#live
  }

  #show(source: OpenSource): void {
    this.#source = source
    this.#channel.emit(source)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }
}
