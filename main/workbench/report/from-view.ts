/** What the window has judged so far, as a report: nothing is judged again for it. */
import { basename } from 'node:path'
import type { VerdictsView } from '../../../preload/contract'
import type { TimelineSource } from '../../timeline/api'
import { factsOf } from './facts'
import { checkAgain } from './from-check'
import type { ReportInput, ReportVerdict } from './types'
import { historyRemarks, historyVerdict, unjudged } from './verdict-rows'

export async function inputOfView(
  { checks, history, judged, events, state }: VerdictsView,
  source: TimelineSource,
  signal: AbortSignal,
): Promise<ReportInput> {
  const { path, clusterName, began } = source.info()
  const verdicts: ReportVerdict[] = [
    ...checks.map(
      ({ name, section, standing, found, findings, judgedUntil }): ReportVerdict => ({
        name,
        section,
        standing,
        found,
        findings: findings.map(({ sentence, events }) => ({
          sentence,
          events: events.map(({ seq, t }) => ({ seq, t })),
        })),
        remarks: unjudged(judgedUntil),
      }),
    ),
    historyVerdict(history.standing, [...historyRemarks(history), ...unjudged(history.judgedUntil)]),
  ]
  return {
    title: clusterName || basename(path),
    file: path,
    began,
    events: judged,
    holds: verdicts.every(({ standing }) => standing === 'holds'),
    isPartial: state !== 'done' && (judged < events || history.waiting > 0),
    verdicts,
    illegal: history.illegal,
    facts: await factsOf(source, signal),
    scenario: undefined,
    reproduce: [checkAgain(path)],
  }
}
