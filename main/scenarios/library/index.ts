/** The scenarios that come with the workbench: one file each beside this one, built into the programs as text. */
import { type ParsedScenario, parseScenario } from '../language/parse'

export interface LibraryScenario extends ParsedScenario {
  /** Of the scenario, and its file's name without `.yaml`. */
  readonly id: string
  /** As the file stands. */
  readonly text: string
}

const FILES = import.meta.glob<string>('./*.yaml', { query: '?raw', import: 'default', eager: true })

let read: readonly LibraryScenario[] | undefined

/** All of them by id. Read at the first call. Problem: 'scenario-invalid' (a mistake of ours; a test looks at each). */
export function library(): readonly LibraryScenario[] {
  read ??= Object.entries(FILES)
    .map(([path, text]) => {
      const name = path.replace(/^.*\//, '')
      return { id: name.replace(/\.yaml$/, ''), text, ...parseScenario(text, name) }
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  return read
}

/** One of them; undefined when there is none of that id. Problem: 'scenario-invalid', as {@link library}. */
export function libraryScenario(id: string): LibraryScenario | undefined {
  return library().find((scenario) => scenario.id === id)
}
