/** Why a node stands, votes, wins, steps down: §5.2 and the dissertation's §9.6, backwards. */
import type { TimelineEvent } from '../../../node/contract/events'
import type { Look } from '../look'
import type { Because } from '../types'
import { because, cameWith, isKind, isSilent, obstacle, originOf, type Rule } from './common'

const MAX_VOTES = 32

/** Votes counted since the node began to stand. */
function votes(look: Look, { node, seq }: TimelineEvent, name: 'vote-received' | 'pre-vote-received') {
  const stands = name === 'vote-received' ? 'candidate' : 'pre-candidate'
  return look.collect(
    seq,
    (event) => event.node === node && event.kind === 'remark' && event.name === name,
    (event) => event.node === node && event.kind === 'role' && event.role === stands,
    MAX_VOTES,
  )
}

const lastRole = (look: Look, { node, seq }: TimelineEvent, role: string) =>
  look.before(seq, (event) => event.node === node && event.kind === 'role' && event.role === role)

export const role: Rule<'role'> = async (look, event) => {
  switch (event.reason) {
    case 'won-election': {
      const counted = await votes(look, event, 'vote-received')
      return because(
        [await lastRole(look, event, 'candidate'), 'stood'],
        ...counted.toReversed().map((vote) => [vote, 'voted'] as const),
      )
    }
    case 'pre-vote-won': {
      const counted = await votes(look, event, 'pre-vote-received')
      return because(
        [await lastRole(look, event, 'pre-candidate'), 'stood'],
        ...counted.toReversed().map((vote) => [vote, 'voted'] as const),
      )
    }
    case 'election-timeout':
      return because([await timeout(look, event), 'timed-out'])
    case 'told-by-leader': {
      const { received, sent } = await cameWith(look, event)
      return because([sent ?? received, 'message'])
    }
    case 'higher-term': {
      const { received, sent } = await cameWith(look, event)
      return because([sent, 'higher-term'], [sent === undefined ? received : undefined, 'higher-term'])
    }
    case 'leader-found': {
      const { received, sent } = await cameWith(look, event)
      return because([sent ?? received, 'leader-found'])
    }
    case 'lost-quorum':
      return silenced(look, event)
    case 'restarted':
      return because([await look.before(event.seq, (at) => at.node === event.node && at.kind === 'started'), 'booted'])
    case 'configuration':
    case 'removed':
      return because([await look.stimulus(event, 'configuration', 'received', 'committed'), 'here'])
  }
}

async function timeout(look: Look, event: TimelineEvent): Promise<TimelineEvent | undefined> {
  const said = await look.stimulus(event, 'remark')
  return said?.kind === 'remark' && said.name === 'election-timeout' ? said : undefined
}

export const leader: Rule<'leader'> = async (look, event) => {
  const { received, sent } = await cameWith(look, event)
  return because([sent ?? received, event.leader === 0 ? 'higher-term' : 'leader-found'])
}

export const hardState: Rule<'hardState'> = async (look, event) => {
  const said = await look.stimulus(event, 'remark')
  if (said?.kind === 'remark' && (said.name === 'vote-granted' || said.name === 'election-timeout')) {
    return because([said, said.name === 'vote-granted' ? 'asked' : 'timed-out'])
  }
  const { received, sent } = await cameWith(look, event)
  return because([sent ?? received, 'higher-term'])
}

export const timer: Rule<'timer'> = async (look, event) =>
  because([await look.stimulus(event, 'clock', 'role', 'remark', 'received', 'started'), 'here'])

/** A peer said yes: by what it remarked when it did, else by its answer. */
async function vote(look: Look, event: TimelineEvent<'remark'>, name: string): Promise<readonly Because[]> {
  const { received, sent } = await cameWith(look, event)
  if (sent === undefined) return because([received, 'message'])
  const request = sent.inReplyTo
  const arrived = await look.before(
    sent.seq,
    (at) => at.node === sent.node && at.kind === 'received' && at.peer === event.node && at.id === request,
  )
  const granted =
    arrived &&
    (await look.after(arrived.seq, (at) => at.node === sent.node && at.kind === 'remark' && at.name === name, 64))
  return because([granted !== undefined && granted.seq < sent.seq ? granted : sent, 'voted'])
}

/** The request that this node has just answered, and what stood in its way. */
async function request(look: Look, event: TimelineEvent<'remark'>): Promise<readonly Because[]> {
  const { received, sent } = await cameWith(look, event)
  return because([sent ?? received, 'asked'])
}

