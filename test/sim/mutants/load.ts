/**
 * The core with a bug put in on purpose: a copy of its sources, changed, beside the real ones in a place of its own. It is
 * written as plain JavaScript, which Node loads by itself: most files of each copy are the same, and are converted once.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { RaftClass } from '../node'

const SOURCES = resolve(import.meta.dirname, '../../../main/raft')

export interface Edit {
  /** Under main/raft. */
  readonly file: string
  /** Must occur exactly once: when the core changes, the bug has to be written anew. */
  readonly find: string
  readonly put: string
}

const require = createRequire(import.meta.url)
/** The core as it is, each file in both languages. */
let core: ReadonlyMap<string, { readonly source: string; readonly plain: string }> | undefined

/** Without types, and with the whole names of what it imports. */
function plainOf(source: string): string {
  return stripTypeScriptTypes(source, { mode: 'transform' }).replaceAll(/ from '(\.\/[\w-]+)'/g, " from '$1.mjs'")
}

function readCore(): NonNullable<typeof core> {
  const files = readdirSync(SOURCES).map((file) => {
    const source = readFileSync(join(SOURCES, file), 'utf8')
    return [file, { source, plain: plainOf(source) }] as const
  })
  return new Map(files)
}

/** The files that the edits change, changed. */
function edited(edits: readonly Edit[]): ReadonlyMap<string, string> {
  const changed = new Map<string, string>()
  for (const { file, find, put } of edits) {
    const parts = (changed.get(file) ?? core?.get(file)?.source ?? '').split(find)
    if (parts.length !== 2) throw new Error(`"${find}" stands ${parts.length - 1} times in ${file}, not once`)
    changed.set(file, parts.join(put))
  }
  return changed
}

/** Runs `use` with the broken core. */
export async function withMutant<T>(edits: readonly Edit[], use: (Raft: RaftClass) => Promise<T>): Promise<T> {
  core ??= readCore()
  const changed = edited(edits)
  const directory = mkdtempSync(join(tmpdir(), 'raft-mutant-'))
  try {
    for (const [file, { plain }] of core) {
      const source = changed.get(file)
      const path = join(directory, `${basename(file, '.ts')}.mjs`)
      writeFileSync(path, source === undefined ? plain : plainOf(source))
    }
    const { Raft } = require(join(directory, 'index.mjs'))
    return await use(Raft)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
