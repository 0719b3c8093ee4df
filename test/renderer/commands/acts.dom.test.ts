import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useCommands } from '../../../renderer/commands/registry'
import { useUiStore } from '../../../renderer/stores/ui'
import { type Bench, createBench } from '../support/mounted'
import { momentView, nodeView, recordingInfo, wholeUpdate } from '../support/samples'

let bench: Bench
beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.end())

async function openLive(changes = {}): Promise<void> {
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  bench.door.say(
    'live',
    wholeUpdate(
      [1, 2, 3, 4, 5].map((id) => nodeView(id)),
      changes,
    ),
  )
  await bench.settle()
}
const commands = () => useCommands()
const called = () => bench.door.made.map(({ name }) => name).filter((name) => name !== 'workbench.info')

describe('clusters', () => {
  it('start only where nothing is open', async () => {
    bench.door.say('source', { kind: 'none' })
    expect(commands().enabled('cluster.start')).toBe(true)
    await commands().run('cluster.start')
    expect(bench.door.inputsOf('clusters.create')).toEqual([{ nodes: 5 }])
    await openLive()
    expect(commands().enabled('cluster.start')).toBe(false)
  })
  it('close what is open before another one opens', async () => {
    await openLive()
    await commands().run('cluster.open', { name: 'other' })
    expect(called()).toEqual(['clusters.close', 'clusters.open'])
  })
  it('are deleted only after the question is answered', async () => {
    await openLive()
    await commands().run('cluster.delete', { name: 'five' })
    expect(bench.door.inputsOf('clusters.delete')).toEqual([])
    await useUiStore().confirmation?.run()
    expect(called().slice(0, 2)).toEqual(['clusters.close', 'clusters.delete'])
  })
})

describe('links', () => {
  it('isolate a node and keep the other cuts', async () => {
    const blocked = [1, 2].flatMap((a) => [3, 4, 5].flatMap((b) => [[a, b] as const, [b, a] as const]))
    await openLive({ blocked })
    await commands().run('node.isolate', { node: 3 })
    expect(bench.door.inputsOf('link.partition')).toEqual([{ groups: [[3], [1, 2], [4, 5]] }])
  })
  it('heal a fault by its own opposite', async () => {
    const fault = (id: number, type: string, detail: object) => ({ id, type, detail: JSON.stringify(detail), since: 0 })
    await openLive({ faults: [fault(1, 'kill', { nodes: [2] }), fault(2, 'pause', { nodes: [3] })] })
    for (const active of bench.cluster.live?.faults ?? []) await commands().run('fault.heal', { fault: active })
    expect(bench.door.inputsOf('node.start')).toEqual([{ node: 2 }])
    expect(bench.door.inputsOf('node.resume')).toEqual([{ node: 3 }])
  })
  it('heal a lone partition at once, and one beside other cuts link by link', async () => {
    const partition = { id: 1, type: 'partition', detail: '{"groups":[[1],[2,3]]}', since: 0 }
    const block = { id: 2, type: 'block', detail: '{"links":[[4,5]]}', since: 0 }
    await openLive({ faults: [partition] })
    await commands().run('fault.heal', { fault: partition })
    expect(bench.door.inputsOf('link.healAll')).toHaveLength(1)
    await openLive({ faults: [partition, block] })
    await commands().run('fault.heal', { fault: partition })
    expect(bench.door.inputsOf('link.healAll')).toHaveLength(1)
    expect(bench.door.inputsOf('link.heal')).toHaveLength(4)
    await commands().run('fault.heal', { fault: block })
    expect(bench.door.inputsOf('link.heal').at(-1)).toEqual({ from: 4, to: 5, both: false })
  })
})

describe('while nobody listens or a recording is open', () => {
  it('nothing can be done to the cluster', async () => {
    await openLive()
    expect(commands().enabled('node.kill')).toBe(true)
    bench.door.connection.value = 'lost'
    expect(commands().enabled('node.kill')).toBe(false)
    expect(commands().enabled('cluster.new')).toBe(false)
    bench.door.connection.value = 'open'
    bench.door.on('timeline.state', () => momentView([]))
    bench.door.say('source', { kind: 'recording', info: recordingInfo() })
    expect(commands().enabled('node.kill')).toBe(false)
    expect(commands().enabled('recording.close')).toBe(true)
  })
})
