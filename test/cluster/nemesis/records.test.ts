import { expect, test } from 'vitest'
import type { InspectedFile, InspectedRecord } from '../../../main/cluster/inspect'
import { flippable } from '../../../main/cluster/nemesis/records'

type Type = InspectedRecord['type']

const file = (name: string, ...types: (Type | `torn ${Type}`)[]) =>
  ({
    name,
    records: types.map((type, number) => ({
      number,
      type: type.replace('torn ', ''),
      standing: type.startsWith('torn ') ? 'torn' : 'ok',
    })),
  }) as unknown as InspectedFile

test('the last whole write is left alone: damage there looks like what a crash tore', () => {
  const files = [
    file('000001.log', 'segment', 'write', 'begin', 'hardState'),
    file('000002.log', 'segment', 'write', 'begin', 'write', 'entry', 'write', 'entry', 'entry'),
  ]
  expect(flippable({ files }).map(({ file, record }) => `${file} ${record}`)).toEqual([
    ...[1, 2, 3].map((record) => `000001.log ${record}`),
    ...[1, 2, 3, 4].map((record) => `000002.log ${record}`),
  ])
})

test('a torn write proves nothing of the one before', () => {
  const files = [file('000001.log', 'segment', 'write', 'begin', 'write', 'entry', 'torn write', 'torn entry')]
  expect(flippable({ files }).map(({ record }) => record)).toEqual([1, 2])
})

test('a log of one write has none', () => {
  expect(flippable({ files: [file('000001.log', 'segment', 'write', 'begin')] })).toEqual([])
  expect(flippable({ files: [] })).toEqual([])
})
