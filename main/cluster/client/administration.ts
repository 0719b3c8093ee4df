/** What an operator asks: of whoever leads, once. Unlike a command it has no session, so it is never asked twice. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type AdminAction, type AdminReply, adminProblem } from '../../node/contract/admin'
import { Problem } from '../../node/contract/problem'
import type { Leadership } from './leadership'
import type { Links } from './links'
import type { Attempt, NodeLink } from './node-link'

export interface AdministerOptions {
  readonly links: Links
  readonly leadership: Leadership
  /** The node to ask, and no other; 0 = whoever leads. */
  readonly via: number
  readonly timeoutMs: number
  /** The clock of the time limit, in milliseconds; it stands while the cluster is stopped. */
  now(): number
  readonly signal: AbortSignal
}

/** Between two looks for a leader. */
const PAUSE_MS = 25

const NOBODY: ReadonlyMap<number, unknown> = new Map()

/** See `ClusterClient.admin`. */
export async function administer(action: AdminAction, options: AdministerOptions): Promise<number> {
  const { links, leadership, via, timeoutMs, now, signal } = options
  const deadline = now() + timeoutMs
  let next = via === 0 ? leadership.leader : via
  for (;;) {
    const left = deadline - now()
    if (left <= 0 || signal.aborted) throw new Problem('no-leader', { millis: timeoutMs })
    if (via !== 0 && !links.isCandidate(via)) {
      throw new Problem('node-state', { node: String(via), state: 'not running', wanted: 'running' })
    }
    const node = next === 0 ? links.next(NOBODY) : next
    next = via
    if (node !== 0) {
      const attempt = await ask(links.to(node), action, deadline, options)
      if (attempt.kind === 'broken') throw new Problem('call-unknown', { millis: timeoutMs })
      if (attempt.kind === 'reply') {
        const { reply } = attempt
        if (reply.problem === '') return reply.index
        const problem = adminProblem(reply)
        if (!isElsewhere(problem)) throw problem
        if (via !== 0) throw problem
        if (reply.leader !== node && links.isPromising(reply.leader)) {
          next = reply.leader
          continue
        }
      }
    }
    await sleep(Math.min(PAUSE_MS, left), undefined, { signal }).catch(() => undefined)
  }
}

/** Nothing was done, because another node leads, or none. */
function isElsewhere({ code, details }: Problem): boolean {
  if (code === 'not-leader') return true
  return 'reason' in details && details.reason === 'not-leader'
}

async function ask(
  link: NodeLink,
  action: AdminAction,
  deadline: number,
  { now, signal }: Pick<AdministerOptions, 'now' | 'signal'>,
): Promise<Attempt<AdminReply>> {
  return await new Promise((resolve) => {
    const done = (attempt: Attempt<AdminReply>) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
      resolve(attempt)
    }
    const giveUp = () => {
      link.forget(number)
      done({ kind: 'broken' })
    }
    let timer: NodeJS.Timeout | undefined
    const watch = () => {
      const left = deadline - now()
      if (left <= 0) giveUp()
      else timer = setTimeout(watch, left)
    }
    signal.addEventListener('abort', giveUp)
    const number = link.administer(action, done)
    watch()
    if (number === 0) done({ kind: 'unreachable' })
  })
}
