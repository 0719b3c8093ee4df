/** One event in one line, in the reader's language: for the table, the hover card and the text filter. */

import type { EventView, LinkRules } from '../../preload/contract'
import { type AskedCommand, commandText, formatSpan, type MessageName } from '../../preload/contract/diagram'
import { faultText, faultType } from '../commands/fault-words'
import { bytes } from '../components/format'
import { configurationText, parseIds } from '../components/membership'
import { failureText, operationText } from '../components/operations'
import { rulesText } from '../components/rules'

export type Translate = (key: string, named?: Record<string, unknown>) => string

const name = (node: number) => `n${node}`

/** What a message says, without who sends it to whom. */
export function describeMessage(t: Translate, event: EventView<'sent'>): string {
  const at = { index: event.index, term: event.logTerm }
  switch (event.message) {
    case 'RequestVote':
      return t(event.ok ? 'diagrams.message.requestVoteTransfer' : 'diagrams.message.requestVote', at)
    case 'RequestPreVote':
      return t('diagrams.message.preVote', at)
    case 'RequestPreVoteReply':
      return t(event.ok ? 'diagrams.message.preVoteGranted' : 'diagrams.message.preVoteRefused')
    case 'RequestVoteReply':
      return t(event.ok ? 'diagrams.message.voteGranted' : 'diagrams.message.voteRefused')
    case 'AppendEntries':
      if (event.count === 0) return t('diagrams.message.heartbeat', { ...at, commit: event.commit })
      return t(event.count === 1 ? 'diagrams.message.appendOne' : 'diagrams.message.append', {
        ...at,
        n: event.count,
        commit: event.commit,
      })
    case 'AppendEntriesReply':
      if (event.ok) return t('diagrams.message.appended', { index: event.index })
      return t('diagrams.message.appendRefused', { index: event.hint })
    case 'InstallSnapshot':
      return t(event.ok ? 'diagrams.message.snapshotLast' : 'diagrams.message.snapshot', {
        ...at,
        n: event.count,
        offset: event.hint,
      })
    case 'InstallSnapshotReply':
      return t(event.ok ? 'diagrams.message.snapshotInstalled' : 'diagrams.message.snapshotHas', {
        index: event.index,
        offset: event.hint,
      })
    case 'TimeoutNow':
      return t('diagrams.message.timeoutNow')
    case 'ReadIndex':
      return t('diagrams.message.readIndex')
    case 'ReadIndexReply':
      return t('diagrams.message.readIndexReply', { index: event.index })
    case 'Foreign':
      return t('diagrams.message.foreign')
  }
}

/** The type of a message as the paper calls it; a heartbeat by its common name. */
export function messageName(t: Translate, message: MessageName, count: number): string {
  if (message === 'Foreign') return t('diagrams.message.foreignName')
  return message === 'AppendEntries' && count === 0 ? t('diagrams.message.heartbeatName') : message
}

