import { resolve } from 'node:path'
import { importForeign } from '../../workbench/headless'
import { Ending } from '../ending'
import { EXIT, type Terminal } from '../terminal'
import { meter } from './meter'

/** Makes a recording of a file of another form. */
export async function importCommand(file: string, out: string, terminal: Terminal): Promise<number> {
  const ending = new Ending()
  try {
    const target = resolve(out)
    const wish = { file: resolve(file), out: target, signal: ending.signal, progress: meter(terminal) }
    const events = await importForeign(wish)
    terminal.say(terminal.texts.imported(events, target))
    return EXIT.ok
  } finally {
    ending.release()
  }
}
