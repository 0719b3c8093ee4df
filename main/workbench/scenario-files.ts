/** The library of scenarios, its language, and scenarios made of recordings, as the command line asks for them. */
import { basename } from 'node:path'
import { scenarioJsonSchema } from '../scenarios/language/json-schema'
import type { Text } from '../scenarios/language/values'
import { library } from '../scenarios/library'
import { writeScenario } from '../scenarios/writing'
import { openRecording } from '../timeline'

/** One of the library, in short. */
export interface ScenarioRow {
  readonly id: string
  readonly title: Text
  readonly about: Text
  readonly source: string | undefined
  readonly tags: readonly string[]
  readonly nodes: number
  readonly steps: number
  readonly limit: string
}

/** All of the library, by id. */
export function scenarioRows(): readonly ScenarioRow[] {
  return library().map(({ id, scenario: { title, about, source, tags, cluster, steps, limit } }) => ({
    id,
    title,
    about,
    source,
    tags,
    nodes: cluster.nodes,
    steps: steps.length,
    limit,
  }))
}

export { scenarioJsonSchema }

/**
 * What was done by hand over a recording, as the text of a scenario.
 * @param named a path: the id is made of its last part
 * @throws {Problem} why the recording can't be read
 */
export async function scenarioFrom(recording: string, named: string): Promise<string> {
  const source = await openRecording(recording)
  try {
    return await writeScenario(source.scan({}), { id: idOf(named) })
  } finally {
    await source.close()
  }
}

/** `My lesson.yaml` → `my-lesson` */
function idOf(path: string): string {
  const id = basename(path)
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return id === '' ? 'recorded' : id
}
