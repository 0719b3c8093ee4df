/**
 * A node's state as of each event. The core is asked between its steps only: within one it would show already what is told
 * a few events later.
 */

import type { Look } from '../contract/breakpoint'
import type { EventBody } from '../telemetry/event-body'

/** Of a node that has told nothing yet. */
const NOTHING: Look = {
  role: 'follower',
  term: 0,
  votedFor: 0,
  leader: 0,
  commitIndex: 0,
  lastApplied: 0,
  firstIndex: 1,
  lastIndex: 0,
  durableIndex: 0,
  snapshotIndex: 0,
  quiescent: false,
  voters: 0,
  held: 0,
}

export class Model {
  #look: Look = NOTHING

  get look(): Look {
    return this.#look
  }

  /** All that was told is in this. */
  become(look: Look): void {
    this.#look = look
  }

  saw(event: EventBody): void {
    const change = changeBy(event, this.#look)
    if (change !== undefined) this.#look = { ...this.#look, ...change }
  }
}

function changeBy(event: EventBody, before: Look): Partial<Look> | undefined {
  switch (event.kind) {
    case 'started':
      return {
        ...NOTHING,
        term: event.currentTerm,
        votedFor: event.votedFor,
        firstIndex: event.firstIndex,
        lastIndex: event.lastIndex,
        durableIndex: event.lastIndex,
        snapshotIndex: event.snapshotIndex,
      }
    case 'role':
      return { role: event.role, term: event.term, leader: event.leader, quiescent: false }
    case 'leader':
      return { leader: event.leader, term: event.term }
    case 'hardState':
      return {
        term: event.currentTerm,
        votedFor: event.votedFor,
        // A new term is told before what becomes of the role; nobody leads in a term that it has not won.
        ...(before.role === 'leader' && event.currentTerm > before.term && { role: 'follower' }),
      }
    case 'appended':
      return { lastIndex: event.firstIndex + event.count - 1 }
    case 'truncated': {
      const lastIndex = event.fromIndex - 1
      return { lastIndex, durableIndex: Math.min(before.durableIndex, lastIndex) }
    }
    case 'persisted':
      return { durableIndex: event.lastIndex }
    case 'committed':
      return { commitIndex: event.commitIndex }
    case 'applied':
      return { lastApplied: event.lastApplied }
    case 'configuration':
      // One that is committed now counted already, and a later one may count.
      if (event.standing === 'committed') return undefined
      return { voters: event.voters === '' ? 0 : event.voters.split(',').length }
    case 'compacted':
      return { firstIndex: event.firstIndex }
    case 'snapshot':
      return snapshotted(event, before)
    case 'remark':
      if (event.name === 'quiesced') return { quiescent: true }
      return event.name === 'woken' ? { quiescent: false } : undefined
    case 'held':
      return { held: before.held + 1 }
    case 'released':
      return { held: Math.max(0, before.held - 1) }
    default:
      return undefined
  }
}

function snapshotted({ stage, index, keepsLog }: EventBody<'snapshot'>, before: Look): Partial<Look> | undefined {
  if (stage === 'saved') return { snapshotIndex: index }
  if (stage !== 'installed') return undefined
  const reached = { snapshotIndex: index, firstIndex: index + 1, commitIndex: index }
  if (keepsLog) return reached
  // Until the disk has it, the old log counts as far as it was committed.
  return { ...reached, lastIndex: index, durableIndex: Math.min(before.durableIndex, before.commitIndex) }
}
