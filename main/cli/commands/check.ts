import { resolve } from 'node:path'
import { type CheckReport, checkFile, type HistoryVerdict, type ModelName } from '../../workbench/checking'
import { deviationSentence } from '../../workbench/verdicts/deviations/words'
import { invariantName, violationSentence } from '../../workbench/verdicts/words'
import { Ending } from '../ending'
import { EXIT, type Terminal } from '../terminal'
import { CHECK_TEXTS, type CheckTexts } from '../texts/check'
import { meter } from './meter'

export interface CheckOptions {
  readonly model?: ModelName
  readonly json: boolean
  /** Where a report goes. */
  readonly report?: string
}

/** Judges a file. @returns the exit status: 0 it holds, 1 it does not */
export async function check(
  file: string,
  { model, json, report: page }: CheckOptions,
  terminal: Terminal,
): Promise<number> {
  const ending = new Ending()
  try {
    const wish = { file: resolve(file), model, signal: ending.signal, progress: meter(terminal) }
    const { damage, ...report } = await checkFile(wish)
    for (const problem of damage) terminal.fail(problem)
    if (page !== undefined) {
      const { reportCheck } = await import('../../workbench/report')
      const { language } = terminal
      await reportCheck({ ...report, damage }, { out: page, language, signal: ending.signal })
      terminal.say(CHECK_TEXTS[language].written(resolve(page)))
    }
    if (json) terminal.print(JSON.stringify(inWords(report, terminal), null, 2))
    else show(report, terminal)
    return report.holds ? EXIT.ok : EXIT.failed
  } finally {
    ending.release()
  }
}

type Report = Omit<CheckReport, 'damage'>

function inWords(report: Report, { language }: Terminal) {
  const first = report.conformance?.first
  return {
    ...report,
    ...(first && {
      conformance: { ...report.conformance, first: { ...first, sentence: deviationSentence(language, first) } },
    }),
    invariants: report.invariants.map((verdict) => ({
      ...verdict,
      violations: verdict.violations.map((violation) => ({
        ...violation,
        sentence: violationSentence(language, violation),
      })),
    })),
  }
}

function show(
  { form, holds, invariants, conformance, events, judgedUntil, history }: Report,
  terminal: Terminal,
): void {
  const texts = CHECK_TEXTS[terminal.language]
  if (invariants.length > 0) terminal.print(texts.invariants(events))
  for (const { id, section, found, violations } of invariants) {
    const verdict = found === 0 ? '' : `: ${texts.times(found)}`
    terminal.print(
      `  ${found === 0 ? '✓' : '✗'} ${invariantName(terminal.language, id)} (${texts.section(section)})${verdict}`,
    )
    const [first] = violations
    if (first !== undefined) {
      terminal.print(`      ${violationSentence(terminal.language, first)} (${texts.proof(first.events)})`)
    }
  }
  if (judgedUntil >= 0) terminal.print(`  ${texts.judgedUntil(judgedUntil)}`)
  if (conformance !== undefined) showConformance(conformance, texts, terminal)
  showHistory(history, form === 'edn' || form === 'jepsen-log' ? texts.lines : texts.events, texts, terminal)
  terminal.print(holds ? texts.holds : texts.broken)
}

function showConformance(
  { conforms, transitions, judgedUntil, first, deviations }: NonNullable<CheckReport['conformance']>,
  texts: CheckTexts,
  { print, language }: Terminal,
): void {
  print(texts.conformance(transitions))
  const verdict = texts.conforms(deviations)
  print(`  ${conforms ? '✓' : '✗'} ${verdict}`)
  if (first !== undefined) {
    const { action, condition, section, events } = first
    print(`      ${deviationSentence(language, first)} (${texts.proof(events)})`)
    print(`      ${texts.condition(action, condition, section)}`)
  }
  if (judgedUntil >= 0) print(`  ${texts.judgedUntil(judgedUntil)}`)
}

function showHistory(
  { model, calls, parts, outcome, stale, failed, illegal, undecided }: HistoryVerdict,
  place: CheckTexts['events'],
  texts: CheckTexts,
  { print }: Terminal,
): void {
  print(texts.history(model, calls, parts))
  print(`  ${outcome === 'linearizable' ? '✓' : '✗'} ${texts.outcome[outcome]}`)
  if (stale + failed > 0) print(`  ${texts.notJudged(stale, failed)}`)
  for (const { part, calls: core } of illegal) {
    print(`  ${texts.illegal(part)}`)
    for (const { process, text, call, answer, isAnswered } of core) {
      print(`    ${texts.call(process, text, place(call, isAnswered ? answer : undefined))}`)
    }
  }
  if (undecided.length > 0) print(`  ${texts.undecided(undecided.join(', '))}`)
}
