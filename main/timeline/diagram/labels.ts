/** The words on the diagram, from a catalogue. */
import type { LaneState } from './lanes'
import type { Labels } from './scene'
import { commandText, faultText, operationText, type Words } from './words'

export function createLabels(words: Words): Labels {
  const { t } = words
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
    notes: t('diagrams.timeline.notes'),
    stopped: t('diagrams.timeline.stopped'),
    state,
    band: (of, term) => {
      if (of === 'down' || of === 'paused' || of === 'starting') return [state(of)]
      if (of === 'candidate') return [`${state(of)} T${term}`, t('diagrams.lane.candidate'), `T${term}`]
      return [`${state(of)} T${term}`, `T${term}`]
    },
    fault: (fault) => faultText(words, fault),
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
