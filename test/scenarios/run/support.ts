/** Scenarios that tests write, played on real clusters. */
import { onTestFinished } from 'vitest'
import { type Scenario, scenarioSchema } from '../../../main/scenarios/language/schema'
import type { RunOptions, ScenarioResult, ScenarioRun } from '../../../main/scenarios/run/api'
import { playScenario } from '../../../main/scenarios/run/run'
import { type HeadlessStage, openStage } from '../../../main/workbench/scenarios/stage'
import { ensureBuilt } from '../../support/build'

type Given = Record<string, unknown>

export const say = (text: string) => ({ en: text, zh: text })

/** What a scenario needs besides what the test is about. */
export function scenario(steps: readonly Given[], more: Given = {}): Scenario {
  const { cluster, ...rest } = { cluster: {}, ...more } as { cluster: Given } & Given
  const given = {
    scenario: 1,
    id: 'a-test',
    title: say('A test'),
    about: say('A test.'),
    tags: ['election'],
    cluster,
    steps,
    ...rest,
  }
  return scenarioSchema.parse(given) as Scenario
}

/** Of these nodes, and gone when the test is. */
export async function stageFor({ cluster, seed }: Scenario): Promise<HeadlessStage> {
  const { nodes, witnesses, settings, manual } = cluster
  const stage = await openStage(
    { nodes, witnesses, settings, manual, seed },
    { programs: await ensureBuilt(), signal: new AbortController().signal },
  )
  onTestFinished(() => stage.clear())
  return stage
}

export interface Played {
  readonly result: ScenarioResult
  readonly stage: HeadlessStage
  readonly run: ScenarioRun
}

export async function play(given: Scenario, options: RunOptions = {}, on?: HeadlessStage): Promise<Played> {
  const stage = on ?? (await stageFor(given))
  const run = playScenario(given, stage, options)
  return { run, stage, result: await run.ended }
}

/** For an assertion's message: why it did not go well. */
export function troubleIn({ steps, expectations, problem, verdicts }: ScenarioResult): readonly string[] {
  return [
    ...steps.flatMap((step) =>
      step.problem === undefined ? [] : `${step.number} ${step.kind}: ${step.problem.message}`,
    ),
    ...expectations.flatMap((one) => (one.holds ? [] : `${one.type} ${one.text}: ${one.found.en}`)),
    ...(problem === undefined ? [] : [`broken: ${problem.message}`]),
    ...(verdicts?.invariants ?? []).flatMap(({ id, found }) => (found > 0 ? `${id}: ${found}` : [])),
    ...(verdicts?.conformance?.first === undefined ? [] : [JSON.stringify(verdicts.conformance.first)]),
    ...(verdicts === undefined ? [] : [`linearizable: ${verdicts.linearizable}`]),
  ]
}
