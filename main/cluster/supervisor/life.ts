/** One life of one node process: from its spawn to its end, with what it says in between. */
import type { ChildProcess } from 'node:child_process'
import type { Control } from '../../node/contract/control'
import type { Frame, Hello } from '../../node/contract/frames'
import type { Launch } from '../../node/contract/launch'
import type { Connection } from '../../node/contract/transport'
import { launchNode, type NodeProgram, readLines } from '../launcher'
import type { AnnouncedLogs, Announcement } from './announced-logs'
import { OrdersPipe } from './orders'
import type { Reading } from './reading'
import type { Reporter } from './reporter'
import { Requests } from './requests'
import type { Receiver } from './telemetry'

/** How a life ended. */
export interface LifeEnd {
  /** -1 when a signal ended it, or when it never began. */
  readonly exitCode: number
  readonly signal: string
  /** For people who read logs: the fatal problem it reported, else its last line on stderr, else empty. */
  readonly lastWords: string
}

/** Why a node could not start, for people. */
export function describeEnd({ exitCode, signal, lastWords }: LifeEnd): string {
  const how = signal !== '' ? `ended by ${signal}` : exitCode === -1 ? 'not started' : `exit status ${exitCode}`
  return lastWords === '' ? how : `${how}: ${lastWords}`
}

/** After the exit, what is still in the pipes and the socket is read for at most this long. */
const DRAIN_MS = 500
const ACCEPT_MS = 50

const hasSignals = process.platform !== 'win32'

export class Life {
  readonly node: number
  readonly incarnation: number
  /** What it was told when it was spawned. */
  readonly launch: Launch
  readonly pid: number
  /** How it stops at breakpoints and goes on. */
  readonly orders: OrdersPipe
  /** What it was asked and has not answered yet. */
  readonly requests = new Requests()
  /** Resolves when the node listens and has read its disk; never, when it ends before. */
  readonly ready: Promise<void>
  /** Resolves when the process has ended and everything it said was taken in. Never rejects. */
  readonly ended: Promise<LifeEnd>
  readonly #child: ChildProcess
  readonly #reporter: Reporter
  readonly #logs: AnnouncedLogs
  readonly #reading: Reading
  #announcement: Announcement | undefined
  #connection: Connection | null = null
  #lastWords = ''
  #fatal = false
  #met = false
  #isReady = false
  #isOver = false
  #lastTrouble = ''
  #lastEvent = 0
  #becomeReady: () => void = () => undefined
  #connectionOver: () => void = () => undefined

