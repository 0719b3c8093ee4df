/**
 * One request on its way to an answer, over redirects, busy nodes, broken connections and silent leaders. Asking a second
 * node while the first is silent is harmless: the session makes a command take effect once (paper §8), and a read does
 * nothing.
 */
import type { ClientReply, ClientRequest } from '../../node/contract/client'
import type { Leadership, Seeker } from './leadership'
import type { Links } from './links'
import type { Attempt, NodeLink } from './node-link'

export type Asked = Omit<ClientRequest, 'request'>

/**
 * `leader`: whoever leads. `any`: any node can answer, the leader best. `turn`: any node, each in its turn. `only`: the
 * given node and nobody else.
 */
export type Route = 'leader' | 'any' | 'turn' | 'only'

export interface PursuitOptions {
  readonly route: Route
  /** The node that is asked first, and that must be right: the pursuit ends when it does not lead. 0 = none. */
  readonly via: number
  /** On the clock of {@link Surroundings.now}. */
  readonly deadline: number
  readonly signal: AbortSignal | undefined
}

/** `isDoubtful`: it may have been proposed somewhere, and take effect at any time. */
export type Ending =
  | { readonly kind: 'ok'; readonly from: number; readonly reply: Extract<ClientReply, { status: 'ok' }> }
  | { readonly kind: 'failed'; readonly from: number; readonly problem: string; readonly isDoubtful: boolean }

export interface Surroundings {
  readonly links: Links
  readonly leadership: Leadership
  /** Those under way. */
  readonly pursuits: Set<Pursuit>
  /** The clock of deadlines, in milliseconds; it stands while the cluster is stopped. */
  now(): number
}

/** A node that has not answered by then may be cut off: the others are asked as well. */
const SILENT_MS = 150
/** Before the only node that counts is asked again. */
const PAUSE_MS = 25
/** A busy node is left alone for so long at first, and up to this. */
const BUSY_MS = 5
const MAX_BUSY_MS = 200
/** What a timer can count. */
const MAX_TIMER_MS = 2 ** 31 - 1
/** Redirects that are followed before it is somebody else's turn. */
const MAX_HOPS = 3

interface Question {
  readonly link: NodeLink
  readonly number: number
}

export class Pursuit implements Seeker {
  readonly #surroundings: Surroundings
  readonly #asked: Asked
  readonly #options: PursuitOptions
  /** Who was asked and has not answered. */
  readonly #open = new Map<number, Question>()
  #isDoubtful = false
  #hops = 0
  #busyMs = BUSY_MS
  /** What a failure is called when time is up. */
  #obstacle = 'no-leader'
  #timer: NodeJS.Timeout | undefined
  #pause: NodeJS.Timeout | undefined
  #resolve: (ending: Ending) => void = () => {}
  readonly #onAbort = () => this.abort()

  constructor(surroundings: Surroundings, asked: Asked, options: PursuitOptions) {
    this.#surroundings = surroundings
    this.#asked = asked
    this.#options = options
  }

  run(): Promise<Ending> {
    return new Promise((resolve) => {
      const { signal } = this.#options
      this.#resolve = resolve
      this.#surroundings.pursuits.add(this)
      signal?.addEventListener('abort', this.#onAbort)
      if (signal?.aborted === true) this.abort()
      else this.#begin()
    })
  }

  /** Ends it as if its time were up. */
  abort(): void {
    this.#fail(this.#obstacle, 0)
  }

  follow(leader: number): void {
    const isAsked = this.#open.has(leader)
    // It has just answered somebody else: it is not silent.
    if (isAsked) this.#watch(SILENT_MS)
    else this.#ask(leader)
  }

  scout(): void {
    const node = this.#surroundings.links.next(this.#open)
    this.#hops = 0
    if (node === 0) this.#seek()
    else this.#ask(node)
  }

  #begin(): void {
    const { route, via } = this.#options
    const { links, leadership } = this.#surroundings
    if (via !== 0) this.#ask(via)
    else if (route === 'turn' || (route === 'any' && leadership.leader === 0)) this.#askOr(links.next(this.#open))
    else this.#askOr(leadership.leader)
  }

