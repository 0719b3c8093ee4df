/** The words on the canvas, from the catalogue. */

import type { Labels, LaneState } from '../../preload/contract/diagram'
import { faultText } from '../commands/fault-words'
import { operationText } from '../components/operations'
import { commandText, type Translate } from './describe'

export function createLabels(t: Translate): Labels {
  const state = (of: LaneState): string => {
    switch (of) {
      case 'down':
        return t('diagrams.lane.down')
      case 'paused':
        return t('standings.paused')
      case 'starting':
        return t('standings.starting')
      default:
        return t(`roles.${of}`)
    }
  }
  return {
    faults: t('diagrams.timeline.faults'),
    calls: t('diagrams.timeline.calls'),
    operations: t('diagrams.timeline.operations'),
    committed: t('diagrams.timeline.committed'),
    stopped: t('diagrams.timeline.stopped'),
    state,
    band: (of, term) => {
      if (of === 'down' || of === 'paused' || of === 'starting') return [state(of)]
      if (of === 'candidate') return [`${state(of)} T${term}`, t('diagrams.lane.candidate'), `T${term}`]
      return [`${state(of)} T${term}`, `T${term}`]
    },
    fault: faultText,
    call: (call) => {
      const command = commandText(call)
      const via = call.via > 0 ? ` → n${call.via}` : ''
      if (call.outcome === 'pending') return `${command}${via} · ${t('diagrams.timeline.noAnswerYet')}`
      if (call.outcome === 'unknown') return `${command}${via} · ${t('diagrams.timeline.noAnswer')}`
      return command
    },
    operation: (operation) => {
      const text = operationText(t, operation)
      return operation.outcome === 'done' ? text : `${text} · ${t(`membership.outcomes.${operation.outcome}`)}`
    },
    gap: (gap) => t('diagrams.timeline.gap', { n: gap.shed }),
  }
}
