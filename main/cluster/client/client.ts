/** The cluster's client: finds the leader, retries within a session, and says honestly what became of each call. */
import type { AdminAction } from '../../node/contract/admin'
import type { Command, Consistency } from '../../node/contract/client'
import { sizeProblem } from '../../node/contract/command'
import type { CallOptions, CallResult } from '../api'
import type { Reporter } from '../supervisor/reporter'
import { administer } from './administration'
import { Leadership } from './leadership'
import { type Directory, Links } from './links'
import { type Asked, type Ending, Pursuit, type PursuitOptions, type Route } from './pursuit'
import { type Slot, Slots } from './slots'

export interface ClientOptions extends Directory {
  readonly reporter: Pick<Reporter, 'report'>
  /** The cluster's setting: without sessions, a command that is retried may take effect twice. */
  readonly sessions: boolean
  /** The clock of time limits, in milliseconds. */
  now(): number
}

const DEFAULT_TIMEOUT_MS = 5000
const DEFAULT_ADMIN_TIMEOUT_MS = 10_000

type Answer = Omit<CallResult, 'call' | 'millis'>

const NOTHING = new Uint8Array(0)

/** What holds for one call from its beginning to its end. */
interface Call {
  readonly command: Command
  readonly consistency: Consistency
  readonly via: number
  readonly deadline: number
  readonly signal: AbortSignal | undefined
}

export class ClusterClient {
  readonly #options: ClientOptions
  readonly #slots = new Slots()
  readonly #links: Links
  readonly #leadership = new Leadership()
  readonly #pursuits = new Set<Pursuit>()
  readonly #closing = new AbortController()
  #calls = 0

  constructor(options: ClientOptions) {
    this.#options = options
    this.#links = new Links(options)
  }

  /** See `Cluster.call`. Throws only before anything was sent: `key-size`, `value-size`. */
  async call(command: Command, options: CallOptions = {}): Promise<CallResult> {
    const { via = 0, consistency = 'index', timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options
    const problem = sizeProblem(command)
    if (problem !== undefined) throw problem
    const { reporter } = this.#options
    const needsSession = command.op !== 'get' && this.#options.sessions
    const slot = this.#slots.take(needsSession)
    const call = ++this.#calls
    // Whatever changes something goes through the log.
    const reads = command.op === 'get' ? consistency : 'log'
    const expected = command.op === 'cas' ? command.expected : null
    reporter.report('invoke', {
      call,
      client: slot.number,
      op: command.op,
      key: command.key,
      value: 'value' in command ? command.value : NOTHING,
      via,
      consistency: reads,
      expected: expected ?? NOTHING,
      hasExpected: expected !== null,
    })
    const began = performance.now()
    const deadline = this.#options.now() + timeoutMs
    const asked: Call = { command, consistency: reads, via, deadline, signal }
    const answer = needsSession ? await this.#inSession(slot, asked) : await this.#once(asked)
    // A command whose outcome is unknown may still take effect at any time: nothing may follow it in its session, or
    // under its number, as if it were done.
    if (answer.outcome !== 'unknown') this.#slots.giveBack(slot)
    reporter.report('answer', { call, ...answer })
    return { call, ...answer, millis: performance.now() - began }
  }

  /**
   * Has a node change the membership, hand over leadership, or take a snapshot; whoever leads, or only `via`. Returns the
   * index of the configuration or snapshot. Problems: `change-refused`, `transfer-refused`, `snapshot-refused`,
   * `not-leader` (with `via`), `no-leader`; `call-unknown` when it was asked and there was no answer.
   */
  async admin(
    action: AdminAction,
    { via = 0, timeoutMs = DEFAULT_ADMIN_TIMEOUT_MS }: { readonly via?: number; readonly timeoutMs?: number } = {},
  ): Promise<number> {
    return await administer(action, {
      links: this.#links,
      leadership: this.#leadership,
      via,
      timeoutMs,
      now: () => this.#options.now(),
      signal: this.#closing.signal,
    })
  }

  /** The node that answered as leader last; 0 = nobody knows. */
  get leader(): number {
    return this.#leadership.leader
  }

  /** Calls under way end at once, as failed or unknown. */
  close(): void {
    this.#closing.abort()
    for (const pursuit of [...this.#pursuits]) pursuit.abort()
    this.#leadership.close()
    this.#links.close()
  }

  async #inSession(slot: Slot, call: Call): Promise<Answer> {
    for (;;) {
      if (slot.session === 0) {
        const opened = await this.#open(call)
        if (opened.kind === 'failed') return without(opened.problem, opened.from)
        slot.session = opened.reply.index
        slot.sequence = 0
      }
      slot.sequence += 1
      const { session: client, sequence } = slot
      const ending = await this.#pursue({ client, sequence, command: call.command, consistency: 'log' }, call, 'leader')
      if (ending.kind === 'failed' && ending.problem === 'session-expired') {
        slot.session = 0
        // The command was not executed, for certain: it may be asked again in another session.
        if (!ending.isDoubtful) continue
      }
      return answerOf(ending)
    }
  }

  /** Also for a call `via` one node: the session only has to be somewhere; but if that node does not lead, so be it. */
  async #open(call: Call): Promise<Ending> {
    const asked: Asked = { client: 0, sequence: 0, command: { op: 'open-session' }, consistency: 'log' }
    return await this.#run(asked, { ...call, route: 'leader' })
  }

  async #once(call: Call): Promise<Answer> {
    const { command, consistency } = call
    const route = consistency === 'index' ? 'any' : consistency === 'stale' ? 'turn' : 'leader'
    return answerOf(await this.#pursue({ client: 0, sequence: 0, command, consistency }, call, route))
  }

  async #pursue(asked: Asked, call: Call, route: Route): Promise<Ending> {
    return await this.#run(asked, { ...call, route: call.via === 0 ? route : 'only' })
  }

  async #run(asked: Asked, options: PursuitOptions): Promise<Ending> {
    const { via } = options
    if (via !== 0 && !this.#links.isCandidate(via)) {
      return { kind: 'failed', from: via, problem: 'node-state', isDoubtful: false }
    }
    if (this.#closing.signal.aborted) return { kind: 'failed', from: 0, problem: 'no-leader', isDoubtful: false }
    const surroundings = {
      links: this.#links,
      leadership: this.#leadership,
      pursuits: this.#pursuits,
      now: () => this.#options.now(),
    }
    return await new Pursuit(surroundings, asked, options).run()
  }
}

function answerOf(ending: Ending): Answer {
  if (ending.kind === 'ok') {
    const { found, value, index, term } = ending.reply
    return { outcome: 'ok', found, value, from: ending.from, index, term, problem: '' }
  }
  if (!ending.isDoubtful) return without(ending.problem, ending.from)
  const problem = ending.problem === 'session-expired' ? ending.problem : 'call-unknown'
  return { ...without(problem, ending.from), outcome: 'unknown' }
}

/** Nothing was done. */
function without(problem: string, from: number): Answer {
  return { outcome: 'failed', found: false, value: NOTHING, from, index: 0, term: 0, problem }
}
