/** The command line: `[SUITE...] [--json] [--runs N] [--quick]`. */
import { parseArgs } from 'node:util'

export interface Options {
  readonly suites: readonly string[]
  readonly json: boolean
  /** Undefined: what each suite takes by itself. */
  readonly runs: number | undefined
  readonly quick: boolean
}

const MAX_RUNS = 100

/** Throws a RangeError that says what is wrong. */
export function parseOptions(args: readonly string[], known: readonly string[]): Options {
  let given: ReturnType<typeof read>
  try {
    given = read(args)
  } catch (error) {
    throw new RangeError(error instanceof Error ? error.message : String(error))
  }
  const { positionals, values } = given
  const unknown = positionals.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new RangeError(`There is no suite ${unknown}. Known: ${known.join(', ')}.`)
  const runs = values.runs === undefined ? undefined : Number(values.runs)
  if (runs !== undefined && (!Number.isInteger(runs) || runs < 1 || runs > MAX_RUNS)) {
    throw new RangeError(`--runs takes a number from 1 to ${MAX_RUNS}, not ${values.runs}.`)
  }
  const suites = known.filter((name) => positionals.length === 0 || positionals.includes(name))
  return { suites, json: values.json, runs, quick: values.quick }
}

function read(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  })
}
