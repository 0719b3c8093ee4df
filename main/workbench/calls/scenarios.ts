import type { SaveResult, SCENARIO_CALLS, ScenarioRead } from '../../../preload/contract'
import { Problem } from '../../node/contract/problem'
import type { ScenarioIssue } from '../../node/contract/scenario-issue'
import { type ParsedScenario, parseScenario, readScenario } from '../../scenarios/language/parse'
import { library, libraryScenario } from '../../scenarios/library'
import { playScenario } from '../../scenarios/run/run'
import { writeScenario } from '../../scenarios/writing'
import { saveAs } from '../exporting'
import { itemOf } from '../playing'
import { issueSentence } from '../problems/scenarios'
import { scenarioWordsEn } from '../problems/scenarios-en'
import { scenarioWordsZh } from '../problems/scenarios-zh'
import { openStageIn } from '../scenarios/window'
import { wishOf } from '../scenarios/wish'
import type { Calls, Rooms } from './rooms'

/** What a scenario that was recorded is called until somebody names it. */
const RECORDED_ID = 'recorded'

type Names = Extract<keyof typeof SCENARIO_CALLS, string>
type Which = { readonly id: string } | { readonly text: string }

export function scenarioCalls(rooms: Rooms): Calls<Names> {
  const { session, settings, playing, played, language, host, signal } = rooms

  const textOf = (which: Which): string => ('text' in which ? which.text : ofLibrary(which.id).text)
  const scenarioOf = (which: Which): ParsedScenario =>
    'text' in which ? parseScenario(which.text, 'scenario.yaml') : ofLibrary(which.id)

  function read(which: Which): ScenarioRead {
    const text = textOf(which)
    const found = readScenario(text)
    if (found.ok) return { ok: true, item: itemOf(found.parsed.scenario), text }
    const faults = found.issues.map((issue) => ({
      line: issue.line,
      column: issue.column,
      message: sentenceOf(issue),
    }))
    return { ok: false, faults, text }
  }

  function sentenceOf(issue: ScenarioIssue): string {
    return language() === 'zh'
      ? issueSentence(scenarioWordsZh, issue, '、')
      : issueSentence(scenarioWordsEn, issue, ', ')
  }

  /** Where the cluster was shown, its recording is. */
  async function putAway(cluster: string): Promise<void> {
    if (!(await played.isToBeCleared(cluster))) return
    const wasShown = session.runs(cluster)
    if (wasShown) await session.closeCluster()
    const recording = await played.clear(cluster)
    if (wasShown && recording !== undefined) await session.openRecording(recording)
  }

  return {
    'scenarios.list': async () => library().map(({ scenario }) => itemOf(scenario)),
    'scenarios.read': async (which) => read(which),
    'scenarios.start': async ({ which, stepByStep, seed }) => {
      const { scenario, lines } = scenarioOf(which)
      const before = playing.cluster
      await playing.leave()
      const given = seed === undefined ? {} : { seed }
      const { stage, cluster } = await openStageIn(rooms, wishOf(scenario, given), scenario.id)
      if (before !== undefined) await played.clear(before)
      playing.began(playScenario(scenario, stage, { ...given, stepByStep, lines, signal }), cluster)
      return { cluster }
    },
    'scenarios.next': async () => {
      playing.run?.next()
      return undefined
    },
    'scenarios.flow': async () => {
      playing.run?.flow()
      return undefined
    },
    'scenarios.pause': async () => {
      playing.run?.pause()
      return undefined
    },
    'scenarios.stop': async () => {
      await playing.run?.stop()
      return undefined
    },
    'scenarios.leave': async () => {
      const { cluster } = playing
      await playing.leave()
      if (cluster !== undefined) await putAway(cluster)
      return undefined
    },
    'scenarios.keep': async () => {
      const { cluster } = playing
      if (cluster === undefined) return undefined
      await played.keep(cluster)
      await settings.change({ lastCluster: cluster })
      playing.kept()
      return undefined
    },
    'scenarios.record': async ({ recording }) => {
      playing.recordingFrom = recording ? session.recorder.state.seq : -1
      return undefined
    },
    'scenarios.recorded': async () => {
      const { recorder } = session
      await recorder.told()
      const from = Math.max(0, playing.recordingFrom)
      return { text: await writeScenario(recorder.source.scan({}), { id: RECORDED_ID, from }) }
    },
    'scenarios.save': async ({ text, name }): Promise<SaveResult> => {
      const produce = async (write: (chunk: string) => Promise<void>) => {
        await write(text)
        return { events: 0, leftOut: [] }
      }
      const { saving } = host
      if (saving.kind === 'download') {
        return { kind: 'download', url: saving.offer({ name, mediaType: 'text/yaml', produce }), name }
      }
      const path = await saving.choose(name)
      if (path === null) return { kind: 'cancelled' }
      return { kind: 'saved', path, ...(await saveAs(path, produce, signal)) }
    },
  }
}

/** @throws {Problem} 'bad-input' */
function ofLibrary(id: string) {
  const found = libraryScenario(id)
  if (found === undefined) throw new Problem('bad-input', { where: 'scenarios', reason: `no scenario “${id}”` })
  return found
}
