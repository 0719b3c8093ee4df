import {
  type ClusterSettings,
  EVENT_KINDS,
  type EventKind,
  MAX_PICTURE_WIDTH,
  MIN_PICTURE_WIDTH,
} from '../../preload/contract'
import { Problem } from '../workbench'
import { settingsOf } from '../workbench/headless'
import type { Texts } from './texts'

const NANOSECONDS: Readonly<Record<string, number>> = {
  '': 1,
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
}

/** A time of a recording, in nanoseconds: `250ms`, `1.5s`, `2m`; without a unit nanoseconds, as events have it. */
export function parseTime(given: string, texts: Texts): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|m|)$/.exec(given.trim()) ?? []
  const factor = unit === undefined ? undefined : NANOSECONDS[unit]
  if (number === undefined || factor === undefined) throw new Problem('usage', { reason: texts.notTime(given) })
  return Math.round(Number(number) * factor)
}

export function parsePort(given: string, texts: Texts): number {
  const port = Number(given)
  if (!/^\d+$/.test(given) || port > 65_535) throw new Problem('usage', { reason: texts.notPort(given) })
  return port
}

/** Any whole number; whether a cluster can have so many nodes is for the cluster to say. */
export function parseNodes(given: string, texts: Texts): number {
  if (!/^-?\d+$/.test(given)) throw new Problem('usage', { reason: texts.notNodes(given) })
  return Number(given)
}

export function parseNode(given: string, texts: Texts): number {
  const node = Number(given)
  if (!/^\d+$/.test(given) || node < 1 || node > 65_535) throw new Problem('usage', { reason: texts.notNode(given) })
  return node
}

/**
 * One `name=value`, added to those before it. Values are as in JSON (`false`, `300`, `{"1":5}`); words need no quotes.
 * @throws {Problem} 'usage', 'settings-invalid'
 */
export function parseSetting(
  given: string,
  before: Partial<ClusterSettings> | undefined,
  texts: Texts,
): Partial<ClusterSettings> {
  const [, name, text] = /^([^=]+)=(.*)$/s.exec(given) ?? []
  if (name === undefined || text === undefined) throw new Problem('usage', { reason: texts.notSetting(given) })
  return { ...before, ...settingsOf({ [name.trim()]: jsonOrText(text.trim()) }) }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A node, or 0 for the workbench, added to those before it. */
export function parseReporter(given: string, before: readonly number[] | undefined, texts: Texts): readonly number[] {
  return [...(before ?? []), given === '0' ? 0 : parseNode(given, texts)]
}

export function parseKind(given: string, before: readonly EventKind[] | undefined, texts: Texts): readonly EventKind[] {
  const kind = EVENT_KINDS.find((known) => known === given)
  if (kind === undefined) throw new Problem('usage', { reason: texts.notKind(given) })
  return [...(before ?? []), kind]
}

export function parseWidth(given: string, texts: Texts): number {
  const width = Number(given)
  if (!/^\d+$/.test(given) || width < MIN_PICTURE_WIDTH || width > MAX_PICTURE_WIDTH) {
    throw new Problem('usage', { reason: texts.notWidth(given, MIN_PICTURE_WIDTH, MAX_PICTURE_WIDTH) })
  }
  return width
}
