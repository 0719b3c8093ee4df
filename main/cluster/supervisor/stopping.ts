/**
 * The stop of the whole cluster: at a breakpoint, by a step, or by command. A node that hit stands by itself and waits for
 * an order (`contract/breakpoint/orders.ts`); the others are suspended by signals, and hear how long they stood before
 * they are woken. So a stop takes no time for anybody.
 */
import type { Notice, Order, StopNotice } from '../../node/contract/breakpoint/orders'
import type { BreakpointKind } from '../../node/contract/breakpoint/types'
import { Problem } from '../../node/contract/problem'
import type { Stopped } from '../api'
import { type Life, withinMs } from './life'
import type { Reporter } from './reporter'

/** What a suspended node had sent before is read within this time. */
const DRAIN_MS = 30
/** An order that was not read yet: perhaps SIGCONT came before the node's own SIGSTOP. */
const WAKE_AGAIN_MS = 5
const STEP_WITHIN_MS = 1000

/** How a node stands. */
interface Standing {
  /** `order`: it hit, and waits for an order. `signal`: it was suspended wherever it was. */
  at: 'order' | 'signal'
  /** `performance.now()` when it was suspended. */
  readonly since: number
  /** It still looks for the event of a step. */
  readonly isStepping: boolean
}

/** A step that is under way. */
interface Step {
  readonly life: Life
  readonly order: Order
  readonly done: (stopped: Stopped) => void
}

export interface StoppingOptions {
  readonly reporter: Reporter
  /** The processes there are. */
  lives(): Iterable<Life>
  /** The user paused it: it stays so. */
  isPaused(node: number): boolean
  /** A hit of a breakpoint that was taken away meanwhile is none. */
  isSet(breakpoint: number): boolean
  /** Whether the cluster stands has changed, or where. */
  changed?(stopped: Stopped | undefined): void
}

export class Stopping {
  readonly #options: StoppingOptions
  readonly #standing = new Map<Life, Standing>()
  /** Those that were sent an order and have not said yet that they read it. */
  readonly #unread = new Map<Life, () => void>()
  #stopped: Stopped | undefined
  #step: Step | undefined
  /** Commands follow one another. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: StoppingOptions) {
    this.#options = options
  }

  /** The stop that holds. */
  get stopped(): Stopped | undefined {
    return this.#stopped
  }

  /** To be called with every process when it was spawned. */
  attend(life: Life): void {
    life.orders.onNotice((notice) => this.#heard(life, notice))
    void life.ended.then(() => {
      this.#standing.delete(life)
      this.#read(life)
    })
  }

  /** To be called when a process has become ready: one that comes during a stop stands with the others. */
  joined(life: Life): void {
    if (this.#stopped !== undefined && !this.#standing.has(life)) this.#suspend(life)
  }

  /** Stops every node that runs. Resolves when they stand; at once, when they do already. */
  halt(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#stopped !== undefined) return
      this.#become({ node: 0, breakpoint: 0, event: 0, kind: '' })
      this.#suspendAll()
      await pause(DRAIN_MS)
    })
  }

