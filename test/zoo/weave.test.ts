/** The bugs fit the sources as they are, and a woven source without a bug chosen does what the plain one does. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { changedSettings, newSettings } from '../../main/cluster/settings'
import { BUG_IDS } from '../../main/node/contract/bugs'
import { Raft } from '../../main/raft'
import { type Bug, expression, statement } from '../../main/zoo/bug'
import { BUGS } from '../../main/zoo/bugs'
import { SCRIPTS } from '../../main/zoo/hunts'
import { weave } from '../../main/zoo/weave'
import { BUG_WORDS } from '../../main/zoo/words'
import { simulate } from '../sim/simulation'
import { withWoven } from './woven-core'

const main = resolve(import.meta.dirname, '../../main')
const read = (file: string) => readFileSync(join(main, file), 'utf8')
const files = [...new Set(BUGS.flatMap(({ places }) => places.map(({ file }) => file)))]

describe('the bugs', () => {
  test('are at least 25, each with a source, places, a script and words in both languages', () => {
    expect(BUGS.length).toBeGreaterThanOrEqual(25)
    expect(BUGS.map(({ id }) => id).sort()).toEqual([...BUG_IDS].sort())
    for (const { id, source, places, script } of BUGS) {
      expect(source, id).not.toBe('')
      expect(places.length, id).toBeGreaterThan(0)
      expect(SCRIPTS[script], script).toBeDefined()
      for (const language of ['en', 'zh'] as const) {
        expect(BUG_WORDS[language][id].name, id).not.toBe('')
        expect(BUG_WORDS[language][id].story, id).not.toBe('')
      }
    }
    expect(Object.keys(SCRIPTS).sort()).toEqual([...new Set(BUGS.map(({ script }) => script))].sort())
  })

  test.each(files)('stand in main/%s at the places that they name, once', (file) => {
    expect(weave(file, read(file), BUGS)).toContain('zoo(')
  })

  test('a place that is not there any more is named, with what to do', () => {
    const gone: Bug = {
      id: 'second-vote',
      source: '§5.2',
      places: [expression('raft/a.ts', 'x === y', 'true')],
      script: 'ordinary',
    }
    expect(() => weave('raft/a.ts', 'x == y', [gone])).toThrow(
      'bug "second-vote": "x === y" stands 0 times in main/raft/a.ts, not once. The source has changed',
    )
    expect(() => weave('raft/a.ts', 'x === y || x === y', [gone])).toThrow('stands 2 times')
  })

  test('several at one place are told apart; those that overlap are refused', () => {
    const one = { id: 'second-vote', places: [expression('a.ts', 'b', 'c')] } as const
    const other = { id: 'vote-not-kept', places: [expression('a.ts', 'b', 'd')] } as const
    expect(weave('a.ts', 'a + b', [one, other])).toBe(
      "a + (zoo('second-vote') ? (c) : ((zoo('vote-not-kept') ? (d) : (b))))",
    )
    const wider = { id: 'vote-not-kept', places: [statement('a.ts', 'a + b', '')] } as const
    expect(() => weave('a.ts', 'a + b', [one, wider])).toThrow('overlap')
    expect(weave('b.ts', 'a + b', [one])).toBeUndefined()
  })
})

test('with no bug chosen, the woven core takes the very same steps', async () => {
  await withWoven('', async (Woven) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const [plain, woven] = [await simulate(seed, Raft), await simulate(seed, Woven)]
      expect(woven.hash, `seed ${seed}`).toBe(plain.hash)
    }
  })
})

test('with a bug chosen, it does not', async () => {
  const four = { firstVoters: 4 } as const
  const plain = await simulate(1, Raft, four)
  await withWoven('half-is-majority', async (Woven) => {
    const woven = await simulate(1, Woven, four).then(
      ({ hash }) => hash,
      () => 'broken',
    )
    expect(woven).not.toBe(plain.hash)
  })
})

test('a setting names a bug or none; an unknown one is refused', () => {
  const context = { nodes: [1, 2, 3], witnesses: [] }
  const settings = newSettings({}, context)
  expect(settings.bug).toBe('')
  expect(changedSettings(settings, { bug: 'second-vote' }, context).bug).toBe('second-vote')
  expect(() => changedSettings(settings, { bug: 'third-vote' }, context)).toThrow(
    expect.objectContaining({ code: 'settings-invalid', details: expect.objectContaining({ setting: 'bug' }) }),
  )
})
