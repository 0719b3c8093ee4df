/**
 * What stands in the diagram in words: faults, operations, calls. The words come from a catalogue that is handed in: the
 * window's own, or the pictures' part of it.
 */
import type { Consistency } from '../../node/contract/client'
import type { LinkPreset, LinkRule, NodeFault, Shape } from '../../node/contract/conditions'
import type { ClientOp } from '../../node/contract/events'
import { type Link, operationSubject, subjectOf } from './details'
import { formatBytes } from './quantity'

export interface Words {
  /** @param plural which of the forms with `|` between them */
  t(key: string, named?: Readonly<Record<string, unknown>>, plural?: number): string
  has(key: string): boolean
}

const nodeName = (node: number) => `n${node}`

/** A fault's `detail` beyond who is concerned, as far as it can be read. */
interface Detail {
  readonly preset?: LinkPreset
  readonly rules?: readonly LinkRule[]
  readonly mode?: string
  readonly rate?: number
  readonly jumpMs?: number
  readonly fired?: unknown
  readonly fault?: NodeFault
  readonly file?: string
  readonly record?: number
}

function detailOf(detail: string): Detail {
  try {
    const read: unknown = JSON.parse(detail)
    return typeof read === 'object' && read !== null ? (read as Detail) : {}
  } catch {
    return {}
  }
}

/** "n1 n2 | n3 n4 n5" */
export function groupsText(groups: readonly (readonly number[])[]): string {
  return groups.map((group) => group.map(nodeName).join(' ')).join(' | ')
}

/** Every link between some nodes, both ways: n × (n − 1) of them. */
function areAll(links: readonly Link[]): boolean {
  const nodes = new Set(links.flat()).size
  return nodes > 2 && links.length === nodes * (nodes - 1)
}

/** "n1 → n2", "n1 ⇄ n2", "all 20 links", "7 links" */
export function linksText({ t }: Words, links: readonly Link[]): string {
  const arrow = ([from, to]: Link) => `${nodeName(from)} → ${nodeName(to)}`
  const [first, second] = links
  if (first === undefined) return ''
  if (areAll(links)) return t('control.fault.allLinks', { n: links.length })
  if (second === undefined) return arrow(first)
  if (links.length > 2) return t('control.fault.someLinks', { n: links.length }, links.length)
  const back = first[0] === second[1] && first[1] === second[0]
  return back ? `${nodeName(first[0])} ⇄ ${nodeName(first[1])}` : `${arrow(first)}, ${arrow(second)}`
}

/** Fields of a shape, in the order in which a message meets them. */
export const SHAPE_FIELDS = [
  'dropPercent',
  'duplicatePercent',
  'reorderPercent',
  'bytesPerSecond',
  'delayMs',
  'jitterMs',
] as const satisfies readonly (keyof Shape)[]

type Translate = Words['t']
/** Of words that always have something filled in. */
type Fill = (key: string, named: Record<string, unknown>) => string

function shapeText(t: Fill, shape: Shape): string {
  const words = SHAPE_FIELDS.flatMap((field) => {
    const n = shape[field]
    if (n === 0) return []
    if (field === 'delayMs' && shape.jitterMs > 0)
      return [t('control.rule.words.delayJitter', { n, by: shape.jitterMs })]
    if (field === 'jitterMs' && shape.delayMs > 0) return []
    return [t(`control.rule.words.${field}`, { n: field === 'bytesPerSecond' ? formatBytes(n) : n })]
  })
  return words.length === 0 ? t('control.rule.words.pass', {}) : words.join(', ')
}

/** "drop 20 %, delay 5 ± 5 ms (AppendEntries)" */
export function ruleText(t: Fill, rule: LinkRule): string {
  const { action, messages } = rule
  const what = action.type === 'shape' ? shapeText(t, action) : t(`control.rule.words.${action.type}`, {})
  return messages.length === 0 ? what : t('control.rule.words.only', { what, messages: messages.join(', ') })
}

export const rulesText = (t: Fill, rules: readonly LinkRule[]): string =>
  rules.map((rule) => ruleText(t, rule)).join('; ')

function armedText({ t }: Words, nodes: string, fault: NodeFault): string {
  switch (fault.type) {
    case 'crash-point': {
      const point = t(`control.armed.points.${fault.point}`)
      return t(fault.nth > 1 ? 'control.fault.crashNth' : 'control.fault.crash', { nodes, point, nth: fault.nth })
    }
    case 'slow-disk':
      return t('control.fault.slow', { nodes, n: fault.delayMs })
    case 'disk-error':
      return t('control.fault.error', { nodes, code: fault.code })
    case 'torn-write':
      return t('control.fault.torn', { nodes })
    case 'power-loss':
      return t(fault.at === 'now' ? 'control.fault.power' : 'control.fault.powerWrite', { nodes })
  }
}

