import type { ProblemView, TaskView } from '../../preload/contract'
import type { Exported } from '../timeline/export/exporter'
import { Channel } from './streams'

/** Windows are told of progress this often at most. */
const TOLD_EVERY_MILLIS = 100
/** Ended tasks that are still told, so that a window hears of each end. */
const ENDED_KEPT = 16

export interface TaskWish {
  readonly kind: TaskView['kind']
  readonly what: string
  readonly path?: string
}

/** What a task's work is given. */
export interface TaskHandle {
  /** Aborted by its cancelling, and by what `run` was given. */
  readonly signal: AbortSignal
  progress(done: number): void
  /** How much there is to do, as soon as that is known. */
  expect(total: number): void
}

/** Long work with its progress, which people look at and cancel. */
export class Tasks {
  readonly #channel = new Channel<'tasks'>()
  readonly #view: (thrown: unknown) => ProblemView
  readonly #running = new Map<number, AbortController>()
  #tasks: readonly TaskView[] = []
  #last = 0
  #timer: NodeJS.Timeout | undefined

  /** @param view a problem as it crosses */
  constructor(view: (thrown: unknown) => ProblemView) {
    this.#view = view
  }

  subscribe(listener: (tasks: readonly TaskView[]) => void): () => void {
    const stop = this.#channel.add(listener)
    listener(this.#tasks)
    return stop
  }

  /** Does nothing when it has ended meanwhile. */
  cancel(id: number): void {
    this.#running.get(id)?.abort()
  }

  /** Runs work under a new task's name; @throws what the work throws */
  async run<T>(wish: TaskWish, signal: AbortSignal, work: (task: TaskHandle) => Promise<T>): Promise<T> {
    const id = ++this.#last
    const cancelling = new AbortController()
    const { kind, what, path = '' } = wish
    const begun: TaskView = { id, kind, what, path, state: 'running', done: 0, total: 0, leftOut: [], problem: null }
    this.#running.set(id, cancelling)
    this.#tasks = [...this.#tasks, begun]
    this.#tell()
    const handle: TaskHandle = {
      signal: AbortSignal.any([signal, cancelling.signal]),
      progress: (done) => this.#change(id, { done }),
      expect: (total) => this.#change(id, { total }),
    }
    try {
      const result = await work(handle)
      this.#end(id, { state: 'done', ...(isExported(result) ? { leftOut: result.leftOut, done: result.events } : {}) })
      return result
    } catch (thrown) {
      this.#end(id, handle.signal.aborted ? { state: 'cancelled' } : { state: 'failed', problem: this.#view(thrown) })
      throw thrown
    }
  }

  #change(id: number, change: Partial<TaskView>): void {
    this.#tasks = this.#tasks.map((task) => (task.id === id ? { ...task, ...change } : task))
    this.#timer ??= setTimeout(() => this.#tell(), TOLD_EVERY_MILLIS).unref()
  }

  #end(id: number, change: Partial<TaskView>): void {
    this.#running.delete(id)
    this.#change(id, change)
    const ended = this.#tasks.filter(({ state }) => state !== 'running')
    const gone = new Set(ended.slice(0, Math.max(0, ended.length - ENDED_KEPT)))
    this.#tasks = this.#tasks.filter((task) => !gone.has(task))
    this.#tell()
  }

  #tell(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#channel.emit(this.#tasks)
  }
}

function isExported(result: unknown): result is Exported {
  return typeof result === 'object' && result !== null && 'leftOut' in result && 'events' in result
}
