import { describe, expect, test } from 'vitest'
import { checkName, freeName } from '../../main/cluster/names'

describe('cluster names', () => {
  test.each(['cluster-1', 'Übung 3', '实验', 'a', 'x.y_z', 'n'.repeat(64)])('%s is one', (name) => {
    expect(checkName(name)).toBe(name.normalize('NFC'))
  })

  test.each([
    '',
    '.',
    '..',
    '../up',
    'a/b',
    'a\\b',
    '.hidden',
    'dot.',
    'space ',
    ' space',
    'nul',
    'COM1.txt',
    'a\0b',
    'a:b',
    'n'.repeat(65),
    '𠀀'.repeat(64),
  ])('%j is none', (name) => {
    expect(() => checkName(name)).toThrow(expect.objectContaining({ code: 'cluster-name' }))
  })

  test('one and the same spelling is kept, however it was typed', () => {
    expect(checkName('u\u0308bung')).toBe('\u00fcbung')
  })

  test('the first free default name, whatever the case of the others', () => {
    expect(freeName([])).toBe('cluster-1')
    expect(freeName(['Cluster-1', 'cluster-3'])).toBe('cluster-2')
  })
})
