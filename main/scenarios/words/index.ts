/**
 * Scenarios in words: what each step does and what each condition asks for, as a person would say it, in both languages. The file's
 * own text says the same in YAML (`run/spell.ts`).
 */
import { kindOf } from '../language/schema'
import type { Step, StepKind, StepOf } from '../language/steps'
import { STEP_WORDS } from './steps'
import { durationWords, finished, type Text } from './values'

export { conditionsWords, givenAnswerWords } from './conditions'
export * from './found'
export { finished, joined, NOTHING, type Text } from './values'

/** What a step does, with its time and what must refuse it; empty texts when it only tells. */
export function stepWords(step: Step): Text {
  const { en, zh } = plainDeed(kindOf(step), step)
  const within = 'within' in step && step.within !== undefined ? durationWords(step.within) : undefined
  const refused = 'refused' in step ? step.refused : undefined
  const time =
    within === undefined
      ? { en: '', zh: '' }
      : 'expect' in step
        ? { en: `, within ${within.en}`, zh: `，在${within.zh}之内` }
        : { en: `, at most ${within.en}`, zh: `，最多${within.zh}` }
  const no =
    refused === undefined ? { en: '', zh: '' } : { en: `; must be refused: ${refused}`, zh: `；必须被拒绝：${refused}` }
  return finished({ en: `${en}${time.en}${no.en}`, zh: `${zh}${time.zh}${no.zh}` })
}

/** What a step does, without what stands beside it. */
export function deedWords(step: Step): Text {
  return finished(plainDeed(kindOf(step), step))
}

function plainDeed<K extends StepKind>(kind: K, step: Step): Text {
  const tell: (step: StepOf<K>) => Text = STEP_WORDS[kind]
  // `kindOf` found the key that makes it this kind.
  return tell(step as unknown as StepOf<K>)
}

/** Of the whole run. */
export function limitWords(limit: string): Text {
  const { en, zh } = durationWords(limit)
  return finished({ en: `The whole run takes at most ${en}`, zh: `整个运行最多${zh}` })
}
