import { aligned, EXIT, type Terminal } from '../terminal'
import { SCENARIOS_TEXTS } from '../texts/scenarios'

export interface ScenariosOptions {
  readonly json: boolean
  readonly schema: boolean
}

/** Lists the library, or prints the language's schema. @returns the exit status */
export async function scenarios({ json, schema }: ScenariosOptions, terminal: Terminal): Promise<number> {
  // Other commands need not read all scenarios.
  const { scenarioJsonSchema, scenarioRows } = await import('../../workbench/scenario-files')
  if (schema) {
    terminal.print(scenarioJsonSchema().trimEnd())
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
