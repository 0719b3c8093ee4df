import { describe, expect, it } from 'vitest'
import { fuzzyScore } from '../../../renderer/commands/fuzzy'

describe('fuzzy search', () => {
  it('finds letters in order, not out of order', () => {
    expect(fuzzyScore('kn3', 'Kill n3')).toBeGreaterThan(0)
    expect(fuzzyScore('3nk', 'Kill n3')).toBe(0)
  })
  it('prefers the whole words', () => {
    expect(fuzzyScore('kill n3', 'Kill n3')).toBeGreaterThan(fuzzyScore('kill n3', 'Kill nobody in 13 s'))
  })
  it('prefers beginnings of words to letters inside', () => {
    expect(fuzzyScore('ha', 'Heal everything at all')).toBeGreaterThan(fuzzyScore('ha', 'Xhxxax'))
  })
  it('finds Chinese', () => {
    expect(fuzzyScore('杀死', '杀死 n3')).toBeGreaterThan(0)
  })
  it('fits everything when nothing is asked', () => {
    expect(fuzzyScore('  ', 'x')).toBeGreaterThan(0)
  })
})
