/** What each kind of step does. */
import type { Step, StepKind, StepOf } from '../language/steps'
import { millisOf } from '../language/values'
import { callDeeds } from './deeds/calls'
import { faultDeeds } from './deeds/faults'
import { heldDeeds } from './deeds/held'
import { linkDeeds } from './deeds/links'
import { memberDeeds } from './deeds/members'
import { processDeeds } from './deeds/processes'
import { waitDeeds } from './deeds/waits'
import type { Doing } from './doing'
import { pause } from './limits'

export type Deed<K extends StepKind> = (step: StepOf<K>, doing: Doing) => Promise<void>
export type Deeds<K extends StepKind> = { readonly [P in K]: Deed<P> }

const DEEDS: Deeds<StepKind> = {
  note: async () => undefined,
  sleep: async ({ sleep }, { signal }) => await pause(millisOf(sleep), signal),
  ...waitDeeds,
  ...processDeeds,
  ...memberDeeds,
  ...callDeeds,
  ...linkDeeds,
  ...heldDeeds,
  ...faultDeeds,
}

/**
 * Takes a step.
 * @throws {Problem} why it can't be done; {@link CallRefused}
 */
export async function take<K extends StepKind>(kind: K, step: Step, doing: Doing): Promise<void> {
  const deed: Deed<K> = DEEDS[kind]
  // `kindOf` found the key that makes it this kind.
  await deed(step as unknown as StepOf<K>, doing)
}
