import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { Language } from '../../preload/contract'
import { asProblem, type Problem, type ProblemCode } from '../workbench'
import { sentence } from '../workbench/headless'
import { type Texts, textsOf } from './texts'

/** Exit status everywhere: it holds · a check failed · bad usage or unreadable input · something broke inside. */
export const EXIT = { ok: 0, failed: 1, usage: 2, broken: 3 } as const

/** What is not the person's input but a machine that broke; everything else is usage. */
const BROKEN: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'disk-failed',
  'export-failed',
  'internal',
  'node-crashed',
  'node-start',
  'node-timeout',
  'recording-failed',
])

function exitStatusOf(problem: Problem): number {
  return BROKEN.has(problem.code) ? EXIT.broken : EXIT.usage
}

const CLEAR_LINE = '\r\x1b[2K'

/** Where the command line speaks: results on standard output, everything else on standard error. */
export interface Terminal {
  readonly language: Language
  readonly texts: Texts
  /** A line of the result. */
  print(line: string): void
  /** A piece of the result, no faster than the reader takes it. */
  write(piece: string | Uint8Array): Promise<void>
  /** A line about what goes on. */
  say(line: string): void
  /** How far something has come, on a line that the next one replaces; only a person at a terminal is told. */
  progress(line: string): void
  /** Says what went wrong, in one or two sentences; @returns the exit status for it. */
  fail(thrown: unknown): number
}

export function createTerminal(language: Language, out: Writable, err: Writable & { isTTY?: boolean }): Terminal {
  let showing = false
  /** What is said next stands on a line of its own. */
  const clear = (): void => {
    if (showing) err.write(CLEAR_LINE)
    showing = false
  }
  return {
    language,
    texts: textsOf(language),
    print: (line) => {
      out.write(`${line}\n`)
    },
    write: async (piece) => {
      if (!out.write(piece)) await once(out, 'drain')
    },
    say: (line) => {
      clear()
      err.write(`${line}\n`)
    },
    progress: (line) => {
      if (err.isTTY !== true) return
      err.write(CLEAR_LINE + line)
      showing = true
    },
    fail(thrown) {
      clear()
      const problem = asProblem(thrown)
      err.write(`${sentence(language, problem.code, problem.details)}\n`)
      return exitStatusOf(problem)
    },
  }
}

/** Text in columns: each as wide as its widest cell; `right` names the columns that hold numbers. */
export function aligned(rows: readonly (readonly string[])[], right: ReadonlySet<number>): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, at) => Math.max(0, ...rows.map((row) => width(row[at] ?? ''))))
  return rows.map((row) =>
    widths
      .map((wide, at) => {
        const cell = row[at] ?? ''
        const space = ' '.repeat(wide - width(cell))
        return right.has(at) ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd(),
  )
}

/** Columns that a text takes in a terminal: Chinese characters and full-width signs take two. */
function width(text: string): number {
  let columns = 0
  for (const character of text)
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(
      character,
    )
      ? 2
      : 1
  return columns
}