  #askOr(node: number): void {
    if (node === 0) this.#seek()
    else this.#ask(node)
  }

  #ask(node: number): void {
    if (this.#open.has(node)) {
      this.#seek()
      return
    }
    const link = this.#surroundings.links.to(node)
    const number = link.ask(this.#asked, (attempt) => this.#settled(node, attempt))
    if (number === 0) {
      this.#again(node)
      return
    }
    this.#open.set(node, { link, number })
    this.#watch(SILENT_MS)
  }

  #settled(node: number, attempt: Attempt<ClientReply>): void {
    this.#open.delete(node)
    switch (attempt.kind) {
      case 'reply':
        this.#consider(node, attempt.reply)
        break
      case 'broken':
        this.#isDoubtful = true
        this.#again(node)
        break
      case 'unreachable':
        this.#again(node)
        break
      default:
        attempt satisfies never
    }
  }

  #consider(node: number, reply: ClientReply): void {
    switch (reply.status) {
      case 'ok':
        this.#end({ kind: 'ok', from: node, reply })
        if (this.#isForLeaders) this.#surroundings.leadership.confirm(node)
        break
      case 'lost':
        this.#again(node)
        break
      case 'not-leader':
        if (this.#options.via === node) this.#fail('not-leader', node)
        else this.#redirect(node, reply.leader)
        break
      case 'refused':
        if (reply.problem === 'cluster-busy' || reply.problem === 'node-busy') this.#wait(reply.problem)
        else this.#fail(reply.problem, node)
        break
      default:
        reply satisfies never
    }
  }

  /** Only a leader answers `ok` to what becomes an entry. */
  get #isForLeaders(): boolean {
    return this.#asked.command.op !== 'get' || this.#asked.consistency === 'log'
  }

  /** `node` says that `leader` leads. A node that is cut off may name one that no longer answers. */
  #redirect(node: number, leader: number): void {
    const { links, leadership } = this.#surroundings
    leadership.lost(node)
    this.#obstacle = 'no-leader'
    const isNews = leader !== node && links.isPromising(leader)
    if (isNews && this.#hops++ < MAX_HOPS) this.#ask(leader)
    else this.#seek()
  }

  /** `node` is of no help now. */
  #again(node: number): void {
    const { leadership, links } = this.#surroundings
    leadership.lost(node)
    if (this.#options.route !== 'only') {
      this.#askOr(leadership.leader)
    } else if (links.isCandidate(node)) {
      this.#later(PAUSE_MS, () => this.#ask(node))
    } else {
      this.#fail('node-state', node)
    }
  }

  /** Nothing was done: there is too much to do. */
  #wait(obstacle: string): void {
    this.#obstacle = obstacle
    // Those that were refused together must not come back together.
    const millis = this.#busyMs * (0.5 + Math.random() / 2)
    this.#busyMs = Math.min(MAX_BUSY_MS, this.#busyMs * 2)
    this.#later(millis, () => this.#begin())
  }

  #later(millis: number, action: () => void): void {
    this.#keepTime()
    clearTimeout(this.#pause)
    this.#pause = setTimeout(action, millis)
  }

  #seek(): void {
    this.#keepTime()
    this.#surroundings.leadership.seek(this)
  }

  /** The deadline counts also while nobody is asked. */
  #keepTime(): void {
    if (this.#timer === undefined) this.#watch(Number.POSITIVE_INFINITY)
  }

  /** Looks again when `millis` have passed without an answer, and at the deadline. */
  #watch(millis: number): void {
    const left = Math.max(0, this.#options.deadline - this.#surroundings.now())
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#look(), Math.min(millis, left, MAX_TIMER_MS))
  }

  #look(): void {
    if (this.#surroundings.now() >= this.#options.deadline - 1) {
      this.#fail(this.#obstacle, 0)
      return
    }
    this.#watch(Number.POSITIVE_INFINITY)
    if (this.#options.route === 'only') return
    const { leader } = this.#surroundings.leadership
    if (leader !== 0 && !this.#open.has(leader)) this.#ask(leader)
    else this.#seek()
  }

  #fail(problem: string, from: number): void {
    const { op } = this.#asked.command
    const hasEffect = op === 'put' || op === 'delete' || op === 'cas' || op === 'append'
    const isDoubtful = hasEffect && (this.#isDoubtful || this.#open.size > 0)
    this.#end({ kind: 'failed', from, problem, isDoubtful })
  }

  #end(ending: Ending): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#pause)
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    for (const { link, number } of this.#open.values()) link.forget(number)
    this.#open.clear()
    this.#surroundings.leadership.leave(this)
    this.#surroundings.pursuits.delete(this)
    this.#resolve(ending)
  }
}
