import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DEFAULT_SETTINGS, type DiskView } from '../../../preload/contract'
import { useSelectionStore } from '../../../renderer/stores/selection'
import InspectorView from '../../../renderer/views/InspectorView.vue'
import { type Bench, createBench } from '../support/mounted'
import {
  configuration,
  entryRun,
  liveUpdate,
  logView,
  momentView,
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
  snapshot: null,
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

// Mounting is slow on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

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
  log: logView(1, 3, { durableIndex: 3, entries: entryRun(1, 3, 2) }),
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
        log: logView(1, index, { durableIndex: index, entries: entryRun(1, index) }),
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
  it('shows the configuration by its own names: both sides of a joint one, and whether it is committed', async () => {
    const joint = configuration([1, 4, 5], { outgoing: [1, 2, 3], learnersNext: [3], witnesses: [5] })
    const of = nodeView(1, { configuration: joint, configurationIndex: 7, configurationCommitted: false })
    const section = (await open([of, nodeView(2)])).get('[data-section="configuration"]')
    const field = (name: string) => section.get(`[data-field="${name}"]`).text().replace(/\s+/g, ' ')
    expect(field('C_old')).toBe('n1 n2 n3 2 of 3')
    expect(field('C_new')).toBe('n1 n4 n5 2 of 3')
    expect(field('learnersNext')).toBe('n3')
    expect(field('witnesses')).toBe('n5')
    expect(field('standing')).toMatch(/^not committed yet *at index 7$/)
    expect(section.find('[data-field="voters"]').exists()).toBe(false)
  })
  it('shows snapshots, what is coming in and going out, and what the log begins after', async () => {
    const of = nodeView(1, {
      snapshot: { index: 40, term: 2, bytes: 48_000 },
      receiving: { peer: 3, index: 60, term: 2, bytes: 1000, offset: 250 },
      sending: [{ peer: 2, index: 40, term: 2, bytes: 48_000, offset: 8_000 }],
      progress: [{ peer: 2, matchIndex: 0, nextIndex: 41, state: 'snapshot', inFlight: 1 }],
      transferTarget: 3,
      log: logView(41, 49, { baseTerm: 2 }),
    })
    const view = await open([of, nodeView(2), nodeView(3)])
    const section = view.get('[data-section="snapshot"]')
    expect(section.get('[data-field="snapshot"]').text()).toContain('1…40')
    expect(section.get('[data-field="receiving"]').text()).toContain('from n3')
    expect(section.findAll('progress').map((bar) => [bar.attributes('value'), bar.attributes('max')])).toEqual([
      ['250', '1000'],
      ['8000', '48000'],
    ])
    expect(view.get('[data-section="leader"]').text()).toContain('snapshot · 16 %')
    expect(view.get('[data-field="transferTarget"]').text()).toContain('n3')
    expect(view.get('[data-field="logBase"]').text()).toContain('1…40')
    expect(view.get('[data-testid="log-base"]').text()).toContain('1…40 in the snapshot')
  })
  it('says what the level of the recording leaves out', async () => {
    const of = nodeView(1, { log: logView(1, 3, { dataMissing: true }) })
    bench.door.say('source', { kind: 'live', name: 'five', recording: '/r' })
    const settings = { ...DEFAULT_SETTINGS, telemetry: 'state' as const, priorities: { '1': 0 } }
    bench.door.say('live', wholeUpdate([of], { settings }))
    useSelectionStore().selectNode(1)
    const view = bench.mount(InspectorView)
    await bench.settle()
    expect(view.get('[data-testid="data-missing"]').text()).toContain('level state')
    expect(view.get('[data-section="leader"]').text()).toContain('not known')
    expect(view.get('[data-field="priority"]').text()).toContain('never leads')
    expect(view.get('[data-field="quiescent"]').text()).toContain('off in the settings')
  })
  it('does not ask for the files of a recording', async () => {
    bench.door.on('timeline.state', () => momentView([leader]))
    bench.door.say('source', { kind: 'recording', info: recordingInfo() })
    useSelectionStore().selectNode(1)
    const view = bench.mount(InspectorView)
    await bench.settle()
    expect(view.get('[data-section="disk"]').text()).toContain('does not hold the files')
    expect(bench.door.inputsOf('node.disk')).toEqual([])
    expect(view.find('.btn.danger').exists()).toBe(false)
  })
})
