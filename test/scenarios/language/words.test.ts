/** Scenarios in words: every kind of step and condition, in both languages, and all of the library. */
import { describe, expect, test } from 'vitest'
import { CONDITIONS } from '../../../main/scenarios/language/conditions'
import { readScenario } from '../../../main/scenarios/language/parse'
import type { Scenario } from '../../../main/scenarios/language/schema'
import { STEPS } from '../../../main/scenarios/language/steps'
import { library } from '../../../main/scenarios/library'
import { conditionsWords, stepWords } from '../../../main/scenarios/words'
import { EXAMPLES } from './examples'

function scenarioWith(step: string): Scenario {
  const read = readScenario(`scenario: 1
id: example
title: { en: Example, zh: 示例 }
about: { en: Example., zh: 示例。 }
tags: [faults]
cluster: { nodes: 5, manual: true }
steps:
  - let: { old: leader }
  - put: { key: w, value: '1', name: write, background: true }
  - workload: { pace: { type: closed, clients: 1 }, seed: 1, durationMs: null }
    name: load
  - breakpoint: leader elected
    name: elected
  - arm: { of: 1, fault: { type: slow-disk, delayMs: 5, jitterMs: 0, seed: 1 } }
    name: slow
  - nemesis: { seed: 7, durationMs: 5000, packages: {} }
    background: true
  - ${step}
`)
  if (!read.ok) throw new Error(`${step}: ${JSON.stringify(read.issues)}`)
  return read.parsed.scenario
}

/** What only the file's own text has, or what was left out by mistake. */
const NOT_WORDS = /[{}]|undefined|NaN|\[object|\w: \[| {2}|，，|^[,;，；]/

function check({ en, zh }: { readonly en: string; readonly zh: string }): void {
  // What somebody wrote stands in quotes, and is theirs.
  const [english, chinese] = [en, zh].map((text) => text.replaceAll(/“[^”]*”/g, '“”'))
  expect(english).not.toMatch(NOT_WORDS)
  expect(english).not.toMatch(/\p{Script=Han}/u)
  expect(chinese).not.toMatch(NOT_WORDS)
  expect(chinese).toMatch(/\p{Script=Han}/u)
  expect(chinese).not.toMatch(/[a-z] (the|and|of|is|to) |\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u)
}

describe('a step', () => {
  test.each(EXAMPLES)('$yaml', ({ yaml, en, zh }) => {
    const step = scenarioWith(yaml).steps.at(-1)
    const words = step === undefined ? { en: '', zh: '' } : stepWords(step)
    expect(words).toEqual({ en, zh })
    check(words)
  })

  test('of every kind is among them, and each condition', () => {
    const all = EXAMPLES.map(({ yaml }) => yaml).join('\n')
    const kinds = Object.keys(STEPS).filter((kind) => kind !== 'note')
    expect(kinds.filter((kind) => !EXAMPLES.some(({ yaml }) => yaml.startsWith(`${kind}:`)))).toEqual([])
    expect(Object.keys(CONDITIONS).filter((kind) => !all.includes(`${kind}: `))).toEqual([])
  })

  test('that only tells does nothing', () => {
    const step = scenarioWith('say: { en: Look., zh: 看。 }').steps.at(-1)
    expect(step === undefined ? undefined : stepWords(step)).toEqual({ en: '', zh: '' })
  })

  test('shows what somebody wrote as it is, but never more than a line of it', () => {
    const step = scenarioWith(`put: { key: x, value: "a\\nb中c${'x'.repeat(200)}" }`).steps.at(-1)
    const { zh } = step === undefined ? { zh: '' } : stepWords(step)
    expect(zh).toMatch(/^客户端写入 x = “a b中cx+…”$/)
    expect(zh.length).toBeLessThan(90)
  })
})

describe.each(library().map(({ id, scenario }) => [id, scenario] as const))('%s', (_id, scenario) => {
  test('can be told: no step is empty, nothing is left as it stands in the file', () => {
    for (const step of scenario.steps) {
      const words = stepWords(step)
      if (Object.keys(step).join() === 'say') expect(words.en).toBe('')
      else check(words)
    }
    for (const { that } of [...scenario.expect, ...scenario.never]) check(conditionsWords(that))
  })
})
