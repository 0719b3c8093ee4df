/** The life of one node process, from its disk to its end. */
import { Clock } from './clock'
import type { Control } from './contract/control'
import type { ControlReply } from './contract/control-conditions'
import { type Hello, PROTOCOL_VERSION } from './contract/frames'
import type { Launch } from './contract/launch'
import { asProblem, type Problem } from './contract/problem'
import { CoreClock } from './core-clock'
import { openDisk } from './disk'
import { realFiles } from './disk/files'
import { Faults } from './faults/armed'
import { thisProcess } from './faults/ending'
import { KeyValueStore } from './kv/store'
import { Peers } from './runtime/peers'
import { type Reception, receive } from './runtime/reception'
import { Runtime } from './runtime/runtime'
import { EXIT_FATAL, Supervision } from './supervision'
import { Journal } from './telemetry/journal'
import { Reporter } from './telemetry/reporter'
import { openStop, type Stop } from './watch/stop'
import { Watching } from './watch/watching'

const STATS_MILLIS = 1000

export class NodeProcess {
  readonly #launch: Launch
  readonly #clock: Clock
  readonly #coreClock: CoreClock
  readonly #hello: Hello
  readonly #supervision: Supervision
  readonly #reporter: Reporter
  readonly #journal: Journal
  readonly #armed: Faults
  readonly #watching: Watching
  #runtime: Runtime | undefined
  #peers: Peers | undefined
  #reception: Reception | undefined
  /** Told before there was a loop to tell. */
  #early: Control[] = []
  #isEnding = false
  #isFrozen = false