async function refusal(look: Look, event: TimelineEvent<'remark'>): Promise<readonly Because[]> {
  const asked = await request(look, event)
  const here = (test: (at: TimelineEvent) => boolean) =>
    look.before(event.seq, (at) => at.node === event.node && test(at))
  switch (event.name) {
    case 'vote-refused-already-voted': {
      const given = await here(
        (at) =>
          (at.kind === 'hardState' && at.votedFor > 0 && at.currentTerm === event.term) ||
          (at.kind === 'remark' && at.name === 'vote-granted' && at.term === event.term),
      )
      return [...asked, ...because([given, 'already-voted'])]
    }
    case 'vote-refused-log-behind':
    case 'pre-vote-refused-log-behind':
      return [...asked, ...because([await here(isKind('appended')), 'log'])]
    case 'vote-refused-lease':
    case 'pre-vote-refused-lease': {
      const heard = await here((at) => isContact(at))
      return [...asked, ...because([heard, 'last-heard'])]
    }
    case 'vote-refused-stale-term':
    case 'pre-vote-refused-term':
      return [...asked, ...because([await here((at) => at.kind === 'hardState'), 'higher-term'])]
    default:
      return asked
  }
}

export const remark: Rule<'remark'> = async (look, event) => {
  switch (event.name) {
    case 'election-timeout':
      return ranOut(look, event)
    case 'vote-received':
      if (event.peer === event.node) return because([await look.stimulus(event, 'persisted'), 'stored'])
      return vote(look, event, 'vote-granted')
    case 'pre-vote-received':
      return vote(look, event, 'pre-vote-granted')
    case 'vote-granted':
    case 'pre-vote-granted':
    case 'vote-denied':
    case 'pre-vote-denied':
      return request(look, event)
    case 'vote-refused-stale-term':
    case 'vote-refused-already-voted':
    case 'vote-refused-log-behind':
    case 'vote-refused-lease':
    case 'vote-refused-still-joining':
    case 'pre-vote-refused-term':
    case 'pre-vote-refused-lease':
    case 'pre-vote-refused-log-behind':
      return refusal(look, event)
    case 'append-refused-stale-term':
    case 'append-refused-gap':
    case 'append-refused-mismatch':
    case 'append-duplicate':
    case 'stale-reply-ignored':
    case 'snapshot-refused-stale-term':
    case 'snapshot-already-covered':
    case 'timeout-now-ignored':
    case 'woken': {
      const { received, sent } = await cameWith(look, event)
      return because([sent ?? received, 'message'])
    }
    case 'leader-disconnected':
      return because([await look.earlier(event, (at) => isSilent(at, event.peer)), 'ended'])
    case 'commit-waits-for-own-term':
    case 'read-waits-for-own-term':
    case 'quiesced':
    case 'election-not-allowed':
      return because([await look.stimulus(event, 'received', 'persisted', 'configuration'), 'here'])
  }
}

/** A message that only a leader sends arrived. */
const isContact = (event: TimelineEvent): event is TimelineEvent<'received'> =>
  event.kind === 'received' && (event.message === 'AppendEntries' || event.message === 'InstallSnapshot')

/** An election timer ran out: by hand, or because nothing came any more, and why nothing came. */
async function ranOut(look: Look, event: TimelineEvent<'remark'>): Promise<readonly Because[]> {
  const clock = await look.stimulus(event, 'clock')
  if (clock?.kind === 'clock' && (clock.cause === 'fired' || clock.cause === 'jumped')) return because([clock, 'fired'])
  const { node, seq } = event
  const last = await look.before(
    seq,
    (at) =>
      at.node === node &&
      (isContact(at) ||
        at.kind === 'started' ||
        (at.kind === 'role' && at.role !== 'follower' && at.role !== 'learner')),
  )
  switch (last?.kind) {
    case 'received':
      return [...because([last, 'last-heard']), ...(await silenced(look, event, last))]
    case 'role': {
      const why = await silenced(look, event)
      return [...because([last, 'no-majority']), ...why]
    }
    case 'started':
      return because([last, 'booted'])
    default:
      return []
  }
}

/** What kept a leader from being heard at this node after it was last heard. */
async function silenced(
  look: Look,
  event: TimelineEvent,
  heard?: TimelineEvent<'received'>,
): Promise<readonly Because[]> {
  const { node } = event
  if (heard === undefined) {
    const any = await look.earlier(
      event,
      (at) =>
        (at.kind === 'fault' && at.action === 'begin') ||
        (at.kind === 'process' && at.subject !== node && isSilent(at, at.subject)),
      event.seq - 20_000,
    )
    return because([any, 'silenced'])
  }
  const { peer } = heard
  const sent = await originOf(look, heard, peer, heard.id)
  const from = Math.max(0, (sent ?? heard).seq - 1)
  const stopped = await look.earlier(event, (at) => isSilent(at, peer), from)
  if (stopped !== undefined) return because([stopped, 'silenced'])
  // A rule that stood already when it was last heard may still be what drops the rest.
  const blocked = await obstacle(look, event, peer, node)
  if (blocked !== undefined) return because([blocked, 'silenced'])
  const dropped = await look.earlier(
    event,
    (at) => at.kind === 'dropped' && at.sender === peer && at.receiver === node,
    from,
  )
  if (dropped !== undefined) return because([dropped, 'silenced'])
  const left = await look.earlier(
    event,
    (at) => at.node === peer && ((at.kind === 'role' && at.role !== 'leader') || at.kind === 'clock'),
    from,
  )
  return because([left, 'silenced'])
}
