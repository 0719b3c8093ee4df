/** Every scenario of the library is read without a mistake, and says what it should. */
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readScenario } from '../../../main/scenarios/language/parse'
import { library, libraryScenario } from '../../../main/scenarios/library'

const files = readdirSync(resolve(import.meta.dirname, '../../../main/scenarios/library'))
  .filter((name) => name.endsWith('.yaml'))
  .sort()

test('every file is in the library, under its id', () => {
  expect(
    library()
      .map(({ id }) => `${id}.yaml`)
      .sort(),
  ).toEqual(files)
  expect(libraryScenario('there-is-no-such-scenario')).toBeUndefined()
})

describe.each(library().map((each) => [each.id, each] as const))('%s', (id, { scenario, text, lines }) => {
  test('has its file’s name as id, and both languages', () => {
    expect(scenario.id).toBe(id)
    expect(libraryScenario(id)?.text).toBe(text)
    for (const { en, zh } of [scenario.title, scenario.about]) {
      expect(en).not.toMatch(/[\u4e00-\u9fff]/)
      expect(zh).toMatch(/[\u4e00-\u9fff]/)
    }
  })

  test('tells something, and expects something', () => {
    expect(scenario.steps.some((step) => 'say' in step && step.say !== undefined)).toBe(true)
    expect(
      scenario.expect.length + scenario.never.length + scenario.steps.filter((step) => 'expect' in step).length,
    ).toBeGreaterThan(0)
  })

  test('knows the lines of its steps', () => {
    expect(lines).toHaveLength(scenario.steps.length)
    expect(lines).toEqual([...lines].sort((a, b) => a - b))
    expect(readScenario(text).ok).toBe(true)
  })
})
