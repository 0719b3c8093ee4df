import { resolve } from 'node:path'
import { type EventKind, type ExportFormat, HISTORY_FORMATS, type Language } from '../../../preload/contract'
import { Problem } from '../../workbench'
import { exportRecording } from '../../workbench/headless'
import { Ending } from '../ending'
import type { Places } from '../hosting'
import { EXIT, type Terminal } from '../terminal'
import { meter } from './meter'

export interface ExportOptions {
  readonly format: ExportFormat
  /** `-`: standard output. */
  readonly out: string
  /** Nanoseconds. */
  readonly from?: number
  readonly to?: number
  readonly node?: readonly number[]
  readonly kind?: readonly EventKind[]
  readonly key?: string
  readonly theme?: 'dark' | 'light'
  readonly lang?: Language
  readonly width?: number
}

/** Writes a recording, or a selection of it, in a format that other tools read. */
export async function exportCommand(
  recording: string,
  options: ExportOptions,
  places: Places,
  terminal: Terminal,
): Promise<number> {
  const { format, out, from, to, node, kind, key, theme, lang, width } = options
  if (key !== undefined && !HISTORY_FORMATS.includes(format)) {
    throw new Problem('usage', { reason: terminal.texts.notHistory(format, HISTORY_FORMATS.join(', ')) })
  }
  const ending = new Ending()
  try {
    const target = out === '-' ? terminal.write : resolve(out)
    const { events, leftOut, damage } = await exportRecording({
      recording: resolve(recording),
      format,
      selection: {
        ...(from === undefined ? {} : { fromT: from }),
        ...(to === undefined ? {} : { toT: to }),
        ...(node === undefined ? {} : { nodes: node }),
        ...(kind === undefined ? {} : { kinds: kind }),
        ...(key === undefined ? {} : { key }),
      },
      language: lang ?? terminal.language,
      theme,
      width,
      page: places.programs.page,
      out: target,
      signal: ending.signal,
      progress: meter(terminal),
    })
    for (const problem of damage) terminal.fail(problem)
    for (const { reason, events } of leftOut) terminal.say(terminal.texts.leftOut(reason, events))
    if (typeof target === 'string') terminal.say(terminal.texts.exported(events, target))
    return EXIT.ok
  } finally {
    ending.release()
  }
}
