/** `raft-workbench zoo`: classic bugs on real processes, each caught, and the correct node never. */
import { BUG_IDS, BUG_WORDS, type BugId } from '../../../preload/contract'
import { Problem } from '../../workbench'
import { BUGS, runZoo, type ZooRow } from '../../workbench/headless'
import { Ending } from '../ending'
import type { Places } from '../hosting'
import { aligned, EXIT, type Terminal } from '../terminal'
import { ZOO_TEXTS, type ZooTexts } from '../texts/zoo'

export interface ZooOptions {
  readonly seeds: readonly number[]
  readonly list: boolean
  readonly json: boolean
}

export const DEFAULT_ZOO_SEEDS = [1] as const

/** @returns 0: all were caught, and the correct node never; 1: not so, or it was ended before its time */
export async function zoo(
  given: readonly string[],
  { seeds, list, json }: ZooOptions,
  places: Places,
  terminal: Terminal,
): Promise<number> {
  const texts = ZOO_TEXTS[terminal.language]
  const bugs = given.map((each) => bugNamed(each, texts))
  if (list) {
    show(bugs, json, terminal)
    return EXIT.ok
  }
  const ending = new Ending()
  try {
    const result = await runZoo({
      bugs,
      seeds,
      programs: places.programs,
      signal: ending.signal,
      progress: (done, of, bug) => terminal.progress(texts.progress(done, of, bug)),
    })
    if (json) terminal.print(JSON.stringify(result, null, 2))
    else {
      const rows = result.rows.map((row) => line(row, texts))
      for (const each of aligned([texts.head, ...rows], new Set([2, 3]))) terminal.print(each)
      terminal.print(texts.end(result))
    }
    return result.holds ? EXIT.ok : EXIT.failed
  } finally {
    ending.release()
  }
}

function bugNamed(given: string, texts: ZooTexts): BugId {
  const bug = BUG_IDS.find((known) => known === given)
  if (bug === undefined) throw new Problem('usage', { reason: texts.unknown(given) })
  return bug
}

function show(bugs: readonly BugId[], json: boolean, { language, print }: Terminal): void {
  const wanted = BUGS.filter(({ id }) => bugs.length === 0 || bugs.includes(id))
  const listed = wanted.map(({ id, source }) => ({ id, source, ...BUG_WORDS[language][id] }))
  if (json) print(JSON.stringify(listed, null, 2))
  else for (const { id, source, name, story } of listed) print(`${id}  (${source})\n  ${name}\n  ${story}`)
}

function line({ bug, seed, hunt, correct }: ZooRow, texts: ZooTexts): readonly string[] {
  return [
    bug,
    hunt.caught.length > 0 ? texts.caught(hunt.caught) : texts.notCaught,
    String(seed),
    hunt.seconds.toFixed(1),
    correct.caught.length > 0 ? texts.falseAlarm(correct.caught) : texts.clean,
  ]
}
