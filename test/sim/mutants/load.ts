/** The core with a bug put in on purpose: a copy of its sources, changed, beside the real ones in a place of its own. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { RaftClass } from '../node'

const SOURCES = resolve(import.meta.dirname, '../../../main/raft')

export interface Edit {
  /** Under main/raft. */
  readonly file: string
  /** Must occur exactly once: when the core changes, the bug has to be written anew. */
  readonly find: string
  readonly put: string
}

/** Runs `use` with the broken core. */
export async function withMutant<T>(edits: readonly Edit[], use: (Raft: RaftClass) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'raft-mutant-'))
  try {
    await cp(SOURCES, directory, { recursive: true })
    for (const { file, find, put } of edits) {
      const path = join(directory, file)
      const parts = (await readFile(path, 'utf8')).split(find)
      if (parts.length !== 2) throw new Error(`"${find}" stands ${parts.length - 1} times in ${file}, not once`)
      await writeFile(path, parts.join(put))
    }
    const { Raft } = await import(/* @vite-ignore */ join(directory, 'index.ts'))
    return await use(Raft)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
