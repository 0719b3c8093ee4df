import { expect, test } from 'vitest'
import { frameText } from '../../main/browser/frame'

test('a frame crosses as JSON', () => {
  const frame = { stream: 3, value: { t: 1.5, name: '值', nothing: null, left: undefined, list: [1, [], {}] } }
  expect(frameText(frame)).toBe(JSON.stringify(frame))
})

test('a deadline that never comes stays one', () => {
  const never = Number.POSITIVE_INFINITY
  const frame = {
    id: 1,
    answer: { ok: true, value: { nodes: [{ deadline: never }, { deadline: 7 }], text: '"1e999"' } },
  }
  expect(JSON.parse(frameText(frame))).toEqual(frame)
  expect(JSON.parse(frameText([never]))).toEqual([never])
})
