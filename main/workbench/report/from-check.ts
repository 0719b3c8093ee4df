/** A file that was checked, as a report. */
import { basename } from 'node:path'
import { INVARIANT } from '../../checks/invariants'
import type { CheckReport } from '../checking'
import { deviationSentence } from '../verdicts/deviations/words'
import { CONFORMANCE_NAME } from '../verdicts/live/conformance'
import { invariantName, violationSentence } from '../verdicts/words'
import type { ReportFinding, ReportVerdict } from './types'
import { historyRemarks, historyVerdict, unjudged } from './verdict-rows'

const bilingual = (of: (language: 'en' | 'zh') => string) => ({ en: of('en'), zh: of('zh') })
const proved = (sentence: ReportFinding['sentence'], events: readonly number[]): ReportFinding => ({
  sentence,
  events: events.map((seq) => ({ seq })),
})

/** Every verdict of a check, in the order in which they are listed everywhere. */
export function verdictsOfCheck({
  invariants,
  conformance,
  judgedUntil,
  history,
}: CheckReport): readonly ReportVerdict[] {
  return [
    ...invariants.map(
      ({ id, found, violations }): ReportVerdict => ({
        name: bilingual((language) => invariantName(language, id)),
        section: INVARIANT[id].section,
        standing: found > 0 ? 'broken' : judgedUntil >= 0 ? 'undecided' : 'holds',
        found,
        findings: violations.map((violation) =>
          proved(
            bilingual((language) => violationSentence(language, violation)),
            violation.events,
          ),
        ),
        remarks: unjudged(judgedUntil),
      }),
    ),
    ...(conformance === undefined ? [] : [conformanceRow(conformance)]),
    historyVerdict(
      history.outcome === 'illegal' ? 'broken' : history.outcome === 'undecided' ? 'undecided' : 'holds',
      historyRemarks(history),
    ),
  ]
}

function conformanceRow({ first, deviations, judgedUntil }: NonNullable<CheckReport['conformance']>): ReportVerdict {
  return {
    name: CONFORMANCE_NAME,
    section: first?.section ?? 'Figure 2',
    standing: deviations > 0 ? 'broken' : judgedUntil >= 0 ? 'undecided' : 'holds',
    found: deviations,
    findings:
      first === undefined
        ? []
        : [
            proved(
              bilingual((language) => deviationSentence(language, first)),
              first.events,
            ),
          ],
    remarks: unjudged(judgedUntil),
  }
}

/** How a file is judged again. */
export const checkAgain = (file: string): string => `raft-workbench check ${quoted(basename(file))}`

/** As a shell reads it back. */
export const quoted = (text: string): string =>
  /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
