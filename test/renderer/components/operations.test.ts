import { describe, expect, it } from 'vitest'
import { failureText, operationText, passagesOf } from '../../../renderer/components/operations'
import { i18n } from '../../../renderer/i18n'
import { operation } from '../support/samples'

const t = (key: string, named?: Record<string, unknown>) => i18n.global.t(key, named ?? {})
const text = (type: string, detail: object) => operationText(t, { type, detail: JSON.stringify(detail) })

describe('an operation in words', () => {
  it.each([
    ['transfer', { target: 3 }, 'hand leadership to n3'],
    ['transfer', {}, 'hand leadership to the best'],
    ['add-node', { role: 'learner' }, 'add a node as learner'],
    ['add-node', { role: 'witness', node: 6 }, 'add n6 as witness'],
    ['remove-node', { node: 2 }, 'remove n2'],
    ['snapshot', { node: 2, index: 40 }, 'snapshot of n2'],
    ['rebuild', { node: 4, role: 'voter' }, 'rebuild n4'],
    [
      'change',
      {
        changes: [
          { node: 4, role: 'voter' },
          { node: 5, role: 'removed' },
        ],
      },
      'change membership: n4 voter, n5 removed',
    ],
  ])('%s %j', (type, detail, words) => {
    expect(text(type, detail)).toBe(words)
  })
  it('stays readable when its detail is not', () => {
    expect(operationText(t, { type: 'snapshot', detail: '{' }).trim()).toBe('snapshot of')
    expect(operationText(t, { type: 'something-new', detail: '' })).toBe('something-new')
  })
  it('says why it failed: in the core’s words where there are some', () => {
    const detail = JSON.stringify({ node: 4, refusal: { reason: 'not-caught-up', node: 4 } })
    expect(failureText(t, { detail, problem: 'change-refused' })).toBe('the node has not caught up with the log')
    expect(failureText(t, { detail: '{}', problem: 'no-leader' })).toBe('no-leader')
  })
})

describe('nodes on their way', () => {
  it('are those of operations under way', () => {
    const passages = passagesOf(
      [
        operation(1, { type: 'remove-node', detail: '{"node":2}' }),
        operation(2, { type: 'rebuild', detail: '{"node":3}' }),
        operation(3, { type: 'remove-node', detail: '{"node":4}', outcome: 'done' }),
        operation(4, { type: 'change', detail: '{"changes":[{"node":5,"role":"removed"},{"node":1,"role":"voter"}]}' }),
      ],
      [],
    )
    expect([...passages]).toEqual([
      [2, 'leaving'],
      [3, 'rebuilding'],
      [5, 'leaving'],
    ])
  })
  it('joins who is no member yet, while nobody says which number it got', () => {
    expect([...passagesOf([operation(1, { type: 'add-node', detail: '{"role":"voter"}' })], [6])]).toEqual([
      [6, 'joining'],
    ])
  })
})
