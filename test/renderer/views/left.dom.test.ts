import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useSelectionStore } from '../../../renderer/stores/selection'
import { useUiStore } from '../../../renderer/stores/ui'
import ClientTab from '../../../renderer/views/left/ClientTab.vue'
import FaultsTab from '../../../renderer/views/left/FaultsTab.vue'
import { type Bench, createBench } from '../support/mounted'
import { callView, nodeView, processState, wholeUpdate } from '../support/samples'

let bench: Bench
beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.end())

async function open(changes = {}, count = 3): Promise<void> {
  const nodes = Array.from({ length: count }, (_, at) => nodeView(at + 1))
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  bench.door.say('live', wholeUpdate(nodes, changes))
  await bench.settle()
}

describe('faults', () => {
  const button = (tab: ReturnType<Bench['mount']>, text: string) => {
    const found = tab.findAll('button').find((each) => each.text() === text)
    if (found === undefined) throw new Error(`no button ${text}`)
    return found
  }
  it('act on the chosen node and offer only what is possible', async () => {
    await open()
    const paused = nodeView(2, { process: processState({ standing: 'paused' }) })
    bench.door.say('live', wholeUpdate([nodeView(1), paused]))
    await bench.settle()
    const tab = bench.mount(FaultsTab)
    await button(tab, 'n2').trigger('click')
    expect(useSelectionStore().node).toBe(2)
    expect(button(tab, 'Start').attributes('disabled')).toBeDefined()
    await button(tab, 'Resume').trigger('click')
    await bench.settle()
    expect(bench.door.inputsOf('node.resume')).toEqual([{ node: 2 }])
  })
  it('ask before files are deleted, and only then', async () => {
    await open()
    const tab = bench.mount(FaultsTab)
    await button(tab, 'Remove').trigger('click')
    await bench.settle()
    expect(bench.door.inputsOf('node.remove')).toEqual([])
    expect(useUiStore().confirmation?.title).toContain('n1')
  })
  it('are listed and can be taken back', async () => {
    await open({ faults: [{ id: 1, type: 'kill', detail: '{"nodes":[3]}', since: 1e9 }] })
    const tab = bench.mount(FaultsTab)
    expect(tab.text()).toContain('Killed n3')
    await tab.get('[aria-label="Take back: Killed n3"]').trigger('click')
    await bench.settle()
    expect(bench.door.inputsOf('fault.end')).toEqual([{ fault: 1 }])
  })
  it('cut a partition that was put together here', async () => {
    await open()
    const tab = bench.mount(FaultsTab)
    await button(tab, 'Partition').trigger('click')
    await bench.settle()
    await button(tab, 'n3').trigger('click')
    await tab.get('[data-testid="partition-editor"]').trigger('keydown', { key: 'Enter' })
    await bench.settle()
    expect(bench.door.inputsOf('link.partition')).toEqual([{ groups: [[3], [1, 2]] }])
    expect(useUiStore().partition).toBeNull()
  })
  it('offer a list instead of segments where nodes are many', async () => {
    await open({}, 51)
    expect(bench.mount(FaultsTab).findAll('select option')).toHaveLength(51)
  })
})

describe('the client', () => {
  it('sends what the form says', async () => {
    await open()
    const tab = bench.mount(ClientTab)
    await tab.get('[data-testid="client-key"]').setValue('colour')
    await tab.get('[data-testid="client-value"]').setValue('blue')
    await tab.get('select').setValue('2')
    await tab.get('form').trigger('submit')
    await bench.settle()
    expect(bench.door.inputsOf('client.put')).toEqual([{ key: 'colour', value: 'blue', via: 2 }])
  })
  it('asks for a key before it bothers anybody', async () => {
    await open()
    const tab = bench.mount(ClientTab)
    await tab.get('[data-testid="client-key"]').setValue('')
    await tab.get('form').trigger('submit')
    expect(tab.get('[role="alert"]').text()).toBe('Give a key first.')
    expect(bench.door.inputsOf('client.put')).toEqual([])
  })
  it('shows a problem at the form', async () => {
    bench.door.on('client.put', () => {
      throw new Error('The value has 2 MiB; at most 1 MiB fit.')
    })
    await open()
    const tab = bench.mount(ClientTab)
    await tab.get('form').trigger('submit')
    await bench.settle()
    expect(tab.get('[role="alert"]').text()).toContain('at most 1 MiB')
  })
  it('tells how every call ended, the newest first', async () => {
    await open({
      calls: [
        callView(1, { op: 'get', found: true, result: '5' }),
        callView(2, { op: 'get', found: false }),
        callView(3, { outcome: 'unknown', problem: 'call-unknown' }),
        callView(4, { outcome: 'pending', answeredAt: 0 }),
      ],
    })
    const rows = bench.mount(ClientTab).findAll('[data-testid="calls"] li')
    expect(rows.map((row) => row.attributes('data-outcome'))).toEqual(['pending', 'unknown', 'ok', 'ok'])
    expect(rows[2]?.text()).toContain('not found')
    expect(rows[3]?.text()).toContain('→ 5')
    expect(rows[1]?.attributes('title')).toContain('may or may not have taken effect')
  })
})
