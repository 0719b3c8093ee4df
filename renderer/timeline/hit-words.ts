/** What a hover card says about the thing under the pointer. */

import {
  type Edge,
  formatMoment,
  formatSpan,
  type Hit,
  isHeld,
  type TimelineModel,
} from '../../preload/contract/diagram'
import { faultText } from '../commands/fault-words'
import { operationText } from '../components/operations'
import { commandText, describeMessage, messageName, type Translate } from './describe'

export interface HitWords {
  readonly title: string
  readonly lines: readonly string[]
}

const FINE = 1_000

export function wordsOf(t: Translate, model: TimelineModel, hit: Hit): HitWords | null {
  switch (hit.kind) {
    case 'edge': {
      const { edge } = hit
      const sent = model.event(edge.sentSeq)
      const detail = sent?.kind === 'sent' ? describeMessage(t, sent) : ''
      const held = isHeld(edge)
      const waited = held ? model.known - edge.heldAt : edge.endAt - edge.sentAt
      const fate = t(`diagrams.fate.${held ? 'held' : edge.fate}`, { span: formatSpan(waited) })
      const drop = edge.fate === 'dropped' ? model.event(edge.endSeq) : undefined
      const why = drop?.kind === 'dropped' ? `: ${t(`diagrams.drop.${drop.reason}`)}` : ''
      return {
        title: `${messageName(t, edge.message, edge.count)} n${edge.sender} → n${edge.receiver} · T${edge.term}`,
        lines: [
          edge.copyOf === 0 ? detail : t('diagrams.fate.copy'),
          `${formatMoment(edge.sentAt, FINE)} · ${fate}${why}`,
          pairLine(t, model, edge),
        ].filter((line) => line !== ''),
      }
    }
    case 'mark':
      return {
        title: t(`diagrams.mark.${hit.mark.kind}`, { node: `n${hit.mark.node}` }),
        lines: [formatMoment(hit.mark.t, FINE)],
      }
    case 'fault':
      return {
        title: faultText(hit.fault),
        lines: [spanLine(t, hit.fault)],
      }
    case 'call':
      return {
        title: commandText(hit.call),
        lines: [`${t(`diagrams.outcome.${hit.call.outcome}`)} · ${spanLine(t, hit.call)}`],
      }
    case 'operation':
      return {
        title: operationText(t, hit.operation),
        lines: [`${t(`membership.outcomes.${hit.operation.outcome}`)} · ${spanLine(t, hit.operation)}`],
      }
    case 'commit':
      return {
        title: t('diagrams.timeline.committedTo', { index: hit.step.index }),
        lines: [formatMoment(hit.step.t, FINE)],
      }
    case 'flag':
      return {
        title: hit.flag.text,
        lines: [`${t(`diagrams.timeline.${hit.flag.kind}`)} · ${formatMoment(hit.flag.t, FINE)}`],
      }
    case 'gap':
      return { title: t('diagrams.timeline.gapTitle', { n: hit.gap.shed }), lines: [t('diagrams.timeline.gapText')] }
    case 'lane':
    case 'label':
    case 'axis':
    case 'minimap':
    case 'nothing':
      return null
  }
}

/** The other half of a call between nodes: what a request was answered with, and what a reply answers. */
function pairLine(t: Translate, model: TimelineModel, edge: Edge): string {
  const pair = model.edges.pairOf(edge)
  if (pair === undefined) return ''
  const sent = model.event(pair.sentSeq)
  const what = messageName(t, pair.message, pair.count)
  if (edge.reply) return t('diagrams.fate.answers', { what, at: formatMoment(pair.sentAt, FINE) })
  return t('diagrams.fate.answered', {
    what: sent?.kind === 'sent' ? describeMessage(t, sent) : what,
    span: formatSpan(pair.sentAt - edge.sentAt),
  })
}

function spanLine(t: Translate, span: { readonly from: number; readonly to: number }): string {
  const from = formatMoment(span.from, FINE)
  return Number.isFinite(span.to)
    ? `${from} · ${formatSpan(span.to - span.from)}`
    : `${from} · ${t('diagrams.timeline.goesOn')}`
}
