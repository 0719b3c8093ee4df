/**
 * The workbench's side of the warden: one for all clusters that this process opens. It is started with the first of them
 * and stays for the next ones, replaced when it dies, until this process ends.
 */
import type { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { launchWarden, type Program } from '../launcher'
import { type Asked, hearWatching, say, type Watched } from './protocol'

/** What the warden is to a cluster. */
export interface Watch {
  /** Resolves when a warden watches for the first time; nothing that only it could end may exist before. */
  readonly watching: Promise<void>
  /** The cluster is put away: nothing of it is left to clean up. */
  end(): void
}

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 5000
/** One that runs and takes longer for an answer is not alive enough to rely on. */
const ANSWER_WITHIN_MS = 1000

const keepers = new Map<string, Keeper>()

/** Has a warden watch this cluster. `program` is the warden's. */
export function watch(program: Program, cluster: Watched): Watch {
  const key = JSON.stringify([program.execPath, program.program])
  const keeper = keepers.get(key) ?? new Keeper(program)
  keepers.set(key, keeper)
  return keeper.watch(cluster)
}

interface Entry {
  readonly cluster: Watched
  readonly watches: () => void
  isWatched: boolean
}

/** Keeps one warden alive as long as there is something to watch, and as long after as it lives by itself. */
class Keeper {
  readonly #program: Program
  /** By token. */
  readonly #entries = new Map<string, Entry>()
  #warden: Warden | undefined
  #pauseMs = FIRST_PAUSE_MS
  #pause: NodeJS.Timeout | undefined

  constructor(program: Program) {
    this.#program = program
    // It would end by itself. But one that was stopped could not, and nobody who looks then should still see it.
    process.once('exit', () => {
      if (this.#entries.size === 0) this.#warden?.kill()
    })
  }

  watch(cluster: Watched): Watch {
    const { promise: watching, resolve: watches } = Promise.withResolvers<void>()
    const entry: Entry = { cluster, watches, isWatched: false }
    this.#entries.set(cluster.token, entry)
    if (this.#warden === undefined) this.#start(cluster)
    else this.#askAgain(this.#warden, entry)
    return { watching, end: () => this.#end(cluster.token) }
  }

  #end(token: string): void {
    if (this.#entries.delete(token)) this.#warden?.say({ type: 'forget', token })
    if (this.#entries.size === 0) clearTimeout(this.#pause)
  }

  #start(occasion: Watched): void {
    clearTimeout(this.#pause)
    const since = performance.now()
    const listener: Listener = {
      onWatching: (token) => {
        const entry = this.#entries.get(token)
        if (entry === undefined) return
        entry.isWatched = true
        entry.watches()
      },
      onEnd: () => {
        this.#warden = undefined
        this.#startLater(performance.now() - since)
      },
    }
    try {
      this.#warden = new Warden(this.#program, occasion, listener)
    } catch {
      // The system has no room for it now.
      listener.onEnd()
    }
    for (const { cluster } of this.#entries.values()) this.#warden?.say({ type: 'watch', ...cluster })
  }

  /** One that can't stay alive is tried again more and more slowly; without anything to watch, with the next cluster. */
  #startLater(livedMs: number): void {
    this.#pauseMs = livedMs > LONGEST_PAUSE_MS ? FIRST_PAUSE_MS : Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS)
    this.#pause = setTimeout(() => {
      const [entry] = this.#entries.values()
      if (entry !== undefined) this.#start(entry.cluster)
    }, this.#pauseMs).unref()
  }

  /** Of one that was started for another cluster, and may have been stopped meanwhile: then it is replaced. */
  #askAgain(warden: Warden, entry: Entry): void {
    warden.say({ type: 'watch', ...entry.cluster })
    if (!warden.isUp) return
    setTimeout(() => {
      if (!entry.isWatched && this.#entries.has(entry.cluster.token)) warden.kill()
    }, ANSWER_WITHIN_MS).unref()
  }
}

interface Listener {
  onWatching(token: string): void
  /** Once, also when it could not be started at all. */
  onEnd(): void
}

/** One process. It never keeps this one from ending. */
class Warden {
  readonly #child: ChildProcess
  #isUp = false

  constructor(program: Program, occasion: Watched, listener: Listener) {
    const child = launchWarden(program, occasion.directory)
    this.#child = child
    child.unref()
    child.once('exit', () => listener.onEnd())
    child.on('error', () => {
      if (child.pid === undefined) listener.onEnd()
    })
    for (const pipe of [child.stdin, child.stdout]) {
      // A child that could not be spawned has none.
      if (!(pipe instanceof Socket)) return
      pipe.unref()
      // What cannot be written has nobody to read it: its end is heard, and the next one told everything.
      pipe.on('error', () => undefined)
    }
    if (child.stdout === null) return
    hearWatching(child.stdout, ({ token }) => {
      this.#isUp = true
      listener.onWatching(token)
    })
  }

  /** Did it answer already? Loading its program may take long on a busy machine. */
  get isUp(): boolean {
    return this.#isUp
  }

  say(asked: Asked): void {
    if (this.#child.stdin?.writable === true) say(this.#child.stdin, asked)
  }

  /** Stopped or not. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
