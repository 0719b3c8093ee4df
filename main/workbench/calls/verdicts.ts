import { basename, extname } from 'node:path'
import type { VERDICT_CALLS } from '../../../preload/contract'
import { Problem } from '../../node/contract/problem'
import { inputOfView } from '../report/from-view'
import { saveReport } from '../report/save'
import type { Calls, Rooms } from './rooms'

type Names = Extract<keyof typeof VERDICT_CALLS, string>

export function verdictCalls({ judge, session, host, tasks, language, signal }: Rooms): Calls<Names> {
  return {
    'verdicts.judge': async ({ source }) => {
      judge.begin(source)
      return undefined
    },
    'verdicts.stop': async () => {
      judge.stop()
      return undefined
    },
    'verdicts.report': async ({ source, language: words = language(), theme }) => {
      const timeline = session.timeline(source)
      const { view } = judge
      if (view?.source !== source) throw new Problem(source === 'live' ? 'no-cluster' : 'no-recording', {})
      const { path } = timeline.info()
      const name = `${basename(path, extname(path))}-report.html`
      return saveReport(
        (given) => inputOfView(view, timeline, given),
        name,
        { language: words, theme },
        { host, tasks, signal },
      )
    },
  }
}
