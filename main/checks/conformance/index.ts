/**
 * An executable specification of Raft: the transitions of Figure 2 of the paper and of the TLA+ specification raft.tla, with what this
 * product adds (PreVote, CheckQuorum, joint consensus, learners and witnesses, snapshots, transfer of leadership). A recording is replayed
 * against it, event by event: every transition must be one that it allows.
 *
 * Each server is judged by its own story: its events in their order, and what the messages said that it received. So neither late reports
 * nor the death of others can make a correct server look wrong; what nobody can know is allowed.
 */
import type { TimelineEvent } from '../../node/contract/events'
import { judgeApplied, judgeCommitted, judgeProgress } from './actions/commit'
import { judgePersisted } from './actions/disk'
import { judgeHardState, judgeRefusal } from './actions/hard-state'
import { judgeAppended, judgeTruncated } from './actions/log'
import { judgeConfiguration } from './actions/membership'
import { judgeRestart } from './actions/restart'
import { judgeHeard, judgeRole } from './actions/roles'
import { judgeSent } from './actions/sending'
import { judgeCompacted, judgeSnapshot } from './actions/snapshot'
import { CONDITION, type Finding } from './conditions'
import { handlingOf, newSpec, type Spec, type SpecNode } from './state'
import { start, step } from './step'
import type { ConformanceVerdict, Deviation } from './types'

export { CONDITION, CONDITIONS, type ConditionId } from './conditions'
export type { ConformanceVerdict, Deviation } from './types'

/** More are counted, not kept. */
const KEPT = 1_000
/** Nanoseconds: a node that could not tell everything says so within this. */
const GAP_TOLD_WITHIN = 60e9

interface Kept {
  readonly t: number
  readonly deviation: Deviation
}

/** Takes a timeline's events one after the other, from the first on, live or from a file. */
export class ConformanceWatcher {
  readonly #spec = newSpec()
  /** Nodes that are being rebuilt, by the number of the operation. */
  readonly #rebuilding = new Map<number, number>()
  #kept: Kept[] = []
  #more = 0
  #events = 0
  #transitions = 0
  #judgedUntil = -1

  /** @returns what the specification does not allow of this event */
  take(event: TimelineEvent): Deviation | undefined {
    if (this.#judgedUntil >= 0) return undefined
    if (event.kind === 'gap' && event.shed > 0) {
      this.#gap(event)
      return undefined
    }
    this.#events++
    if (event.node === 0) {
      this.#heed(event)
      return undefined
    }
    const found = this.#judge(event)
    return found === undefined ? undefined : this.#keep(event, found)
  }

  /** Of all events taken. */
  verdict(): ConformanceVerdict {
    const deviations = this.#kept.length + this.#more
    return {
      conforms: deviations === 0,
      transitions: this.#transitions,
      events: this.#events,
      judgedUntil: this.#judgedUntil,
      first: this.#kept[0]?.deviation,
      deviations,
    }
  }

  #judge(event: TimelineEvent): Finding | undefined {
    const spec = this.#spec
    if (event.kind === 'started') {
      // Rebuilt, its disk is emptied, and what it promised is missed by nobody: it comes back behind the place of its removal.
      const isEmpty = event.currentTerm === 0 && event.lastIndex === 0
      if (isEmpty && [...this.#rebuilding.values()].includes(event.node)) spec.nodes.delete(event.node)
      start(spec, event)
      return undefined
    }
    // Of whom the recording does not tell the start nothing is known.
    const node = spec.nodes.get(event.node)
    if (node === undefined) return undefined
    if (event.kind === 'sent' || event.kind === 'received') spec.tellsMessages = true
    let found: Finding | undefined
    if (node.isLoading && event.kind !== 'appended') {
      node.isLoading = false
      this.#transitions++
      found = judgeRestart(node)
    }
    if (!node.isLoading && found === undefined) {
      if (isTransition(event)) this.#transitions++
      found = judge(spec, node, event)
    }
    step(spec, node, event)
    return found
  }

  /** What the workbench says of a node's disk. */
  #heed(event: TimelineEvent): void {
    const { nodes } = this.#spec
    if (event.kind === 'process' && event.state === 'removed') nodes.delete(event.subject)
    if (event.kind === 'fault' && event.type === 'bit-flip') {
      for (const node of nodesIn(event.detail)) {
        const known = nodes.get(node)
        if (known !== undefined) known.isDamaged = true
      }
    }
    if (event.kind === 'operation' && event.type === 'rebuild') {
      const { node } = objectIn(event.detail)
      if (event.action !== 'begin') this.#rebuilding.delete(event.id)
      else if (typeof node === 'number') this.#rebuilding.set(event.id, node)
    }
    // At this level nothing is told.
    if (event.kind === 'cluster' && tellsNothing(event.settings)) this.#judgedUntil = event.seq
  }

  /**
   * Events were shed: from here on what is known is not what was. A node says so only when it can tell again, so what looked wrong of it
   * until then may only look so.
   */
  #gap({ seq, subject, t }: TimelineEvent<'gap'>): void {
    this.#judgedUntil = seq
    this.#kept = this.#kept.filter(({ t: at, deviation }) => deviation.node !== subject || at < t - GAP_TOLD_WITHIN)
  }

  #keep({ seq, node, t }: TimelineEvent, { condition, details, proof = [] }: Finding): Deviation {
    const { action, section } = CONDITION[condition]
    const events = [...proof.filter((each) => each < seq), seq]
    const deviation = { seq, events, node, action, condition, section, details: { node, ...details } }
    if (this.#kept.length < KEPT) this.#kept.push({ t, deviation })
    else this.#more++
    return deviation
  }
}

function judge(spec: Spec, node: SpecNode, event: TimelineEvent): Finding | undefined {
  switch (event.kind) {
    case 'hardState':
      return judgeHardState(spec, node, event)
    case 'role':
      return judgeRole(spec, node, event)
    case 'leader':
      return judgeHeard(spec, node, event.leader, handlingOf(node, event))
    case 'appended':
      return judgeAppended(spec, node, event)
    case 'truncated':
      return judgeTruncated(spec, node, event)
    case 'persisted':
      return judgePersisted(node, event)
    case 'committed':
      return judgeCommitted(spec, node, event)
    case 'applied':
      return judgeApplied(node, event)
    case 'snapshot':
      return judgeSnapshot(spec, node, event)
    case 'compacted':
      return judgeCompacted(node, event)
    case 'configuration':
      return judgeConfiguration(node, event)
    case 'progress':
      return judgeProgress(spec, node, event)
    case 'remark':
      return judgeRefusal(node, event)
    case 'sent':
      return judgeSent(spec, node, event)
    default:
      return undefined
  }
}

function isTransition({ kind }: TimelineEvent): boolean {
  switch (kind) {
    case 'hardState':
    case 'role':
    case 'leader':
    case 'appended':
    case 'truncated':
    case 'persisted':
    case 'committed':
    case 'applied':
    case 'snapshot':
    case 'compacted':
    case 'configuration':
    case 'progress':
    case 'sent':
    case 'received':
      return true
    default:
      return false
  }
}

/** The nodes that a fault concerns. */
function nodesIn(detail: string): readonly number[] {
  const { nodes } = objectIn(detail)
  return Array.isArray(nodes) ? nodes.filter((node) => typeof node === 'number') : []
}

function tellsNothing(settings: string): boolean {
  return objectIn(settings).telemetry === 'off'
}

function objectIn(json: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(json)
    return typeof read === 'object' && read !== null ? { ...read } : {}
  } catch {
    return {}
  }
}