  /** All go on that were not paused before. Resolves when those that hit have begun to. Problem: `not-stopped`. */
  continue(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#stopped === undefined) throw new Problem('not-stopped', {})
      this.#stopped = undefined
      this.#options.reporter.report('stop', { action: 'continued', subject: 0, breakpoint: 0, by: '' })
      this.#options.changed?.(undefined)
      const going = [...this.#standing].map(([life, standing]) => this.#goOn(life, standing, { type: 'continue' }))
      await Promise.all(going)
    })
  }

  /**
   * The node alone goes on to its next event (of this kind), or to a breakpoint. Resolves when it stands again; after `withinMs` it is
   * suspended where it is, and the answer is undefined. Problems: `not-stopped`; `node-state` when it is paused or does not run.
   */
  step(node: number, kind?: BreakpointKind, withinMillis = STEP_WITHIN_MS): Promise<Stopped | undefined> {
    return this.#inTurn(async () => {
      if (this.#stopped === undefined) throw new Problem('not-stopped', {})
      const found = [...this.#standing].find(([life]) => life.node === node)
      if (found === undefined) {
        const state = this.#options.isPaused(node) ? 'paused' : 'stopped'
        throw new Problem('node-state', { node: String(node), state, wanted: 'running' })
      }
      const [life, standing] = found
      this.#options.reporter.report('stop', { action: 'stepping', subject: node, breakpoint: 0, by: kind ?? '' })
      const order: Order = { type: 'step', ...(kind !== undefined && { kind }) }
      let answer: Stopped | undefined
      const done = new Promise<void>((resolve) => {
        this.#step = {
          life,
          order,
          done: (stopped) => {
            answer = stopped
            resolve()
          },
        }
      })
      void this.#goOn(life, standing, order)
      await withinMs(withinMillis, Promise.race([done, life.ended]))
      this.#step = undefined
      if (answer !== undefined || this.#stopped === undefined) return answer
      this.#options.reporter.report('stop', { action: 'stopped', subject: node, breakpoint: 0, by: '' })
      if (this.#isAlive(life) && !this.#standing.has(life)) {
        this.#suspend(life, true)
        await pause(DRAIN_MS)
      }
      return undefined
    })
  }

  #heard(life: Life, notice: Notice): void {
    if (notice.type === 'going') {
      this.#read(life)
      return
    }
    // It stopped by itself; a SIGCONT for its last order may have come behind that.
    life.suspend()
    this.#standing.set(life, { at: 'order', since: performance.now(), isStepping: false })
    const isStep = notice.breakpoint === 0
    const isHit = isStep ? this.#stopped !== undefined : this.#options.isSet(notice.breakpoint)
    if (isHit) this.#hit(life, notice)
    else this.#passOver(life)
  }

  /** What it stands at is nothing any more: it goes on as the others do, or stands with them. */
  #passOver(life: Life): void {
    const standing = this.#standing.get(life)
    if (standing === undefined) return
    if (this.#step?.life === life) void this.#goOn(life, standing, this.#step.order)
    else if (this.#stopped === undefined) void this.#goOn(life, standing, { type: 'continue' })
    else this.#quieten(life)
  }

  #hit(life: Life, { breakpoint, event, kind }: StopNotice): void {
    const stopped = { node: life.node, breakpoint, event, kind }
    const step = this.#step?.life === life ? this.#step : undefined
    // One that hits while the others are being stopped stands as well; who was first is told.
    const isNews = this.#stopped === undefined || step !== undefined || breakpoint === 0
    if (this.#stopped === undefined) this.#suspendAll()
    this.#quieten(life)
    if (isNews) this.#become(stopped)
    step?.done(stopped)
  }

  #become(stopped: Stopped): void {
    const { node, breakpoint, kind } = stopped
    this.#stopped = stopped
    this.#options.reporter.report('stop', { action: 'stopped', subject: node, breakpoint, by: kind })
    this.#options.changed?.(stopped)
  }

  #suspendAll(): void {
    for (const life of this.#options.lives()) {
      if (!this.#standing.has(life) && !this.#options.isPaused(life.node)) this.#suspend(life)
    }
  }

  #suspend(life: Life, isStepping = false): void {
    life.suspend()
    // Its order waits in the pipe; nobody may wait with it.
    this.#unread.get(life)?.()
    this.#standing.set(life, { at: 'signal', since: performance.now(), isStepping })
    this.#quieten(life)
  }

  /** The timeline need not wait for a node that stands, once what it had said before is read. */
  #quieten(life: Life): void {
    setTimeout(() => {
      if (this.#standing.has(life)) this.#options.reporter.sink.watermark(life.node, Number.POSITIVE_INFINITY)
    }, DRAIN_MS)
  }

  /** Resolves when a node that waited for an order has read it, has ended, or stands again before it could. */
  #goOn(life: Life, standing: Standing, order: Order): Promise<void> {
    const { reporter } = this.#options
    this.#standing.delete(life)
    reporter.sink.watermark(life.node, reporter.now())
    // It was suspended again before it had read its last order; what it stood it counts itself.
    const waits = this.#unread.has(life)
    if (standing.at === 'signal' && !waits) {
      const nanos = (performance.now() - standing.since) * 1e6
      life.controlAtOnce({ type: 'slept', nanos })
      if (order.type === 'step') life.controlAtOnce({ ...order, wanted: true })
      else if (standing.isStepping) life.controlAtOnce({ type: 'step', wanted: false })
      life.wake()
      return Promise.resolve()
    }
    if (!waits) life.orders.send(order)
    else if (order.type === 'step') life.controlAtOnce({ ...order, wanted: true })
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#unread.set(life, resolve)
    this.#wakeUntilRead(life)
    return this.#options.isPaused(life.node) ? Promise.resolve() : promise
  }

  #wakeUntilRead(life: Life): void {
    if (!this.#unread.has(life) || this.#standing.has(life)) return
    // One that was paused as it hit has its order, and stays so.
    if (!this.#options.isPaused(life.node)) life.wake()
    setTimeout(() => this.#wakeUntilRead(life), WAKE_AGAIN_MS)
  }

  #read(life: Life): void {
    this.#unread.get(life)?.()
    this.#unread.delete(life)
  }

  #isAlive(life: Life): boolean {
    for (const other of this.#options.lives()) if (other === life) return true
    return false
  }

  #inTurn<T>(command: () => Promise<T>): Promise<T> {
    const result = this.#last.then(command)
    this.#last = result.catch(() => undefined)
    return result
  }
}

const pause = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis))
