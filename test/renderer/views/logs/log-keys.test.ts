import { describe, expect, it } from 'vitest'
import { moved } from '../../../../renderer/views/logs/log-keys'
import { logView, nodeView } from '../../support/samples'

/** n1 has 1 to 5, n2 has 1 to 3 in its log. */
const nodes = [nodeView(1, { log: logView(1, 5) }), nodeView(2, { log: logView(1, 3) })]

describe('a key among the cells of the logs', () => {
  it.each([
    ['ArrowRight', { node: 1, index: 2 }, { node: 1, index: 3 }],
    ['ArrowLeft', { node: 1, index: 2 }, { node: 1, index: 1 }],
    ['ArrowDown', { node: 1, index: 2 }, { node: 2, index: 2 }],
    ['ArrowUp', { node: 2, index: 2 }, { node: 1, index: 2 }],
    ['Home', { node: 1, index: 4 }, { node: 1, index: 1 }],
    ['End', { node: 1, index: 2 }, { node: 1, index: 5 }],
    ['Enter', { node: 1, index: 2 }, { node: 1, index: 2 }],
  ])('%s leads on', (key, at, to) => {
    expect(moved(key, nodes, at)).toEqual(to)
  })
  it('does not leave a log at its ends, nor the table', () => {
    expect(moved('ArrowRight', nodes, { node: 1, index: 5 })).toEqual({ node: 1, index: 5 })
    expect(moved('ArrowLeft', nodes, { node: 1, index: 1 })).toEqual({ node: 1, index: 1 })
    expect(moved('ArrowUp', nodes, { node: 1, index: 2 })).toEqual({ node: 1, index: 2 })
    expect(moved('ArrowDown', nodes, { node: 2, index: 2 })).toEqual({ node: 2, index: 2 })
  })
  it('comes to the last entry of a shorter log', () => {
    expect(moved('ArrowDown', nodes, { node: 1, index: 5 })).toEqual({ node: 2, index: 3 })
  })
  it('means nothing without the node, or as another key', () => {
    expect(moved('End', nodes, { node: 9, index: 1 })).toBeUndefined()
    expect(moved('x', nodes, { node: 1, index: 1 })).toBeUndefined()
  })
})
