/** The cluster's client: finds the leader, retries within a session, and says honestly what became of each call. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientReply, Command } from '../../node/contract/client'
import { MAX_KEY_BYTES, MAX_VALUE_BYTES } from '../../node/contract/limits'
import { Problem, type ProblemCode } from '../../node/contract/problem'
import type { CallResult } from '../api'
import type { Reporter } from '../supervisor/reporter'
import { NodeLink } from './node-link'
import { type Session, SessionPool } from './sessions'

export interface ClientOptions {
  readonly clusterId: string
  address(node: number): string
  /** Nodes that are worth asking now. */
  candidates(): readonly number[]
  readonly reporter: Reporter
}

export interface CallOptions {
  readonly via?: number
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

const DEFAULT_TIMEOUT_MS = 5000
/** A leader that is cut off from the others takes a command and never answers: ask elsewhere after this long. */
const ANSWER_WITHIN_MS = 1000
const REACH_WITHIN_MS = 200
/** Between two looks for a leader, while there is none. */
const ELECTION_PAUSE_MS = 25

type Answer = Omit<CallResult, 'call' | 'millis'>

const NOTHING = new Uint8Array(0)

/** One call on its way. */
interface Pursuit {
  readonly session: Session
  readonly command: Command
  readonly via: number
  readonly deadline: number
  /** Aborted by the caller, or when the client closes. */
  readonly signal: AbortSignal
  /** An attempt ended without an answer: the command may have been proposed. */
  doubtful: boolean
  /** Nodes that did not answer this call; they are asked again when the others don't help. */
  readonly suspects: Set<number>
  /** Whom to ask next; 0 = anybody. */
  next: number
}

export class ClusterClient {
  readonly #options: ClientOptions
  readonly #sessions = new SessionPool()
  readonly #links = new Map<number, NodeLink>()
  readonly #closing = new AbortController()
  #calls = 0
  #leader = 0
  #turn = 0

  constructor(options: ClientOptions) {
    this.#options = options
  }

  /** See `Cluster.call`. Throws only before anything was sent: `key-size`, `value-size`. */
  async call(command: Command, { via = 0, timeoutMs = DEFAULT_TIMEOUT_MS, signal }: CallOptions): Promise<CallResult> {
    checkSizes(command)
    const { reporter } = this.#options
    const session = this.#sessions.take()
    const call = ++this.#calls
    const value = command.op === 'put' ? command.value : NOTHING
    reporter.report('invoke', { call, client: session.slot, op: command.op, key: command.key, value, via })
    const began = performance.now()
    const answer = await this.#pursue({
      session,
      command,
      via,
      deadline: began + timeoutMs,
      signal: AbortSignal.any(signal === undefined ? [this.#closing.signal] : [this.#closing.signal, signal]),
      doubtful: false,
      suspects: new Set(),
      next: via === 0 ? this.#leader : via,
    })
    this.#sessions.giveBack(session, answer.outcome)
    reporter.report('answer', { call, ...answer })
    return { call, ...answer, millis: performance.now() - began }
  }

  /** Calls under way end at once, as failed or unknown. */
  close(): void {
    this.#closing.abort()
    for (const link of this.#links.values()) link.close()
    this.#links.clear()
  }

  async #pursue(pursuit: Pursuit): Promise<Answer> {
    const { via, signal, deadline, session, command, suspects } = pursuit
    if (via !== 0 && !this.#options.candidates().includes(via)) return without(pursuit, 'node-state', via)
    for (;;) {
      const left = deadline - performance.now()
      if (left <= 0 || signal.aborted) return without(pursuit, 'no-leader', 0)
      const node = via === 0 ? this.#choose(pursuit) : via
      if (node === 0) {
        await pause(Math.min(ELECTION_PAUSE_MS, left), signal)
        continue
      }
      const { client, sequence } = session
      const attempt = await this.#link(node).ask(
        { client, sequence, command },
        {
          reachMs: Math.min(left, via === 0 ? REACH_WITHIN_MS : left),
          answerMs: Math.min(left, via === 0 ? ANSWER_WITHIN_MS : left),
          signal,
        },
      )
      if (attempt.kind === 'reply') {
        const answer = await this.#consider(pursuit, node, attempt.reply)
        if (answer !== null) return answer
        continue
      }
      if (attempt.kind === 'silent') pursuit.doubtful = true
      suspects.add(node)
      pursuit.next = 0
      if (this.#leader === node) this.#leader = 0
    }
  }

  /** What a reply means for the call; `null`: ask on. */
  async #consider(pursuit: Pursuit, node: number, reply: ClientReply): Promise<Answer | null> {
    switch (reply.status) {
      case 'ok': {
        this.#leader = node
        const { found, value, index, term } = reply
        return { outcome: 'ok', found, value, from: node, index, term, problem: '' }
      }
      case 'refused':
        return without(pursuit, reply.problem, node)
      case 'lost':
        await pause(ELECTION_PAUSE_MS, pursuit.signal)
        return null
      case 'not-leader': {
        if (pursuit.via !== 0) return without(pursuit, 'not-leader', node)
        if (this.#leader === node) this.#leader = 0
        // A node that is cut off may still believe in a leader that no longer answers.
        const helpful = reply.leader !== 0 && reply.leader !== node && !pursuit.suspects.has(reply.leader)
        pursuit.next = helpful ? reply.leader : 0
        if (helpful) return null
        pursuit.suspects.add(node)
        await pause(ELECTION_PAUSE_MS, pursuit.signal)
        return null
      }
    }
  }

  /** The node asked for, or the next in turn that is no suspect; when all are, they get a new chance. */
  #choose({ next, suspects }: Pursuit): number {
    const candidates = this.#options.candidates()
    if (next !== 0 && candidates.includes(next) && !suspects.has(next)) return next
    let trusted = candidates.filter((node) => !suspects.has(node))
    if (trusted.length === 0) {
      suspects.clear()
      trusted = [...candidates]
    }
    return trusted[this.#turn++ % Math.max(1, trusted.length)] ?? 0
  }

  #link(node: number): NodeLink {
    let link = this.#links.get(node)
    if (link === undefined) {
      link = new NodeLink(this.#options.address(node), this.#options.clusterId)
      this.#links.set(node, link)
    }
    return link
  }
}

/** The end of a call that got no `ok`. */
function without(pursuit: Pursuit, problem: ProblemCode | string, from: number): Answer {
  const nothing = { found: false, value: NOTHING, from, index: 0, term: 0 }
  return pursuit.doubtful
    ? { outcome: 'unknown', ...nothing, problem: 'call-unknown' }
    : { outcome: 'failed', ...nothing, problem }
}

async function pause(millis: number, signal: AbortSignal): Promise<void> {
  await sleep(millis, undefined, { signal }).catch(() => undefined)
}

function checkSizes(command: Command): void {
  const key = Buffer.byteLength(command.key)
  if (key > MAX_KEY_BYTES) throw new Problem('key-size', { given: key, max: MAX_KEY_BYTES })
  if (command.op === 'put' && command.value.length > MAX_VALUE_BYTES) {
    throw new Problem('value-size', { given: command.value.length, max: MAX_VALUE_BYTES })
  }
}
