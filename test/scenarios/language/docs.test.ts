/** docs/scenarios.md: every step and condition stands there, and every example is one, also that of the README. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { CONDITIONS } from '../../../main/scenarios/language/conditions'
import { readScenario } from '../../../main/scenarios/language/parse'
import { STEPS } from '../../../main/scenarios/language/steps'

const read = (file: string) => readFileSync(resolve(import.meta.dirname, '../../..', file), 'utf8')
const page = read('docs/scenarios.md')

/** The rows of the table under a heading: what the row is about, and its example. */
function rows(heading: string): readonly { readonly key: string; readonly example: string }[] {
  const part = page.slice(page.indexOf(`## ${heading}\n`)).split('\n## ')[0] ?? ''
  return [...part.matchAll(/^\| `(\w+)` \|.*\| `(.+)` \|$/gm)].map(([, key = '', example = '']) => ({ key, example }))
}

/** What the examples speak of: a node, a call, a workload, something that stops the cluster. */
const around = (step: string): string => `scenario: 1
id: example
title: { en: Example, zh: 示例 }
about: { en: Example., zh: 示例。 }
tags: [faults]
cluster: { nodes: 3, manual: true }
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
${step.replace(/^(?=.)/gm, '  ')}
`
const wrongIn = (text: string): readonly unknown[] => {
  const found = readScenario(text)
  return found.ok ? [] : found.issues
}

test('every step has a row, and no other', () => {
  const kinds = Object.keys(STEPS).map((kind) => (kind === 'note' ? 'say' : kind))
  expect(
    rows('Steps')
      .map(({ key }) => key)
      .sort(),
  ).toEqual(kinds.sort())
})

test('every condition has a row, and no other', () => {
  expect(
    rows('Conditions')
      .map(({ key }) => key)
      .sort(),
  ).toEqual([...Object.keys(CONDITIONS), 'not'].sort())
})

test.each(rows('Steps'))('the example of $key: $example', ({ key, example }) => {
  expect(example.startsWith(`${key}:`)).toBe(true)
  expect(wrongIn(around(`- ${example}`))).toEqual([])
})

test.each(rows('Conditions'))('the example of $key: $example', ({ key, example }) => {
  expect(example.startsWith(`${key}:`)).toBe(true)
  expect(wrongIn(around(`- wait: { ${example} }`))).toEqual([])
})

const blocksOf = (text: string) => [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => block)
const blocks = blocksOf(page)

test.each([...blocksOf(read('README.md')), ...blocks].filter((block) => block.startsWith('scenario: 1')))(
  'a whole scenario',
  (block) => {
    expect(wrongIn(block)).toEqual([])
  },
)

test.each(blocks.filter((block) => block.startsWith('- ')))('steps: %s', (block) => {
  expect(
    wrongIn(around(block.replace('name: write', 'name: another').replace('unanswered: write', 'unanswered: another'))),
  ).toEqual([])
})
