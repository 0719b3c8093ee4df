import { expect, test } from 'vitest'
import { readScenario } from '../../../main/scenarios/language/parse'
import { GOOD } from './good'

test('a scenario is read, with the lines of its steps', () => {
  const read = readScenario(GOOD)
  expect(read).toMatchObject({ ok: true })
  if (!read.ok) return
  expect(read.parsed.scenario.steps).toHaveLength(9)
  expect(read.parsed.lines).toEqual([11, 12, 14, 15, 16, 17, 18, 19, 20])
})
