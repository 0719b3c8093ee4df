/** Reasons that schemas give stand in sentences, so they are told in the sentence's language. */
import { afterAll, describe, expect, test } from 'vitest'
import { checked } from '../../main/cluster/supervisor/invalid'
import { nodeFaultSchema } from '../../main/node/contract/conditions'
import { asProblem } from '../../main/node/contract/problem'
import { settingsOf } from '../../main/workbench/cluster-settings'
import { problemView } from '../../main/workbench/problems'
import { tellReasonsIn } from '../../main/workbench/reasons'
import { CALLS, type Language } from '../../preload/contract'

/** What a person reads who did this in that language. */
function sentence(language: Language, action: () => unknown): string {
  tellReasonsIn(() => language)
  try {
    action()
  } catch (error) {
    return problemView(asProblem(error), language).message
  }
  throw new Error('it was taken')
}

afterAll(() => tellReasonsIn(() => 'en'))

describe.each([
  ['a fault', () => checked(nodeFaultSchema, { type: 'slow-disk', delayMs: -1, jitterMs: 0, seed: 1 })],
  ['a setting', () => settingsOf({ heartbeatMs: 'soon' })],
])('the reason why %s is refused', (_, action) => {
  test('is English in English, without a Chinese sign', () => {
    expect(sentence('en', action)).toMatch(/\((Too small|Invalid input): expected number/)
    expect(sentence('en', action)).not.toMatch(/\p{Script=Han}/u)
  })
  test('is Chinese in Chinese, but for names', () => {
    const said = sentence('zh', action)
    expect(said).toMatch(/（?(数值过小|无效输入)：期望 (number|数字)/)
    expect(said).not.toMatch(/Too small|Invalid input|expected/)
  })
})

test('the inputs of calls follow the language of the moment', () => {
  let language: Language = 'zh'
  tellReasonsIn(() => language)
  const message = () => CALLS['node.kill'].input.safeParse({ node: 'one' }).error?.issues[0]?.message
  expect(message()).toMatch(/^无效输入/)
  language = 'en'
  expect(message()).toMatch(/^Invalid input/)
})
