/** A fault that begins, as steps. */
import { linkRuleSchema, nodeFaultSchema } from '../../node/contract/conditions'
import type { TimelineEvent } from '../../node/contract/events'
import { type Detail, listOf, numberOf, numbersOf, pairsOf, textOf } from './details'
import type { Replacing } from './heals'
import { conditioned, linkWords } from './links'
import { type Fields, RecordedNode } from './recorded'

interface FaultStep {
  readonly step: Fields
  /** What was in force before and is so no more, because of this and not because it was healed. */
  readonly replacing?: Replacing
}

type Cut = 'block' | 'partition' | 'isolate' | 'links'

/** `detail` of the event with which it began; `nodes`: all of the cluster. */
export function faultSteps(
  type: TimelineEvent<'fault'>['type'],
  detail: Detail,
  nodes: readonly number[],
): readonly FaultStep[] {
  const of = new RecordedNode(numbersOf(detail.nodes)[0] ?? 0)
  switch (type) {
    case 'kill':
    case 'stop':
    case 'pause':
      return [{ step: { [type]: of } }]
    case 'clock':
      return [clockStep(of, detail)]
    case 'block':
    case 'partition':
    case 'isolate':
    case 'links':
      return cutSteps(type, detail, nodes)
    case 'bit-flip': {
      const { file, record, bit } = detail
      return [{ step: { flip: { of, file: textOf(file), record: numberOf(record), bit: numberOf(bit) } } }]
    }
    default: {
      const fault = nodeFaultSchema.safeParse(detail.fault)
      return fault.success ? [{ step: { arm: { of, fault: fault.data } } }] : []
    }
  }
}

function clockStep(of: RecordedNode, detail: Detail): FaultStep {
  if ('fired' in detail) return { step: { fire: of } }
  if ('jumpMs' in detail) return { step: { jump: { of, ms: numberOf(detail.jumpMs) } } }
  return { step: { clock: { of, mode: textOf(detail.mode), rate: numberOf(detail.rate) } }, replacing: 'clock' }
}

function cutSteps(type: Cut, detail: Detail, nodes: readonly number[]): readonly FaultStep[] {
  const replacing = replacedBy(type)
  if (detail.preset !== undefined) {
    const at = detail.at === undefined ? {} : { at: new RecordedNode(numberOf(detail.at) ?? 0) }
    return [{ step: { preset: { pattern: textOf(detail.preset), ...at } }, replacing }]
  }
  if (Array.isArray(detail.groups)) {
    const groups = detail.groups.map((group) => numbersOf(group).map((node) => new RecordedNode(node)))
    return [{ step: { partition: groups }, replacing }]
  }
  const rules = listOf(detail.rules).flatMap((rule) => {
    const read = linkRuleSchema.safeParse(rule)
    return read.success ? [read.data] : []
  })
  return linkWords(pairsOf(detail.links), nodes).map((words) => ({
    step: type === 'links' ? conditioned(words, rules, numberOf(detail.seed)) : { block: words },
    replacing,
  }))
}

function replacedBy(type: Cut): Replacing {
  if (type === 'links') return 'rules'
  return type === 'block' ? undefined : 'cuts'
}
