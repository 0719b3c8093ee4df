import { resolve } from 'node:path'
import { exportRecording } from '../../workbench/headless'
import { Ending } from '../ending'
import { EXIT, type Terminal } from '../terminal'

export interface ExportOptions {
  /** `-`: standard output. */
  readonly out: string
  /** Nanoseconds. */
  readonly from?: number
  readonly to?: number
}

/** Writes a recording's events as JSON Lines. */
export async function exportCommand(recording: string, options: ExportOptions, terminal: Terminal): Promise<number> {
  const { out, ...range } = options
  const ending = new Ending()
  try {
    const target = out === '-' ? terminal.write : resolve(out)
    const wish = { recording: resolve(recording), ...range, out: target, signal: ending.signal }
    const { events, damage } = await exportRecording(wish)
    for (const problem of damage) terminal.fail(problem)
    if (typeof target === 'string') terminal.say(terminal.texts.exported(events, target))
    return EXIT.ok
  } finally {
    ending.release()
  }
}