  constructor(launch: Launch) {
    const { clusterId, node, incarnation } = launch
    // Before anything else is opened here, which might get the number of a pipe that nobody gave us.
    const stop = openStop()
    this.#launch = launch
    this.#clock = new Clock(BigInt(launch.origin))
    this.#coreClock = new CoreClock(launch.conditions.clock, this.#clock.now())
    this.#hello = {
      type: 'hello',
      version: PROTOCOL_VERSION,
      clusterId,
      role: 'telemetry',
      node,
      incarnation,
      pid: process.pid,
    }
    this.#supervision = new Supervision(launch, this.#hello)
    this.#reporter = new Reporter(node, this.#clock, () => this.#supervision.connection)
    this.#journal = new Journal(this.#reporter, launch.settings.telemetry, this.#coreClock)
    this.#armed = new Faults(
      thisProcess({
        clock: this.#clock,
        journal: this.#journal,
        reporter: this.#reporter,
        supervision: this.#supervision,
        peers: () => this.#peers,
        halt: () => {
          this.#isEnding = true
          this.#runtime?.halt()
        },
      }),
    )
    this.#watching = this.#makeWatching(stop)
    this.#watching.set(launch.conditions.breakpoints)
  }

  #makeWatching(stop: Stop | undefined): Watching {
    return new Watching({
      stop,
      look: () => this.#runtime?.look(),
      listen: (watch) => this.#journal.watch(watch),
      tell: (body) => this.#journal.insist(body),
      lastTold: () => this.#reporter.lastNumber,
      flush: () => {
        this.#runtime?.settle()
        this.#journal.flush()
      },
      stood: (nanos) => this.#stood(nanos),
    })
  }

  /** Reads the disk, listens, and takes part. Rejects with a Problem when it can't. */
  async run(): Promise<void> {
    const launch = this.#launch
    this.#supervision.onControl((control) => this.#obey(control))
    await this.#supervision.connected

    const { clusterId, node } = launch
    const files = this.#armed.files(realFiles)
    for (const armed of launch.conditions.faults) this.#armed.arm(armed)
    const { disk, restored, tornBytes } = await openDisk(launch.dataDir, { clusterId, node }, { files })
    this.#journal.at(this.#clock.now())
    this.#journal.started(restored, { incarnation: launch.incarnation, pid: process.pid, tornBytes })
    const reception = await receive(launch)
    this.#reception = reception
    const peers = new Peers(
      launch,
      { ...this.#hello, role: 'peer' },
      { opened: (peer) => this.#runtime?.reachable(peer), lost: (peer) => this.#runtime?.unreachable(peer) },
    )
    this.#peers = peers
    const runtime = new Runtime({
      launch,
      clock: this.#clock,
      coreClock: this.#coreClock,
      disk,
      restored,
      machine: new KeyValueStore(),
      journal: this.#journal,
      armed: this.#armed,
      send: (frame) => peers.send(frame),
      connections: () => peers.connections,
      reply: (reply) => this.#reply(reply),
      fatal: (problem) => this.fatal(problem),
    })
    this.#runtime = runtime
    for (const control of this.#early) this.#obey(control)
    reception.admit({
      message: (frame) => runtime.message(frame),
      request: (connection, request) => runtime.request(connection, request),
      admin: (connection, request) => runtime.admin(connection, request),
      broken: (problem) => runtime.trouble(problem),
    })
    runtime.start()
    this.#watching.begin()
    this.#reporter.flush()
    this.#supervision.connection?.send({ type: 'ready' })
    setInterval(() => this.#reportStats(runtime), STATS_MILLIS)
  }

  /** Finishes the write under way and ends with status 0. */
  stop(): void {
    if (this.#isEnding) return
    this.#isEnding = true
    void this.#finish()
  }

  /** Says why on the timeline, to the supervisor and on stderr, and ends with status 70. The first call counts. */
  fatal(thrown: unknown): void {
    if (this.#isEnding) return
    this.#isEnding = true
    process.exitCode = EXIT_FATAL
    this.#runtime?.halt()
    const { code, details } = asProblem(thrown)
    process.stderr.write(`node ${this.#launch.node}: ${describe(thrown)}\n`)
    const detail = JSON.stringify(details)
    this.#journal.at(this.#clock.now())
    this.#journal.tell({ kind: 'trouble', problem: code, detail })
    this.#journal.flush()
    this.#supervision.connection?.send({ type: 'fatal', problem: code, details: detail })
    void this.#supervision.said().then(() => process.exit(EXIT_FATAL))
  }

  async #finish(): Promise<void> {
    try {
      await this.#runtime?.stop()
      process.exitCode = 0
      this.#peers?.close()
      await this.#reception?.close()
      this.#journal.at(this.#clock.now())
      this.#journal.flush()
      await this.#supervision.said()
      process.exit(0)
    } catch (error) {
      this.#isEnding = false
      this.fatal(error)
    }
  }

  #obey(control: Control): void {
    switch (control.type) {
      case 'stop':
        this.#freeze(false)
        this.stop()
        break
      case 'freeze':
        this.#freeze(true)
        break
      case 'thaw':
        this.#freeze(false)
        break
      // At once: a slow disk may be what the start waits for.
      case 'arm':
        this.#armed.arm(control.armed)
        break
      case 'disarm':
        this.#armed.disarm(control.id)
        break
      case 'tell':
        this.#journal.asked(control.runs)
        break
      default:
        if (this.#runtime === undefined) this.#early.push(control)
        else this.#change(this.#runtime, control)
    }
  }

  /** What waits until there is a loop. */
  #change(
    runtime: Runtime,
    control: Exclude<Control, { readonly type: 'stop' | 'freeze' | 'thaw' | 'arm' | 'disarm' | 'tell' }>,
  ): void {
    switch (control.type) {
      case 'address':
        this.#place(control.node, control.address)
        break
      case 'breakpoints':
        this.#watching.set(control.breakpoints)
        break
      case 'step':
        this.#watching.step(control.wanted, control.kind)
        break
      case 'link':
      case 'held':
      case 'clock':
      case 'jump':
      case 'fire':
      case 'sync':
        runtime.obey(control)
        break
      case 'slept':
        runtime.slept(control.nanos)
        break
      default:
        control satisfies never
    }
  }

  /** At a breakpoint, for so long. Whatever it does now happens after that. */
  #stood(nanos: number): void {
    const now = this.#clock.now()
    this.#journal.at(now)
    if (this.#runtime === undefined) this.#coreClock.slept(nanos, now)
    else this.#runtime.slept(nanos)
  }

  /** What was done is heard before its answer. */
  #reply(reply: ControlReply): void {
    this.#journal.flush()
    this.#supervision.connection?.send(reply)
  }

  #freeze(isFrozen: boolean): void {
    this.#isFrozen = isFrozen
    this.#reception?.pause(isFrozen)
    this.#runtime?.freeze(isFrozen)
    this.#reporter.pause(isFrozen)
  }

  /** Where a node listens from now on; null: it is gone for good. */
  #place(node: number, address: string | null): void {
    if (node === this.#launch.node) return
    this.#reception?.place(node, address !== null)
    this.#peers?.place(node, address)
  }

  #reportStats(runtime: Runtime): void {
    if (this.#isFrozen) return
    const { user, system } = process.cpuUsage()
    runtime.tellSessions()
    this.#journal.tell({
      kind: 'stats',
      rss: process.memoryUsage.rss(),
      cpuMicros: user + system,
      fsyncMicros: runtime.fsyncMicros,
    })
  }
}

/** One line: a problem as code and details, a fault in the program with where it happened. */
function describe(thrown: unknown): string {
  const problem: Problem = asProblem(thrown)
  if (problem.code !== 'internal' || !(thrown instanceof Error)) return problem.message
  const place = thrown.stack?.split('\n').find((line) => line.startsWith('    at '))
  return `${problem.message}${place === undefined ? '' : ` ${place.trim()}`}`
}
