/** Files of other tools: what they are, by what they hold, and how they become recordings. */
import { stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import type { TimelineEvent } from '../../node/contract/events'
import { Problem } from '../../node/contract/problem'
import { record } from '../export/import'
import { bad } from './bad'
import { type HistoryForm, isLogLine, readHistory } from './history/read'
import { historyEvents } from './history/record'
import { isShiviz } from './shiviz/parse'
import { shivizTimeline } from './shiviz/record'
import { type ImportOptions, textOf } from './text'
import { inTurns } from './turns'

export const FOREIGN_FORMS = ['shiviz', 'edn', 'jepsen-log'] as const
export type ForeignForm = (typeof FOREIGN_FORMS)[number]

export interface ForeignOptions extends ImportOptions {
  /** ShiViz: another expression than its own, with the groups `event`, `host` and `clock`. */
  readonly parser?: string | undefined
}

/** All events of a ShiViz log are needed to put them in order. Bytes. */
const LARGEST_LOG = 256 << 20

/** What a file is, by the text that it begins with; undefined: none of these. */
export function foreignFormOf(head: string): ForeignForm | undefined {
  const lines = head.split('\n').slice(0, 1_000)
  // A comment may stand before anything.
  const first = head.replace(/^(?:[\s,]|;[^\n]*(?:\n|$))+/, '')
  if (/^[[(]?\s*(?:#[\w.]+\s*|#:\w+)?\{\s*(?::|\})/.test(first)) return 'edn'
  if (lines.some(isLogLine)) return 'jepsen-log'
  if (isShiviz(head)) return 'shiviz'
  return undefined
}

/**
 * Makes a recording of such a file and returns the number of its events. Nothing is left at `outPath` when it fails.
 * Throws `bad-input` (which line, which rule), `unreadable-file`, `directory-unwritable`, `disk-failed`, and the signal's reason.
 */
export async function importForeign(
  path: string,
  form: ForeignForm,
  outPath: string,
  options: ForeignOptions = {},
): Promise<number> {
  const name = basename(path, extname(path))
  const events = form === 'shiviz' ? await fromShiviz(path, name, options) : fromHistory(path, name, form, options)
  return await record({ clusterId: '', clusterName: name, began: await dateOf(path) }, events, outPath)
}

const HISTORY_FORMS: Readonly<Record<Exclude<ForeignForm, 'shiviz'>, HistoryForm>> = { edn: 'edn', 'jepsen-log': 'log' }

function fromHistory(path: string, name: string, form: Exclude<ForeignForm, 'shiviz'>, options: ImportOptions) {
  return historyEvents(readHistory(textOf(path, options), HISTORY_FORMS[form]), name)
}

async function fromShiviz(path: string, name: string, options: ForeignOptions): Promise<Iterable<TimelineEvent>> {
  const parts: string[] = []
  let size = 0
  for await (const part of textOf(path, options)) {
    parts.push(part)
    size += part.length
    if (size > LARGEST_LOG) throw bad(1, `at most ${LARGEST_LOG} characters expected`)
  }
  // Other systems end their lines with two characters.
  const text = parts.join('').replaceAll('\r\n', '\n')
  return await inTurns(shivizTimeline(text, name, options.parser), options.signal)
}

/** When it began is not in these files: the file's own date stands for it. */
async function dateOf(path: string): Promise<string> {
  try {
    return (await stat(path)).mtime.toISOString()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Problem('unreadable-file', { path, reason }, { cause: error })
  }
}
