/** Why a process came or went, a clock went otherwise, a call was answered: what people and clients did, backwards. */
import type { TimelineEvent } from '../../../node/contract/events'
import type { Look } from '../look'
import { factsOf } from '../subjects'
import { LATE } from '../window'
import { because, faultOfLink, faultOfNode, hasEnded, type Rule } from './common'

const KILLS = new Set(['kill', 'stop'])
const PAUSES = new Set(['pause'])
const CLOCKS = new Set(['clock'])

export const started: Rule<'started'> = async (look, event) =>
  because([
    await look.earlier(event, (at) => at.kind === 'process' && at.subject === event.node && at.state === 'spawned'),
    'began',
  ])

export const process: Rule<'process'> = async (look, event) => {
  const { subject } = event
  switch (event.state) {
    case 'spawned': {
      const last = await look.before(event.seq, (at) => at.kind === 'process' && at.subject === subject)
      return because([last && hasEnded(last, subject) ? last : undefined, 'ended'])
    }
    case 'ready':
      return because([await look.earlier(event, (at) => at.kind === 'started' && at.node === subject), 'booted'])
    case 'paused': {
      const stop = await look.before(event.seq, (at) => at.kind === 'stop', event.seq - 200)
      return because([(await faultOfNode(look, event, subject, PAUSES)) ?? stop, 'fault'])
    }
    case 'resumed':
      return because([
        await look.before(event.seq, (at) => at.kind === 'process' && at.subject === subject && at.state === 'paused'),
        'began',
      ])
    case 'stopping':
    case 'stopped':
    case 'killed':
    case 'crashed':
    case 'removed': {
      const fault = await faultOfNode(look, event, subject, KILLS)
      if (fault !== undefined) return because([fault, 'fault'])
      const last = await look.before(
        event.seq,
        (at) => at.node === subject && (at.kind === 'struck' || at.kind === 'trouble'),
        event.seq - 2_000,
      )
      return because([last, 'here'])
    }
  }
}

const byNumber = (look: Look, event: TimelineEvent, test: (at: TimelineEvent) => boolean) =>
  look.before(event.seq, test)

export const fault: Rule<'fault'> = async (look, event) => {
  if (event.action === 'end') {
    const begin = await byNumber(
      look,
      event,
      (at) => at.kind === 'fault' && at.id === event.id && at.action === 'begin',
    )
    return because([begin, 'began'])
  }
  const { nemesis } = factsOf(event)
  if (nemesis === 0) return []
  return because([
    await byNumber(look, event, (at) => at.kind === 'nemesis' && at.id === nemesis && at.action === 'begin'),
    'began',
  ])
}

export const link: Rule<'link'> = async (look, event) => because([await faultOfLink(look, event), 'fault'])

export const rules: Rule<'rules'> = async (look, event) => because([await faultOfLink(look, event), 'fault'])

export const clock: Rule<'clock'> = async (look, event) => {
  if (event.cause === 'launched') {
    return because([await look.before(event.seq, (at) => at.node === event.node && at.kind === 'started'), 'booted'])
  }
  return because([await faultOfNode(look, event, event.node, CLOCKS), 'fault'])
}

export const struck: Rule<'struck'> = async (look, event) =>
  because([
    await byNumber(look, event, (at) => at.kind === 'fault' && at.id === event.fault && at.action === 'begin'),
    'fault',
  ])

export const trouble: Rule<'trouble'> = async (look, event) => because([await look.stimulus(event, 'struck'), 'fault'])

export const answer: Rule<'answer'> = async (look, event) => {
  const { from, index } = event
  const invoked = await byNumber(look, event, (at) => at.kind === 'invoke' && at.call === event.call)
  if (event.outcome !== 'ok' || from === 0 || index === 0 || invoked?.kind !== 'invoke') {
    return because([invoked, 'client'])
  }
  const isRead = invoked.op === 'get' && invoked.consistency !== 'log'
  // Of several that cover it, the first: later ones had nothing to do with it.
  // The node may have told of it later than the workbench told of the answer.
  const ran = await look.collect(
    event.seq + LATE,
    (at) => at.node === from && at.kind === 'applied' && at.lastApplied >= index && at.t <= event.t,
    (at) => at.node === from && at.kind === 'applied' && at.lastApplied < index,
    1_000,
  )
  const confirmed = isRead
    ? await look.before(
        event.seq,
        (at) => at.node === from && at.kind === 'read' && at.stage === 'confirmed',
        invoked.seq,
      )
    : undefined
  return because([invoked, 'client'], [confirmed, 'acknowledged'], [ran.at(-1), 'ran'])
}

export const operation: Rule<'operation'> = async (look, event) => {
  if (event.action === 'begin') return []
  const begin = (at: TimelineEvent) => at.kind === 'operation' && at.id === event.id && at.action === 'begin'
  return because([await byNumber(look, event, begin), 'began'])
}

export const transfer: Rule<'transfer'> = async (look, event) => {
  if (event.stage === 'started') {
    const asked = await look.earlier(
      event,
      (at) => at.kind === 'operation' && at.type === 'transfer' && at.action === 'begin',
      event.seq - 2_000,
    )
    return because([asked, 'began'])
  }
  const began = await look.before(
    event.seq,
    (at) => at.node === event.node && at.kind === 'transfer' && at.stage === 'started',
  )
  return because([began, 'began'], [await look.stimulus(event, 'received'), 'message'])
}

export const breakpoint: Rule<'breakpoint'> = async (look, event) => {
  const hit = await look.before(event.seq, (at) => at.node === event.node && at.n === event.event)
  const set =
    event.breakpoint > 0
      ? await byNumber(look, event, (at) => at.kind === 'watch' && at.breakpoint === event.breakpoint)
      : undefined
  return because([set, 'began'], [hit, 'here'])
}

export const stop: Rule<'stop'> = async (look, event) => {
  if (event.action !== 'stopped' || event.subject === 0) return []
  return because([await byNumber(look, event, (at) => at.kind === 'breakpoint' && at.node === event.subject), 'here'])
}

export const nemesis: Rule<'nemesis'> = async (look, event) => {
  if (event.action === 'begin') return []
  const begin = (at: TimelineEvent) => at.kind === 'nemesis' && at.id === event.id && at.action === 'begin'
  return because([await byNumber(look, event, begin), 'began'])
}

export const workload: Rule<'workload'> = async (look, event) => {
  if (event.action === 'begin') return []
  const begin = (at: TimelineEvent) => at.kind === 'workload' && at.id === event.id && at.action === 'begin'
  return because([await byNumber(look, event, begin), 'began'])
}

export const load: Rule<'load'> = async (look, event) =>
  because([
    await byNumber(look, event, (at) => at.kind === 'workload' && at.id === event.workload && at.action === 'begin'),
    'began',
  ])

export const output: Rule<'output'> = async (look, event) =>
  because([await look.before(event.seq, (at) => at.node === event.subject && at.kind === 'started'), 'booted'])
