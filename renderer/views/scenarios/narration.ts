/** What is told at a point of a scenario, and how its steps are listed. Pure. */
import type { BothTexts, ScenarioStepView, ScenarioView } from '../../../preload/contract'

/** The step that the narration is about: the one that runs or comes next; the last one when all are done. */
export function presentStep({ steps, at }: ScenarioView): ScenarioStepView | undefined {
  return steps[Math.min(at, steps.length - 1)]
}

/** What is said of it. A step without words goes on with what was said before it. */
export function narrationOf({ steps, at }: ScenarioView): BothTexts | null {
  const upTo = steps.slice(0, Math.min(at, steps.length - 1) + 1)
  return upTo.findLast(({ say }) => say !== null)?.say ?? null
}