export function describeEvent(t: Translate, event: EventView): string {
  const key = `diagrams.event.${event.kind}`
  switch (event.kind) {
    case 'started':
      return t(key, {
        incarnation: event.incarnation,
        term: event.currentTerm,
        index: event.lastIndex,
        torn: event.tornBytes > 0 ? t('diagrams.event.torn', { bytes: event.tornBytes }) : '',
      })
    case 'role':
      return t(key, {
        role: t(`roles.${event.role}`),
        term: event.term,
        reason: t(`diagrams.reason.${event.reason}`),
      })
    case 'leader':
      return event.leader === 0
        ? t('diagrams.event.noLeader', { term: event.term })
        : t(key, { leader: name(event.leader), term: event.term })
    case 'hardState':
      return t(key, {
        term: event.currentTerm,
        vote: event.votedFor === 0 ? t('diagrams.nobody') : name(event.votedFor),
      })
    case 'appended':
      return event.count === 1
        ? t('diagrams.event.appendedOne', { index: event.firstIndex })
        : t(key, { from: event.firstIndex, to: event.firstIndex + event.count - 1 })
    case 'truncated':
      return t(key, { index: event.fromIndex })
    case 'persisted':
      return t(key, { index: event.lastIndex, bytes: event.bytes, span: formatSpan(event.micros * 1_000) })
    case 'committed':
      return t(`${key}.${event.by}`, { index: event.commitIndex })
    case 'applied':
      return t(key, { index: event.lastApplied })
    case 'timer':
      return t(key, { span: formatSpan(event.duration) })
    case 'progress':
      return t(key, { peer: name(event.peer), match: event.matchIndex, next: event.nextIndex, state: event.state })
    case 'remark':
      return t(`diagrams.remark.${event.name}`, { peer: name(event.peer), term: event.term, index: event.index })
    case 'sent':
      return t(key, {
        peer: name(event.peer),
        message: messageName(t, event.message, event.count),
        detail: describeMessage(t, event),
      })
    case 'received':
      return t(key, { peer: name(event.peer), message: messageName(t, event.message, event.count) })
    case 'dropped':
      return t(key, {
        sender: name(event.sender),
        receiver: name(event.receiver),
        message: event.message,
        reason: t(`diagrams.drop.${event.reason}`),
      })
    case 'stats':
      return t(key, { rss: (event.rss / 1e6).toFixed(0), span: formatSpan(event.fsyncMicros * 1_000) })
    case 'trouble':
      return t(key, { problem: event.problem, detail: event.detail })
    case 'cluster':
      return t(key, { name: event.name, n: event.nodes })
    case 'process':
      return t(`${key}.${event.state}`, { node: name(event.subject), pid: event.pid })
    case 'link':
      return t(event.blocked ? 'diagrams.event.linkCut' : 'diagrams.event.linkHealed', {
        from: name(event.from),
        to: name(event.to),
      })
    case 'fault':
      return t(`${key}.${event.action}`, {
        fault: faultText(event),
      })
    case 'invoke':
      return t(key, { call: commandText(event) })
    case 'answer':
      // A history of clients alone tells neither who answered nor at which index.
      if (event.outcome === 'ok' && event.from === 0) return t(`${key}.done`, { value: event.value }).trim()
      return t(`${key}.${event.outcome}`, { value: event.value, index: event.index, node: name(event.from) })
    case 'gap':
      return t(key, { n: event.shed })
    case 'closing':
      return t(key)
    case 'configuration': {
      const configuration = {
        voters: parseIds(event.voters),
        outgoing: parseIds(event.outgoing),
        learners: parseIds(event.learners),
        learnersNext: parseIds(event.learnersNext),
        witnesses: parseIds(event.witnesses),
      }
      return t(`${key}.${event.standing}`, { index: event.index, what: configurationText(t, configuration) })
    }
    case 'snapshot':
      return t(`${key}.${event.stage}`, {
        index: event.index,
        term: event.term,
        bytes: bytes(event.bytes),
        offset: bytes(event.offset),
        peer: name(event.peer),
      })
    case 'compacted':
      return t(key, { index: event.firstIndex })
    case 'read':
      return t(`${key}.${event.stage}${event.peer > 0 ? 'For' : ''}`, {
        by: event.by === 'index' ? 'ReadIndex' : 'lease',
        index: event.index,
        peer: name(event.peer),
      })
    case 'transfer':
      return t(`${key}.${event.stage}`, { target: name(event.target) })
    case 'sessions':
      return t(event.expired > 0 ? 'diagrams.event.sessionsExpired' : key, { open: event.open, expired: event.expired })
    case 'operation':
      return t(`${key}.${event.action}`, { what: operationText(t, event), problem: failureText(t, event) })
    case 'held':
      return t(key, { peer: name(event.peer), message: event.message })
    case 'released':
    case 'copied': {
      const how = event.kind === 'released' ? event.how : event.by
      return t(`${key}.${how}`, { peer: name(event.peer), message: event.message })
    }
    case 'moved':
      return t(key, { peer: name(event.peer), place: event.place + 1 })
    case 'clock':
      return t(`${key}.${event.cause}`, { how: clockText(t, event) })
    case 'struck':
      return t(key, {
        fault: faultType(event.type),
        detail: detailText(event.detail),
        left: event.left === 0 || event.left === ALWAYS ? '' : t('diagrams.event.struckLeft', { n: event.left }),
      })
    case 'breakpoint':
      return t(event.breakpoint === 0 ? 'diagrams.event.step' : key, { by: event.by, text: event.text })
    case 'rules':
      return t(key, { from: name(event.from), to: name(event.to), rules: linkRules(t, event.rules) })
    case 'watch': {
      const how = event.removed ? 'removed' : event.enabled ? 'set' : 'off'
      return t(`${key}.${how}`, { id: event.breakpoint, text: event.text })
    }
    case 'stop':
      return t(`${key}.${stopWord(event)}`, { node: name(event.subject), id: event.breakpoint, by: event.by })
    case 'nemesis':
      return t(`${key}.${event.problem === '' ? event.action : 'failed'}`, {
        n: event.step + 1,
        what: event.detail,
        problem: event.problem,
      })
    case 'workload':
      return t(`${key}.${event.action}`, { id: event.id })
    case 'load':
      return t(key, {
        id: event.workload,
        ok: event.ok,
        failed: event.failed,
        unknown: event.unknown,
        p50: event.p50.toFixed(1),
      })
    case 'note':
      return event.text
    case 'foreign':
      return t(key, { host: event.host, text: event.text })
    case 'output':
      return `${event.stream}: ${event.text}`
  }
}

/** `left` of a fault that strikes until it is healed. */
const ALWAYS = 0xffff_ffff
/** A clock that is off by less (nanoseconds) is the machine's. */
const EXACT = 1_000

/** How far a clock is ahead of the machine's, in words. */
export function skewText(t: Translate, skew: number): string {
  if (Math.abs(skew) < EXACT) return t('control.clock.exact')
  return t(skew > 0 ? 'control.clock.ahead' : 'control.clock.behind', { span: formatSpan(Math.abs(skew)) })
}

function clockText(t: Translate, { mode, rate, skew }: EventView<'clock'>): string {
  const how = mode === 'manual' ? 'diagrams.event.clockManual' : 'diagrams.event.clockRunning'
  return t(how, { rate, skew: skewText(t, skew) })
}

/** ` (path, bytes 12)`: what else is known of a strike. */
function detailText(detail: string): string {
  try {
    const read: unknown = JSON.parse(detail)
    if (typeof read !== 'object' || read === null) return ''
    const parts = Object.entries(read).map(([field, value]) => `${field} ${String(value)}`)
    return parts.length === 0 ? '' : ` (${parts.join(', ')})`
  } catch {
    return ''
  }
}

function linkRules(t: Translate, text: string): string {
  const none = t('diagrams.event.noRules')
  if (text === '') return none
  try {
    const read = JSON.parse(text) as LinkRules
    return rulesText(t, read.rules) || none
  } catch {
    return text
  }
}

function stopWord({ action, subject, breakpoint }: EventView<'stop'>): string {
  if (action !== 'stopped') return action
  if (subject === 0) return 'command'
  return breakpoint === 0 ? 'step' : 'stopped'
}

export { type AskedCommand, commandText }
