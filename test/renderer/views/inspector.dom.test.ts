import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DiskView } from '../../../preload/contract'
import { useSelectionStore } from '../../../renderer/stores/selection'
import InspectorView from '../../../renderer/views/InspectorView.vue'
import { type Bench, createBench } from '../support/mounted'
import {
  entryRun,
  liveUpdate,
  nodeView,
  processState,
  recordingInfo,
  wholePatch,
  wholeUpdate,
} from '../support/samples'

const disk: DiskView = {
  path: '/home/n1',
  currentTerm: 2,
  votedFor: 1,
  firstIndex: 1,
  lastIndex: 3,
  files: [
    {
      name: '000001.log',
      bytes: 412,
      records: 2,
      tornBytes: 7,
      corrupt: false,
      tail: [
        {
          number: 1,
          offset: 36,
          bytes: 24,
          type: 'hardState',
          term: 2,
          index: 0,
          detail: 'currentTerm 2 votedFor 1',
          crc: '9f3a11c2',
          ok: true,
        },
        {
          number: 2,
          offset: 60,
          bytes: 31,
          type: 'entry',
          term: 2,
          index: 3,
          detail: 'no-op',
          crc: '5d0e77a1',
          ok: false,
        },
      ],
    },
  ],
}

let bench: Bench
beforeEach(() => {
  bench = createBench()
  bench.door.on('node.disk', () => disk)
})
afterEach(() => bench.end())

const leader = nodeView(1, {
  currentTerm: 2,
  durableTerm: 1,
  votedFor: 1,
  durableVote: 1,
  commitIndex: 2,
  lastApplied: 1,
  progress: [
    { peer: 3, matchIndex: 0, nextIndex: 4, state: 'probe', inFlight: 1 },
    { peer: 2, matchIndex: 3, nextIndex: 4, state: 'replicate', inFlight: 0 },
  ],
  log: { firstIndex: 1, lastIndex: 3, durableIndex: 3, entries: entryRun(1, 3, 2) },
})

async function open(nodes = [leader, nodeView(2), nodeView(3)]) {
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  bench.door.say('live', wholeUpdate(nodes, { blocked: [[1, 3]] }))
  useSelectionStore().selectNode(1)
  const view = bench.mount(InspectorView)
  await bench.settle()
  return view
}

describe('the inspector', () => {
  it('says what to do when nothing is selected', () => {
    expect(bench.mount(InspectorView).text()).toContain('No node selected')
  })
  it('shows Figure 2 by its own field names, and where memory and disk differ', async () => {
    const view = await open()
    const field = (name: string) => view.get(`[data-field="${name}"]`).text().replace(/\s+/g, ' ')
    expect(field('currentTerm')).toBe('2 on disk 1')
    expect(field('votedFor')).toBe('n1 itself')
    expect(field('log')).toBe('1…3 3 entries')
    expect(field('commitIndex')).toContain('known committed ≤ 2')
    expect(field('lastApplied')).toBe('1')
    expect(field('role')).toContain('leader')
  })
  it('shows what a leader knows of its peers, in order, with cut links', async () => {
    const view = await open()
    const rows = view
      .get('[data-section="leader"]')
      .findAll('tbody tr')
      .map((row) => row.findAll('td').map((cell) => cell.text()))
    expect(rows).toEqual([
      ['n2', '3', '4', 'replicate'],
      ['n3', '0', '4', 'link cut'],
    ])
  })
  it('shows the last records of the files, newest first, with the truth about their checksums', async () => {
    const section = (await open()).get('[data-section="disk"]')
    const rows = section.findAll('tbody tr').map((row) => row.text().replace(/\s+/g, ' '))
    expect(rows[0]).toContain('entry 3 T2 no-op')
    expect(rows[1]).toContain('hardState T2 vote n1')
    expect(section.find('[aria-label="checksum does not match"]').exists()).toBe(true)
    expect(section.text()).toContain('7 B torn at the end')
  })
  it('reads the files again when something became durable, but not in a hurry', async () => {
    await open()
    for (let index = 4; index < 10; index++) {
      const grown = nodeView(1, {
        log: { firstIndex: 1, lastIndex: index, durableIndex: index, entries: entryRun(1, index) },
      })
      bench.door.say('live', liveUpdate({ nodes: [wholePatch(grown)] }))
      await bench.settle()
    }
    expect(bench.door.inputsOf('node.disk').length).toBeLessThanOrEqual(2)
    await expect.poll(() => bench.door.inputsOf('node.disk').length, { timeout: 5000 }).toBe(2)
  })
  it('tells at its place why the files cannot be read', async () => {
    bench.door.on('node.disk', () => {
      throw new Error('The directory is gone')
    })
    expect((await open()).get('[data-section="disk"] [role="alert"]').text()).toBe('The directory is gone')
  })
  it('has no volatile state for a dead process', async () => {
    const dead = nodeView(1, { process: processState({ standing: 'killed', pid: 0, trouble: 'disk-failed' }) })
    const view = await open([dead])
    expect(view.find('[data-field="commitIndex"]').exists()).toBe(false)
    expect(view.get('[data-section="volatile"]').text()).toContain('killed')
    expect(view.get('[data-section="process"]').text()).toContain('disk-failed')
  })
  it('folds a section and remembers it for the next node', async () => {
    const view = await open()
    await view.get('[data-section="volatile"] button').trigger('click')
    useSelectionStore().selectNode(2)
    await bench.settle()
    expect(view.find('[data-field="commitIndex"]').exists()).toBe(false)
    await view.get('[data-section="volatile"] button').trigger('click')
    expect(view.find('[data-field="commitIndex"]').exists()).toBe(true)
  })
  it('does not ask for the files of a recording', async () => {
    bench.door.on('timeline.state', () => ({
      seq: 50,
      t: 2e9,
      cluster: 'five',
      nodes: [leader],
      blocked: [],
      faults: [],
      calls: [],
      shed: 0,
    }))
    bench.door.say('source', { kind: 'recording', info: recordingInfo() })
    useSelectionStore().selectNode(1)
    const view = bench.mount(InspectorView)
    await bench.settle()
    expect(view.get('[data-section="disk"]').text()).toContain('does not hold the files')
    expect(bench.door.inputsOf('node.disk')).toEqual([])
    expect(view.find('.btn.danger').exists()).toBe(false)
  })
})
