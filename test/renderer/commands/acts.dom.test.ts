import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useCommands } from '../../../renderer/commands/registry'
import { useToasts } from '../../../renderer/stores/toasts'
import { useUiStore } from '../../../renderer/stores/ui'
import { type Bench, createBench } from '../support/mounted'
import { momentView, nodeView, problemView, recordingInfo, wholeUpdate } from '../support/samples'

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
/** What was done; what is only read when something opens is no act. */
const READS: readonly string[] = ['workbench.info', 'notes.list']
const called = () => bench.door.made.map(({ name }) => name).filter((name) => !READS.includes(name))

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
  it('end one fault by its number', async () => {
    const fault = (id: number, type: string, detail: object) => ({ id, type, detail: JSON.stringify(detail), since: 0 })
    await openLive({ faults: [fault(1, 'kill', { nodes: [2] }), fault(7, 'links', { links: [[1, 2]] })] })
    for (const active of bench.cluster.live?.faults ?? []) await commands().run('fault.heal', { fault: active })
    expect(bench.door.inputsOf('fault.end')).toEqual([{ fault: 1 }, { fault: 7 }])
  })
  it('heal everything with one call, and say what was left', async () => {
    const fault = { id: 4, type: 'bit-flip', detail: '{"nodes":[2],"file":"000001.log","record":3}', since: 0 }
    await openLive()
    expect(commands().enabled('fault.healAll')).toBe(false)
    await openLive({ faults: [fault] })
    const message = 'n2 must be rebuilt.'
    bench.door.on('fault.healAll', () => [{ fault: 4, problem: problemView('node-state', message) }])
    await commands().run('fault.healAll')
    expect(useToasts().toasts.at(-1)?.text()).toBe(
      'Not healed: n2: bit flipped in 000001.log, record 3. n2 must be rebuilt.',
    )
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
