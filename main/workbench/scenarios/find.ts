/** Scenarios by what a person calls them: an id of the library, or a file. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Problem } from '../../node/contract/problem'
import { type ParsedScenario, parseScenario } from '../../scenarios/language/parse'
import { libraryScenario } from '../../scenarios/library'
import { reasonOf } from '../files'

/** @throws {Problem} 'scenario-unknown', 'unreadable-file', 'scenario-invalid' */
export async function findScenario(given: string): Promise<ParsedScenario> {
  const known = isId(given) ? libraryScenario(given) : undefined
  if (known !== undefined) return known
  const text = await readFile(given, 'utf8').catch((trouble: NodeJS.ErrnoException) => {
    if (isId(given) && trouble.code === 'ENOENT') throw new Problem('scenario-unknown', { id: given })
    throw new Problem('unreadable-file', { path: given, reason: reasonOf(trouble) }, { cause: trouble })
  })
  return parseScenario(text, basename(given))
}

/** A file's name has a dot, or a directory before it. */
function isId(given: string): boolean {
  return /^[a-z0-9-]+$/.test(given)
}
