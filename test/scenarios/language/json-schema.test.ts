/** The published JSON Schema: it is the one that the code makes, and it takes and refuses what the code does. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { scenarioJsonSchema } from '../../../main/scenarios/language/json-schema'
import { library } from '../../../main/scenarios/library'
import { GOOD } from './good'
import { violations } from './validator'

const published = readFileSync(resolve(import.meta.dirname, '../../../docs/scenario.schema.json'), 'utf8')
const schema = JSON.parse(published) as Readonly<Record<string, unknown>>
const wrongIn = (text: string): readonly string[] => violations(schema, schema, parse(text, { stringKeys: true }))

test('the published file is up to date: npm run --silent cli -- scenarios --schema > docs/scenario.schema.json', () => {
  expect(published).toBe(scenarioJsonSchema())
})

test.each([{ id: 'good', text: GOOD }, ...library()])('it takes $id', ({ text }) => {
  expect(wrongIn(text)).toEqual([])
})

describe('it refuses', () => {
  test.each([
    ['a step that there is not', 'kill: $old', 'kil: $old'],
    ['a duration in words', 'within: 10s', 'within: soon'],
    ['a setting that there is not', 'preVote: false', 'preVotes: false'],
    ['a setting out of range', 'preVote: false', 'heartbeatMs: 0'],
    ['a narration in one language', '{ en: Look, zh: 看 }', '{ en: Look }'],
    ['a condition with a key too many', '{ followed: all }', '{ followed: all, folowed: 1 }'],
    ['too many nodes', 'nodes: 3', 'nodes: 99'],
    ['a tag that there is not', 'tags: [election]', 'tags: [elections]'],
    ['a message type that there is not', 'messages: [AppendEntries]', 'messages: [Append]'],
  ])('%s', (_what, piece, by) => {
    expect(GOOD).toContain(piece)
    expect(wrongIn(GOOD.replace(piece, by))).not.toEqual([])
  })
})
