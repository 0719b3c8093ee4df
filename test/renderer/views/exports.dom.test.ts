import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { EventView, TaskView } from '../../../preload/contract'
import { tellEnd } from '../../../renderer/commands/exports'
import { runUntyped } from '../../../renderer/commands/registry'
import { useExportingStore } from '../../../renderer/stores/exporting'
import { useSelectionStore } from '../../../renderer/stores/selection'
import { useTasksStore } from '../../../renderer/stores/tasks'
import { useToasts } from '../../../renderer/stores/toasts'
import DropTarget from '../../../renderer/views/exports/DropTarget.vue'
import ExportDialog from '../../../renderer/views/exports/ExportDialog.vue'
import TaskStack from '../../../renderer/views/exports/TaskStack.vue'
import { type Bench, createBench } from '../support/mounted'
import { momentView, nodeView, problemView, recordingInfo } from '../support/samples'

let bench: Bench
beforeEach(async () => {
  localStorage.clear()
  bench = createBench()
  bench.door.on('timeline.state', () => momentView([nodeView(1), nodeView(2)]))
  bench.door.on('timeline.events', () => [])
  bench.door.say('source', { kind: 'recording', info: recordingInfo() })
  await bench.settle()
})
afterEach(() => {
  bench.end()
  vi.unstubAllGlobals()
})

