import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Problem } from '../../workbench'
import { aligned, EXIT, type Terminal } from '../terminal'
import { SCENARIOS_TEXTS } from '../texts/scenarios'

export interface ScenariosOptions {
  readonly json: boolean
  readonly schema: boolean
  /** A recording. */
  readonly from?: string
  readonly out?: string
}

/** Lists the library, prints the language's schema, or makes a scenario of a recording. @returns the exit status */
export async function scenarios({ json, schema, from, out }: ScenariosOptions, terminal: Terminal): Promise<number> {
  // Other commands need not read all scenarios.
  const { scenarioFrom, scenarioJsonSchema, scenarioRows } = await import('../../workbench/scenario-files')
  if (schema) {
    terminal.print(scenarioJsonSchema().trimEnd())
    return EXIT.ok
  }
  if (from !== undefined) {
    const text = await scenarioFrom(resolve(from), out ?? from)
    if (out === undefined) await terminal.write(text)
    else await save(resolve(out), text, terminal)
    return EXIT.ok
  }
  const rows = scenarioRows()
  if (json) {
    terminal.print(JSON.stringify(rows, null, 2))
    return EXIT.ok
  }
  const { language } = terminal
  for (const line of aligned(
    rows.map(({ id, title, source }) => [id, title[language], source ?? '']),
    new Set(),
  )) {
    terminal.print(line)
  }
  terminal.say(SCENARIOS_TEXTS[language].hint(rows.length))
  return EXIT.ok
}

/** @throws {Problem} 'usage' when there is such a file; 'export-failed' when it can't be written */
async function save(path: string, text: string, { language, say }: Terminal): Promise<void> {
  const texts = SCENARIOS_TEXTS[language]
  try {
    await writeFile(path, text, { flag: 'wx' })
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new Problem('usage', { reason: texts.exists(path) })
    throw new Problem('export-failed', { path, reason: code === '' ? message : code }, { cause: error })
  }
  say(texts.wrote(path))
}
