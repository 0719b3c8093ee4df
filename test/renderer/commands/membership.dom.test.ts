import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { NodeView } from '../../../preload/contract'
import { canChange } from '../../../renderer/commands/membership'
import { useCommands } from '../../../renderer/commands/registry'
import { useSelectionStore } from '../../../renderer/stores/selection'
import { useToasts } from '../../../renderer/stores/toasts'
import { useUiStore } from '../../../renderer/stores/ui'
import { type Bench, createBench } from '../support/mounted'
import { configuration, liveUpdate, nodeView, processState, wholePatch, wholeUpdate } from '../support/samples'

// Mounting is slow on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

let bench: Bench
beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.end())

const of = configuration([1, 2, 3, 5], { learners: [4], witnesses: [5] })
const nodes = (changes: Partial<NodeView> = {}): NodeView[] =>
  [1, 2, 3, 4, 5, 6].map((id) =>
    nodeView(id, {
      configuration: of,
      role: id === 1 ? 'leader' : id === 4 || id === 6 ? 'learner' : 'follower',
      ...changes,
    }),
  )
async function open(list = nodes()): Promise<void> {
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  bench.door.say('live', wholeUpdate(list))
  await bench.settle()
}
const commands = () => useCommands()
const variants = (id: string) =>
  (
    commands()
      .list.value.find((command) => command.id === id)
      ?.variants?.() ?? []
  ).map(({ target }) => target)

describe('what can be done to whom', () => {
  it('follows the configuration', () => {
    const list = nodes()
    const able = (act: Parameters<typeof canChange>[0]) =>
      list.filter((node) => canChange(act, node, list)).map(({ id }) => id)
    expect(able('node.promote')).toEqual([4, 6])
    expect(able('node.demote')).toEqual([1, 2, 3])
    // A witness never leads, and the leader does already.
    expect(able('leadership.transfer')).toEqual([2, 3])
  })
  it('is offered in the palette, once per node or role', async () => {
    await open()
    expect(variants('node.add')).toEqual(['voter', 'learner', 'witness'])
    expect(variants('leadership.transfer')).toEqual(['whoever is best', 'n2', 'n3'])
    expect(variants('node.promote')).toEqual(['n4', 'n6'])
    expect(variants('node.rebuild')).toEqual([])
  })
  it('acts on the selected node by key', async () => {
    await open()
    useSelectionStore().selectNode(2)
    const byKey = (id: string) =>
      commands()
        .list.value.find((command) => command.id === id)
        ?.fromKey?.()
    expect(byKey('leadership.transfer')).toEqual({ node: 2 })
    expect(byKey('node.snapshot')).toEqual({ node: 2 })
    useSelectionStore().selectNode(5)
    expect(byKey('leadership.transfer')).toBeUndefined()
  })
})

describe('commands', () => {
  it('call the workbench with what they are about', async () => {
    bench.door
      .on('node.add', () => ({ node: 7 }))
      .on('node.snapshot', () => ({ index: 40 }))
      .on('membership.change', () => ({ index: 41 }))
    await open()
    await commands().run('node.add', { role: 'witness' })
    await commands().run('node.promote', { node: 4 })
    await commands().run('node.demote', { node: 3 })
    await commands().run('node.snapshot', { node: 2 })
    await commands().run('leadership.transfer', {})
    await commands().run('leadership.transfer', { node: 3 })
    expect(bench.door.inputsOf('node.add')).toEqual([{ role: 'witness' }])
    expect(bench.door.inputsOf('membership.change')).toEqual([
      { changes: [{ node: 4, role: 'voter' }], mode: 'auto' },
      { changes: [{ node: 3, role: 'learner' }], mode: 'auto' },
    ])
    expect(bench.door.inputsOf('node.snapshot')).toEqual([{ node: 2 }])
    expect(bench.door.inputsOf('leadership.transfer')).toEqual([{}, { node: 3 }])
    expect(useToasts().toasts.map(({ text }) => text())).toContain('n2 has a snapshot of everything up to 40.')
  })
  it('tell a refusal in the workbench’s sentence', async () => {
    bench.door.on('leadership.transfer', () => {
      throw new Error('Node 3 is behind: wait until it has caught up.')
    })
    await open()
    expect(await commands().run('leadership.transfer', { node: 3 })).toBe(false)
    expect(useToasts().toasts.at(-1)?.tone).toBe('danger')
    expect(useToasts().toasts.at(-1)?.text()).toContain('is behind')
  })
  it('ask before a disk is emptied, and say that removing means leaving first', async () => {
    await open([nodeView(1), nodeView(2, { process: processState({ standing: 'crashed' }) })])
    await commands().run('node.rebuild', { node: 2 })
    expect(bench.door.inputsOf('node.rebuild')).toEqual([])
    await useUiStore().confirmation?.run()
    expect(bench.door.inputsOf('node.rebuild')).toEqual([{ node: 2 }])
    await commands().run('node.remove', { node: 1 })
    expect(useUiStore().confirmation?.text).toContain('first leaves the membership')
  })
})

describe('settings of a running cluster', () => {
  it('are saved, and nodes can be restarted one by one, the leader last', async () => {
    await open([1, 2, 3].map((id) => nodeView(id)))
    await commands().run('cluster.saveSettings', { name: 'five', settings: { preVote: false } })
    expect(bench.door.inputsOf('clusters.configure')).toEqual([{ name: 'five', settings: { preVote: false } }])
    expect(useToasts().toasts.at(-1)?.action?.label()).toBe('Restart nodes one by one')
    // The second waits until the first runs again.
    const restarted: number[] = []
    bench.door.on('node.restart', ({ node }) => {
      restarted.push(node)
      const down = nodeView(node, { process: processState({ standing: 'starting', incarnation: 2 }) })
      bench.door.say('live', liveUpdate({ nodes: [wholePatch(down)] }))
      return undefined
    })
    await bench.settle()
    const done = commands().run('cluster.restartAll')
    for (const node of [2, 3, 1]) {
      await expect.poll(() => restarted.at(-1)).toBe(node)
      await bench.settle()
      expect(restarted.at(-1)).toBe(node)
      bench.door.say(
        'live',
        liveUpdate({ nodes: [wholePatch(nodeView(node, { process: processState({ incarnation: 2 }) }))] }),
      )
      await bench.settle()
    }
    expect(await done).toBe(true)
    expect(restarted).toEqual([2, 3, 1])
  })
})