const byId = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`)
const click = async (id: string) => {
  byId(id)?.click()
  await bench.settle()
}

describe('the export dialog', () => {
  async function opened() {
    bench.mount(ExportDialog)
    await runUntyped('timeline.export', undefined)
    await bench.settle()
  }

  test('sends all of it as JSON Lines when nothing is chosen, and remembers what was', async () => {
    bench.door.on('timeline.export', () => ({ kind: 'cancelled' }))
    await opened()
    expect(byId('export-dialog')).not.toBeNull()
    await click('export-send')
    expect(bench.door.inputsOf('timeline.export')).toEqual([{ source: 'recording', format: 'jsonl', language: 'en' }])
    expect(useExportingStore().open).toBe(false)

    await runUntyped('timeline.export', undefined)
    await bench.settle()
    await click('format-csv')
    await click('export-send')
    await runUntyped('timeline.export', undefined)
    await bench.settle()
    expect((byId('format-csv') as HTMLInputElement).checked).toBe(true)
  })

  test('sends what is shown, without the nodes and kinds that were taken out', async () => {
    useExportingStore().shown = () => ({ fromT: -5, toT: 2e9 })
    bench.door.on('timeline.export', () => ({ kind: 'cancelled' }))
    await opened()
    await click('format-csv')
    await click('range-shown')
    await click('export-node-0')
    await click('export-kind-messages')
    await click('export-send')
    const [sent] = bench.door.inputsOf('timeline.export')
    expect(sent).toMatchObject({ format: 'csv', fromT: 0, toT: 2e9 })
    expect(sent?.nodes).not.toContain(0)
    expect(sent?.kinds).toContain('committed')
    expect(sent?.kinds).not.toContain('sent')
  })

  test('a history can be of one key; the other formats are not asked for one', async () => {
    bench.door.on('timeline.export', () => ({ kind: 'cancelled' }))
    await opened()
    expect(byId('export-key')).toBeNull()
    await click('format-jepsen-log')
    const key = byId('export-key') as HTMLInputElement
    key.value = 'load/1/7'
    key.dispatchEvent(new Event('input'))
    await click('export-send')
    expect(bench.door.inputsOf('timeline.export')).toMatchObject([{ format: 'jepsen-log', key: 'load/1/7' }])
  })

  test('a page takes no nodes and kinds; a selection of nothing cannot be sent', async () => {
    await opened()
    await click('format-html')
    expect(byId('export-node-0')).toBeNull()
    await click('format-csv')
    for (const node of bench.cluster.moment?.nodes ?? []) await click(`export-node-${node.id}`)
    await click('export-node-0')
    expect((byId('export-send') as HTMLButtonElement).disabled).toBe(true)
    expect(document.body.textContent).toContain('Choose one node at least.')
  })
})

const task: TaskView = {
  id: 7,
  kind: 'export',
  what: 'a.csv',
  state: 'running',
  done: 250,
  total: 1000,
  leftOut: [],
  path: '/tmp/a.csv',
  problem: null,
}

describe('long work', () => {
  test('shows how far it is, can be cancelled, and its end is told once with what was left out', async () => {
    useTasksStore().connect(tellEnd)
    bench.mount(TaskStack)
    bench.door.say('tasks', [{ ...task, id: 1, state: 'done' }])
    bench.door.say('tasks', [{ ...task, id: 1, state: 'done' }, task])
    await bench.settle()
    expect(byId('task')?.textContent).toContain('25 %')
    await click('cancel-task')
    expect(bench.door.inputsOf('tasks.cancel')).toEqual([{ task: 7 }])

    const done: TaskView = { ...task, state: 'done', done: 990, leftOut: [{ reason: 'too-long', events: 10 }] }
    bench.door.say('tasks', [done])
    bench.door.say('tasks', [done])
    await bench.settle()
    expect(byId('task')).toBeNull()
    expect(useToasts().toasts.map(({ text }) => text())).toEqual([
      '990 events exported to /tmp/a.csv. 10 events left out: the format has no room for more.',
    ])
  })

  test('a cancelled export is no problem to tell', async () => {
    bench.door.on('timeline.export', async () => {
      const { ProblemError } = await import('../../../renderer/stores/door')
      throw new ProblemError(problemView('export-cancelled', 'cancelled', {}))
    })
    await runUntyped('timeline.exportAs', { format: 'csv' })
    expect(useToasts().toasts).toEqual([])
  })
})

describe('a dropped file', () => {
  function drop(file: File): void {
    const event = new Event('drop', { cancelable: true }) as Event & { dataTransfer: unknown }
    event.dataTransfer = { types: ['Files'], files: [file] }
    window.dispatchEvent(event)
  }

  test('is opened by its path where the window knows it', async () => {
    vi.stubGlobal('workbench', { pathOf: () => '/home/me/a.jsonl' })
    bench.mount(DropTarget)
    drop(new File(['x'], 'a.jsonl'))
    await bench.settle()
    expect(bench.door.inputsOf('recordings.open')).toEqual([{ path: '/home/me/a.jsonl' }])
  })

  test('is sent to the host in a browser, and what it answers is opened', async () => {
    const asked: unknown[] = []
    vi.stubGlobal('fetch', async (address: string, init: RequestInit) => {
      asked.push([address, init.method])
      return new Response(JSON.stringify({ ok: true, path: '/home/imports/b.raftrec' }))
    })
    bench.mount(DropTarget)
    drop(new File(['x'], 'b & c.log'))
    await bench.settle()
    expect(asked).toEqual([['/uploads?name=b%20%26%20c.log', 'POST']])
    expect(bench.door.inputsOf('recordings.open')).toEqual([{ path: '/home/imports/b.raftrec' }])
  })

  test('that cannot be read says why', async () => {
    const problem = problemView('import-foreign', 'b is of no kind.', { path: 'b' })
    vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ ok: false, problem })))
    bench.mount(DropTarget)
    drop(new File(['x'], 'b'))
    await bench.settle()
    expect(useToasts().toasts.map(({ text }) => text())).toEqual(['b is of no kind.'])
    expect(bench.door.inputsOf('recordings.open')).toEqual([])
  })
})

test('the selected event is copied in three forms', async () => {
  const event = { kind: 'note', seq: 3, node: 0, n: 1, t: 1_500_000_000, text: 'a | "b", c' } as EventView
  bench.door.on('timeline.events', () => [event])
  const copied: string[] = []
  vi.stubGlobal('navigator', { clipboard: { writeText: async (text: string) => void copied.push(text) } })
  useSelectionStore().selectEvent(3)
  await runUntyped('event.copyJson', undefined)
  await runUntyped('event.copyCsv', undefined)
  await runUntyped('event.copyMarkdown', undefined)
  expect(JSON.parse(copied[0] ?? '')).toEqual(event)
  expect(copied[1]).toBe('seq,seconds,node,kind,fields\r\n3,1.500000000,0,note,"{""text"":""a | \\""b\\"", c""}"\r\n')
  expect(copied[2]).toBe(
    '| seq | seconds | node | kind | fields |\n| --- | --- | --- | --- | --- |\n| 3 | 1.500000000 | 0 | note | {"text":"a \\| \\\\"b\\\\", c"} |\n',
  )
})
