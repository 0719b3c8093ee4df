/** A fault in one line: "Killed n3", "Partition n1 n2 | n3 n4 n5", "hold · all 20 links", "n2: manual time". */
import type { FaultView, LinkPreset, LinkRule, NodeFault } from '../../preload/contract'
import { nodeName } from '../components/format'
import { rulesText } from '../components/rules'
import { i18n } from '../i18n'
import { groupsText, type Link, subjectOf } from './faults'

type Words = Pick<FaultView, 'type' | 'detail'>

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

/** Every link between some nodes, both ways: n × (n − 1) of them. */
function areAll(links: readonly Link[]): boolean {
  const nodes = new Set(links.flat()).size
  return nodes > 2 && links.length === nodes * (nodes - 1)
}

/** "n1 → n2", "n1 ⇄ n2", "all 20 links", "7 links" */
export function linksText(links: readonly Link[]): string {
  const { t } = i18n.global
  const arrow = ([from, to]: Link) => `${nodeName(from)} → ${nodeName(to)}`
  const [first, second] = links
  if (first === undefined) return ''
  if (areAll(links)) return t('control.fault.allLinks', { n: links.length })
  if (second === undefined) return arrow(first)
  if (links.length > 2) return t('control.fault.someLinks', { n: links.length }, links.length)
  const back = first[0] === second[1] && first[1] === second[0]
  return back ? `${nodeName(first[0])} ⇄ ${nodeName(first[1])}` : `${arrow(first)}, ${arrow(second)}`
}

function armedText(nodes: string, fault: NodeFault): string {
  const { t } = i18n.global
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

function clockText(nodes: string, { mode, rate, jumpMs, fired }: Detail): string {
  const { t } = i18n.global
  if (fired !== undefined && fired !== false) return t('control.fault.fired', { nodes })
  if (typeof jumpMs === 'number') {
    return t(jumpMs < 0 ? 'control.fault.stands' : 'control.fault.ahead', { nodes, n: Math.abs(jumpMs) })
  }
  return mode === 'manual' ? t('control.fault.manual', { nodes }) : t('control.fault.rate', { nodes, rate: rate ?? 1 })
}

/** The word for a fault's type, also for one of a later version. */
export function faultType(type: string): string {
  const { t, te } = i18n.global
  const key = [`faults.types.${type}`, `control.fault.types.${type}`].find((each) => te(each, 'en'))
  return key === undefined ? type : t(key)
}

export function faultText(fault: Words): string {
  const { t, te } = i18n.global
  const { nodes, link, links, groups } = subjectOf(fault)
  const detail = detailOf(fault.detail)
  const names = nodes.map(nodeName).join(' ')
  const type = faultType(fault.type)
  if (fault.type === 'links') {
    const preset = detail.preset === undefined ? '' : `control.presets.${detail.preset}`
    const where = nodes.length === 1 && preset !== '' ? names : linksText(links)
    const what =
      preset !== '' && te(preset, 'en') ? t(preset) : rulesText((key, named) => t(key, named), detail.rules ?? [])
    return where === '' ? what || type : t('control.fault.links', { what: what || type, links: where })
  }
  if (fault.type === 'clock' && names !== '') return clockText(names, detail)
  if (fault.type === 'bit-flip' && detail.file !== undefined) {
    return t('control.fault.flipped', { nodes: names, file: detail.file, record: detail.record ?? 0 })
  }
  if (detail.fault?.type !== undefined && te(`control.armed.kinds.${detail.fault.type}`, 'en')) {
    return armedText(names, detail.fault)
  }
  if (groups.length > 0) return `${type} ${groupsText(groups)}`
  if (link !== null) return `${type} ${linksText(links)}`
  return `${type} ${names}`.trim()
}