  constructor(
    program: NodeProgram,
    launch: Launch,
    reporter: Reporter,
    logs: AnnouncedLogs,
    reading: Reading,
    onSpawn: (pid: number) => void,
  ) {
    this.node = launch.node
    this.incarnation = launch.incarnation
    this.launch = launch
    this.#reporter = reporter
    this.#logs = logs
    this.#reading = reading
    this.#child = launchNode(program, launch)
    this.pid = this.#child.pid ?? 0
    this.orders = new OrdersPipe(this.#child, (problem) => this.#trouble(problem.code, problem.message))
    if (this.pid !== 0) onSpawn(this.pid)
    this.ended = this.#watch()
    this.ready = new Promise((resolve) => {
      this.#becomeReady = resolve
    })
  }

  get isReady(): boolean {
    return this.#isReady
  }

  /** Is this hello from this very process? */
  isMe(hello: Hello): boolean {
    return hello.node === this.node && hello.incarnation === this.incarnation && hello.pid === this.pid
  }

  attach(connection: Connection): Receiver {
    this.#connection = connection
    this.#met = true
    connection.onProblem((problem) => this.#trouble(problem.code, problem.message))
    return {
      onFrame: (frame) => {
        this.#take(frame)
        if (this.#mayRest && frame.type === 'events' && frame.events.length > 0) this.#reading.rest(connection)
      },
      onClose: () => {
        this.#connection = null
        this.#announcement?.left()
        this.#connectionOver()
      },
    }
  }

  /** False while the node is not connected (yet). */
  control(control: Control): boolean {
    if (this.#connection === null) return false
    this.#connection.send({ type: 'control', control })
    this.#reading.now()
    return true
  }

  /** The same, and the system has it when this returns: the node finds it when it is woken. */
  controlAtOnce(control: Control): boolean {
    const isSent = this.control(control)
    this.#connection?.flush()
    return isSent
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal)
    this.#reading.now()
  }

  /** All of it stands from now on, by a signal where there are any. */
  suspend(): void {
    if (hasSignals) this.signal('SIGSTOP')
    else this.control({ type: 'freeze' })
  }

  wake(): void {
    if (hasSignals) this.signal('SIGCONT')
    else this.control({ type: 'thaw' })
  }

  /** Nobody waits for its next word: not for its start, an answer, or its end. */
  get #mayRest(): boolean {
    return this.#isReady && !this.#isOver && !this.requests.isWaiting
  }

  #take(frame: Frame): void {
    switch (frame.type) {
      case 'events':
        this.#takeEvents(frame)
        return
      case 'ready':
        this.#isReady = true
        this.#becomeReady()
        return
      case 'control-reply':
        this.requests.settle(frame)
        return
      case 'log':
        this.#announcement = this.#logs.announce(this.node, frame.runs, (runs) =>
          this.control({ type: 'tell', runs: [...runs] }),
        )
        return
      case 'entries':
        if (this.#announcement?.tell(frame.run, frame.entries)) return
        this.#trouble('frame-malformed', `run ${frame.run} of the log is not as it was announced`)
        this.#connection?.close()
        return
      case 'fatal':
        this.#fatal = true
        this.#lastWords = `${frame.problem} ${frame.details}`
        this.#trouble(frame.problem, frame.details)
        return
      default:
        this.#trouble('frame-malformed', `a ${frame.type} frame does not belong into telemetry`)
        this.#connection?.close()
    }
  }

  #takeEvents({ events, upTo }: Extract<Frame, { type: 'events' }>): void {
    const foreign = events.find((event) => event.node !== this.node)
    if (foreign !== undefined) {
      this.#trouble('frame-malformed', `an event in the name of node ${foreign.node}`)
      this.#connection?.close()
      return
    }
    for (const event of events) if (event.kind === 'trouble') this.#lastTrouble = event.problem
    this.#lastEvent = events.at(-1)?.n ?? this.#lastEvent
    if (events.length > 0) this.#reporter.sink.report(events)
    this.#reporter.sink.watermark(this.node, upTo)
  }

  /** Its last word goes on the timeline in its own name, unless it said the same as an event already. */
  #trouble(problem: string, detail: string): void {
    if (this.#lastTrouble === problem) return
    const event = { kind: 'trouble', node: this.node, n: ++this.#lastEvent, t: this.#reporter.now() } as const
    this.#reporter.sink.report([{ ...event, problem, detail }])
  }

  async #watch(): Promise<LifeEnd> {
    const child = this.#child
    for (const stream of ['stdout', 'stderr'] as const) {
      const pipe = child[stream]
      if (pipe === null) continue
      readLines(pipe, (text) => {
        if (stream === 'stderr' && !this.#fatal) this.#lastWords = text
        this.#reporter.report('output', { subject: this.node, stream, text })
      })
    }
    const drained = new Promise<void>((resolve) => child.once('close', () => resolve()))
    const exit = await new Promise<{ exitCode: number; signal: string }>((resolve) => {
      child.once('error', (error) => {
        // Either it could not be spawned, or a signal could not be sent; only the first is an end.
        if (this.pid !== 0) return
        this.#lastWords = error.message
        resolve({ exitCode: -1, signal: '' })
      })
      child.once('exit', (exitCode, signal) => resolve({ exitCode: exitCode ?? -1, signal: signal ?? '' }))
    })
    this.#isOver = true
    this.#reading.now()
    if (this.pid !== 0) {
      const telemetryOver = new Promise<void>((resolve) => {
        this.#connectionOver = resolve
        // A node that ended at once may have connected and spoken before we got to accept it.
        if (this.#connection === null) setTimeout(() => this.#connection ?? resolve(), this.#met ? 0 : ACCEPT_MS)
      })
      await withinMs(DRAIN_MS, Promise.all([drained, telemetryOver]))
    }
    this.#connection?.close()
    return { ...exit, lastWords: this.#lastWords }
  }
}

/** Waits for a promise, but not longer; tells whether it came in time. */
export async function withinMs(millis: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, millis, false)
  })
  const inTime = await Promise.race([promise.then(() => true), late])
  clearTimeout(timer)
  return inTime
}
