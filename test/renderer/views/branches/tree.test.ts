import { expect, it } from 'vitest'
import { type Branch, keysOf, treeOf } from '../../../../renderer/views/branches/tree'
import { branchCluster, branchOf, FOREST } from './samples'

/** Names as they are shown, one level further in for each step down; recordings as a dot. */
function drawn(branches: readonly Branch[], depth = 0): string[] {
  return branches.flatMap((branch) => [
    `${'  '.repeat(depth)}${branch.kind === 'cluster' ? branch.cluster.name : '·'}`,
    ...drawn(branch.children, depth + 1),
  ])
}

it('each branch stands below the recording it came from, in the order of moments', () => {
  expect(drawn(treeOf(FOREST))).toEqual([
    'orders',
    '  ·',
    '    orders-fork',
    '      ·',
    '        orders-fork-3',
    '          ·',
    '    orders-fork-2',
    'payments',
    'inventory-fork',
    '  ·',
  ])
})

it('a recording that was moved is known by when it began; one that is gone leaves its branches to the cluster', () => {
  const moved = branchCluster('a', {
    recordings: [
      { path: '/elsewhere/a.raftrec', began: '2026-03-01T10:01:00.000Z', events: 1, end: 1, bytes: 1, complete: true },
    ],
  })
  expect(drawn(treeOf([moved, branchOf('a', 'b', 5, { recordings: [] })]))).toEqual(['a', '  ·', '    b'])
  const bare = branchCluster('a', { recordings: [] })
  const [root] = treeOf([bare, branchOf('a', 'b', 5, { recordings: [] })])
  expect(drawn(root === undefined ? [] : [root])).toEqual(['a', '  b'])
  const [child] = root?.children ?? []
  expect(child?.kind === 'cluster' && child.parent).toBe(null)
})

it('nobody is left out, nor shown twice, when copies make a ring of parents', () => {
  const one = branchOf('two', 'one', 1, { recordings: [] })
  const two = branchOf('one', 'two', 1, { recordings: [] })
  const keys = keysOf(treeOf([one, two]))
  expect([...keys].sort()).toEqual(['cluster one', 'cluster two'])
})

it('a damaged cluster, of which nothing is known but its name, is nobody’s parent', () => {
  const damaged = branchCluster('x', { id: '', damaged: 'no JSON', recordings: [] })
  const other = branchCluster('y', { id: '', damaged: 'no JSON', recordings: [] })
  expect(drawn(treeOf([damaged, other]))).toEqual(['x', 'y'])
})
