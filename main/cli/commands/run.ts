/** `raft-workbench run`: a scenario on a real cluster, without a window. */
import { resolve } from 'node:path'
import { MAX_NODES, MIN_NODES, Problem } from '../../workbench'
import { sentence } from '../../workbench/headless'
import type { ScenarioProgress, ScenarioResult } from '../../workbench/scenarios'
import { deviationSentence } from '../../workbench/verdicts/deviations/words'
import { invariantName, violationSentence } from '../../workbench/verdicts/words'
import { Ending } from '../ending'
import type { Places } from '../hosting'
import { EXIT, type Terminal } from '../terminal'
import { RUN_TEXTS, type RunTexts } from '../texts/run'

export const LEVELS = ['message', 'entry', 'state'] as const

export interface RunOptions {
  readonly nodes?: number
  readonly seed?: number
  readonly out?: string
  readonly level?: (typeof LEVELS)[number]
  /** Where a page goes that tells all of it. */
  readonly report?: string
  readonly json: boolean
}

const MAX_SEED = 0xffff_ffff

export function parseSeed(given: string, texts: RunTexts): number {
  if (/^\d+$/.test(given) && Number(given) <= MAX_SEED) return Number(given)
  throw new Problem('usage', { reason: texts.notSeed(given, MAX_SEED) })
}

/** @returns 0: it holds; 1: it does not, or it was stopped; 3: something broke */
export async function runScenario(
  given: string,
  { nodes, seed, out, level, report: page, json }: RunOptions,
  places: Places,
  terminal: Terminal,
): Promise<number> {
  if (nodes !== undefined && (nodes < MIN_NODES || nodes > MAX_NODES)) {
    throw new Problem('node-count', { given: nodes, min: MIN_NODES, max: MAX_NODES })
  }
  // Other commands need not read the library.
  const { findScenario, playHeadless, quoted } = await import('../../workbench/scenarios')
  const found = await findScenario(given)
  const { scenario } = found
  const { language } = terminal
  const texts = RUN_TEXTS[language]
  const ending = new Ending()
  try {
    terminal.say(texts.begins(scenario.title[language], nodes ?? scenario.cluster.nodes, seed ?? scenario.seed))
    const file = out === undefined ? undefined : resolve(out)
    const result = await playHeadless({
      ...found,
      nodes,
      seed,
      level,
      out: file,
      page:
        page === undefined
          ? undefined
          : { path: resolve(page), language, reproduce: commandLine(quoted(given), nodes, seed ?? scenario.seed) },
      programs: places.programs,
      signal: ending.signal,
      progress: teller(terminal),
      report: (problem) => void terminal.fail(problem),
    })
    if (result.outcome !== 'stopped' && page !== undefined) terminal.say(texts.reported(resolve(page)))
    if (file !== undefined) terminal.say(texts.recorded(file))
    if (json) terminal.print(JSON.stringify(inWords(result, terminal), null, 2))
    else show(result, terminal)
    if (result.problem !== undefined) terminal.fail(result.problem)
    return statusOf(result)
  } catch (trouble) {
    // Before there was a cluster: nothing was played, and nothing is left.
    if (!ending.signal.aborted) throw trouble
    terminal.say(texts.result('stopped', '0'))
    return EXIT.failed
  } finally {
    ending.release()
  }
}

/** The same again. */
function commandLine(given: string, nodes: number | undefined, seed: number): string {
  const words = ['raft-workbench', 'run', given, ...(nodes === undefined ? [] : ['--nodes', `${nodes}`])]
  return [...words, '--seed', `${seed}`].join(' ')
}

function statusOf({ outcome }: ScenarioResult): number {
  if (outcome === 'holds') return EXIT.ok
  return outcome === 'broken' ? EXIT.broken : EXIT.failed
}

/** Says each step when it begins, with its narration, and how it ended when that was not well. */
function teller(terminal: Terminal): (progress: ScenarioProgress) => void {
  const { language } = terminal
  const texts = RUN_TEXTS[language]
  let begun = -1
  let isJudging = false
  const ended = new Set<number>()
  return ({ steps, phase, at }) => {
    const step = steps[at]
    if (step !== undefined && step.standing !== 'waiting' && step.number > begun) {
      begun = step.number
      const [first = '', ...more] = [step.words[language], step.say?.[language] ?? ''].filter((line) => line !== '')
      terminal.say(texts.step(step.number + 1, steps.length, first))
      for (const line of more) terminal.say(`    ${line}`)
    }
    for (const { number, standing, problem, line } of steps) {
      if (standing !== 'failed' || ended.has(number)) continue
      ended.add(number)
      const why = problem === undefined ? '' : sentence(language, problem.code, problem.details)
      terminal.say(`  ${texts.failed(line, why)}`)
    }
    if (phase === 'judging' && !isJudging) {
      isJudging = true
      terminal.say(texts.judging)
    }
  }
}

function show(result: ScenarioResult, terminal: Terminal): void {
  const { language } = terminal
  const texts = RUN_TEXTS[language]
  const { outcome, expectations, verdicts, millis } = result
  const mark = (isGood: boolean) => (isGood ? '✓' : '✗')
  // Of one that was stopped, nobody knows yet what it would have shown.
  for (const { type, words, say, holds, found, seq } of outcome === 'stopped' ? [] : expectations) {
    const narrated = say === undefined ? '' : `  ${say[language]}`
    terminal.print(`${mark(holds)} ${texts.expectation[type]}${words[language]}${narrated}`)
    if (!holds) terminal.print(`    ${texts.found(found[language], seq)}`)
  }
  if (verdicts !== undefined) {
    const { invariants, linearizable, conformance, asExpected } = verdicts
    const broken = invariants.filter(({ found }) => found > 0)
    if (broken.length === 0) terminal.print(`✓ ${texts.invariants(invariants.length)}`)
    for (const { id, section, found, violations } of broken) {
      terminal.print(`✗ ${invariantName(language, id)} (§${section}): ${texts.times(found)}`)
      const [first] = violations
      if (first !== undefined) terminal.print(`    ${violationSentence(language, first)}`)
    }
    terminal.print(
      `${mark(linearizable === 'linearizable' || linearizable === 'none')} ${texts.linearizable[linearizable]}`,
    )
    const { conforms, transitions, deviations, first } = conformance
    terminal.print(`${mark(conforms)} ${conforms ? texts.conforms(transitions) : texts.deviates(deviations)}`)
    if (first !== undefined) terminal.print(`    ${deviationSentence(language, first)} (${texts.event(first.seq)})`)
    terminal.print(asExpected ? texts.asExpected : texts.notAsExpected)
  }
  terminal.print(texts.result(outcome, (millis / 1000).toFixed(1)))
}

/** As data: problems with the sentence that a person reads. */
function inWords({ steps, problem, ...rest }: ScenarioResult, { language }: Terminal) {
  const told = (one: ScenarioResult['problem']) =>
    one === undefined
      ? null
      : { code: one.code, details: one.details, message: sentence(language, one.code, one.details) }
  return {
    ...rest,
    steps: steps.map((step) => ({ ...step, problem: told(step.problem) })),
    problem: told(problem),
  }
}
