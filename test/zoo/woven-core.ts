/** The core as it is in the zoo's node program, with one bug chosen or none. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { BugId } from '../../main/node/contract/bugs'
import { BUGS } from '../../main/zoo/bugs'
import { weave } from '../../main/zoo/weave'
import type { RaftClass } from '../sim/node'

const SOURCES = resolve(import.meta.dirname, '../../main/raft')
const require = createRequire(import.meta.url)

export async function withWoven<T>(bug: BugId | '', use: (Raft: RaftClass) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'raft-woven-'))
  try {
    for (const file of readdirSync(SOURCES)) {
      const source = readFileSync(join(SOURCES, file), 'utf8')
      const woven = weave(`raft/${file}`, source, BUGS) ?? source
      const plain = stripTypeScriptTypes(woven, { mode: 'transform' }).replaceAll(
        / from '(\.\/[\w-]+)'/g,
        " from '$1.mjs'",
      )
      writeFileSync(join(directory, `${basename(file, '.ts')}.mjs`), `const zoo = (id) => id === '${bug}'\n${plain}`)
    }
    const { Raft } = require(join(directory, 'index.mjs'))
    return await use(Raft)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