function clockText({ t }: Words, nodes: string, { mode, rate, jumpMs, fired }: Detail): string {
  if (fired !== undefined && fired !== false) return t('control.fault.fired', { nodes })
  if (typeof jumpMs === 'number') {
    return t(jumpMs < 0 ? 'control.fault.stands' : 'control.fault.ahead', { nodes, n: Math.abs(jumpMs) })
  }
  return mode === 'manual' ? t('control.fault.manual', { nodes }) : t('control.fault.rate', { nodes, rate: rate ?? 1 })
}

/** The word for a fault's type, also for one of a later version. */
export function faultType({ t, has }: Words, type: string): string {
  const key = [`faults.types.${type}`, `control.fault.types.${type}`].find(has)
  return key === undefined ? type : t(key)
}

/** "Killed n3", "Partition n1 n2 | n3 n4 n5", "hold · all 20 links", "n2: manual time" */
export function faultText(words: Words, fault: { readonly type: string; readonly detail: string }): string {
  const { t, has } = words
  const { nodes, link, links, groups } = subjectOf(fault)
  const detail = detailOf(fault.detail)
  const names = nodes.map(nodeName).join(' ')
  const type = faultType(words, fault.type)
  if (fault.type === 'links') {
    const preset = detail.preset === undefined ? '' : `control.presets.${detail.preset}`
    const where = nodes.length === 1 && preset !== '' ? names : linksText(words, links)
    const what = preset !== '' && has(preset) ? t(preset) : rulesText(t, detail.rules ?? [])
    return where === '' ? what || type : t('control.fault.links', { what: what || type, links: where })
  }
  if (fault.type === 'clock' && names !== '') return clockText(words, names, detail)
  if (fault.type === 'bit-flip' && detail.file !== undefined) {
    return t('control.fault.flipped', { nodes: names, file: detail.file, record: detail.record ?? 0 })
  }
  if (detail.fault?.type !== undefined && has(`control.armed.kinds.${detail.fault.type}`)) {
    return armedText(words, names, detail.fault)
  }
  if (groups.length > 0) return `${type} ${groupsText(groups)}`
  if (link !== null) return `${type} ${linksText(words, links)}`
  return `${type} ${names}`.trim()
}

export const OPERATION_TYPES = ['change', 'transfer', 'snapshot', 'add-node', 'remove-node', 'rebuild'] as const
const ROLES = ['voter', 'learner', 'witness', 'removed']

/** "add n6 as learner", "change membership: n4 learner, n5 removed". */
export function operationText(t: Translate, operation: { readonly type: string; readonly detail: string }): string {
  const { node, role, changes } = operationSubject(operation.detail)
  const name = node > 0 ? nodeName(node) : ''
  const roleText = (of: string) => (ROLES.includes(of) ? t(`membership.roles.${of}`) : of)
  const type = OPERATION_TYPES.find((each) => each === operation.type)
  switch (type) {
    case 'change': {
      const what = changes.map((change) =>
        t('membership.operation.becomes', { node: nodeName(change.node), role: roleText(change.role) }),
      )
      return t('membership.operation.change', { what: what.join(', ') })
    }
    case 'transfer':
      return node > 0 ? t('membership.operation.transfer', { node: name }) : t('membership.operation.transferBest')
    case 'add-node':
      return t('membership.operation.add-node', { node: name || t('membership.aNode'), role: roleText(role) })
    case 'snapshot':
    case 'remove-node':
    case 'rebuild':
      return t(`membership.operation.${type}`, { node: name })
    case undefined:
      return operation.type
  }
}

export interface AskedCommand {
  readonly op: ClientOp
  readonly key: string
  readonly value: string
  readonly consistency: Consistency
}

/** `put x 5`, `get x`, `get x (stale)`: a client's command as it is typed. */
export function commandText({ op, key, value, consistency }: AskedCommand): string {
  return seen(wordsOf({ op, key, value, consistency }))
}

/** A sign that no font draws stands as a point: a value may be any bytes. */
const seen = (text: string): string => text.replace(/[\p{Cc}\p{Co}\p{Cn}]/gu, '·')

function wordsOf({ op, key, value, consistency }: AskedCommand): string {
  switch (op) {
    case 'put':
    case 'cas':
    case 'append':
      return `${op} ${key} ${value}`
    case 'delete':
      return `del ${key}`
    case 'get':
      // What a read is by default needs no word.
      return consistency === 'index' ? `get ${key}` : `get ${key} (${consistency})`
  }
}
