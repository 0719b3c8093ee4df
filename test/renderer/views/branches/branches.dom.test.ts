/** The dialog that branches off, and the tree of branches. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import type { TaskView } from '../../../../preload/contract'
import { useCommands } from '../../../../renderer/commands/registry'
import { i18n } from '../../../../renderer/i18n'
import { ProblemError } from '../../../../renderer/stores/door'
import { useUiStore } from '../../../../renderer/stores/ui'
import BranchesDialog from '../../../../renderer/views/branches/BranchesDialog.vue'
import ForkDialog from '../../../../renderer/views/branches/ForkDialog.vue'
import MomentMenu from '../../../../renderer/views/branches/MomentMenu.vue'
import { type Bench, createBench } from '../../support/mounted'
import { nodeView, problemView, wholeUpdate } from '../../support/samples'
import { FOREST, PREVIEW } from './samples'

// Mounting is slow on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

let bench: Bench
beforeEach(() => {
  bench = createBench()
  bench.door
    .on('timeline.forkPreview', () => PREVIEW)
    .on('branches.list', () => FOREST)
    .on('clusters.list', () => [])
    .on('recordings.list', () => [])
})
afterEach(() => bench.end())

async function live(): Promise<void> {
  bench.door.say('source', { kind: 'live', name: 'orders', recording: '/home/orders/1.raftrec' })
  bench.door.say('live', wholeUpdate([1, 2, 3].map((id) => nodeView(id))))
  await bench.settle()
}
function one<E extends HTMLElement>(selector: string): E {
  const found = document.body.querySelector<E>(selector)
  if (found === null) throw new Error(`no ${selector}`)
  return found
}
const id = (name: string) => `[data-testid="${name}"]`
const words = (selector: string) => one(selector).textContent?.replace(/\s+/g, ' ').trim() ?? ''
const isThere = (selector: string) => document.body.querySelector(selector) !== null
async function press(selector: string): Promise<void> {
  one(selector).click()
  await bench.settle()
}
async function submit(): Promise<void> {
  one(`${id('fork-dialog')} form`).dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
  await bench.settle()
}
async function openFork(): Promise<void> {
  bench.mount(ForkDialog)
  await useCommands().run('branch.fork')
  await bench.settle()
}
const task = (changes: Partial<TaskView> = {}): TaskView => ({
  id: 7,
  kind: 'fork',
  what: 'orders-fork',
  state: 'running',
  done: 1_000,
  total: 4_000,
  leftOut: [],
  path: '',
  problem: null,
  ...changes,
})

describe('fork from here', () => {
  it('says in words what will be made from what, before anything is made', async () => {
    await live()
    await openFork()
    expect(bench.door.inputsOf('timeline.forkPreview')).toEqual([{ source: 'live', seq: bench.cluster.moment?.seq }])
    const dialog = words(id('fork-dialog'))
    expect(dialog).toContain('goes on from event 12 580 of orders, at 12.580 s')
    expect(dialog).toContain('nothing is changed in what it comes from')
    const cells = [...one(id('fork-disk-1')).children].map((cell) => cell.textContent?.trim().replace(/\s/g, ' '))
    expect(cells).toEqual(['n1', 'voter', 'T7', 'entries up to 10 415', '10 000', ''])
    expect(words(id('fork-disk-2'))).toContain('was down')
    expect(words(id('fork-disk-2'))).toContain('completed')
    expect(words(id('fork-disk-5'))).toContain('nothing yet')
    expect(words(id('fork-committed'))).toContain('entries up to 10 412')
    expect(words(id('fork-lost'))).toContain('3 entries were in memory only')
    expect(words(id('fork-closes'))).toContain('orders is closed when the files are there')
    expect(bench.door.inputsOf('timeline.fork')).toEqual([])
  })
  it('sends the moment that was shown, the name and the choice, and closes when the branch runs', async () => {
    await live()
    await openFork()
    const name = one<HTMLInputElement>('#fork-name')
    name.value = 'what if'
    name.dispatchEvent(new Event('input', { bubbles: true }))
    one<HTMLInputElement>(id('fork-faults')).click()
    bench.door.on('timeline.fork', () => ({ name: 'what if' }))
    await submit()
    const wish = { source: 'live', seq: PREVIEW.seq, name: 'what if', withFaults: true }
    expect(bench.door.inputsOf('timeline.fork')).toEqual([wish])
    expect(isThere(id('fork-dialog'))).toBe(false)
  })
  it('faults are left out unless they are asked for, and a name is chosen when none is given', async () => {
    await live()
    await openFork()
    await submit()
    expect(bench.door.inputsOf('timeline.fork')).toEqual([{ source: 'live', seq: PREVIEW.seq, withFaults: false }])
  })
  it('a moment that lacks data is refused with the reason, and nothing can be sent', async () => {
    await live()
    const message = 'No branch can be made of this moment: entry 3 was recorded without data.'
    bench.door.on('timeline.forkPreview', () => {
      throw new ProblemError(problemView('fork-refused', message, { reason: 'level', node: 1, index: 3 }))
    })
    await openFork()
    expect(words(id('fork-problem'))).toBe(message)
    expect(one<HTMLButtonElement>(id('fork-send')).disabled).toBe(true)
    await submit()
    expect(bench.door.inputsOf('timeline.fork')).toEqual([])
  })
  it('shows how far it is and can be stopped; stopping is no trouble', async () => {
    await live()
    await openFork()
    let stop: () => void = () => undefined
    bench.door.on(
      'timeline.fork',
      () =>
        new Promise((_, reject) => {
          stop = () => reject(new ProblemError(problemView('fork-cancelled', 'cancelled', {})))
        }),
    )
    await submit()
    bench.door.say('tasks', [task({ id: 3, state: 'done' }), task()])
    await bench.settle()
    expect(words(id('fork-progress'))).toContain('1 000 of 4 000 events')
    await press(id('fork-stop'))
    expect(bench.door.inputsOf('tasks.cancel')).toEqual([{ task: 7 }])
    stop()
    await bench.settle()
    expect(isThere(id('fork-dialog'))).toBe(true)
    expect(isThere(id('fork-problem'))).toBe(false)
    expect(one<HTMLButtonElement>(id('fork-send')).disabled).toBe(false)
  })
  it('why it could not be made stands in the dialog', async () => {
    await live()
    await openFork()
    bench.door.on('timeline.fork', () => {
      throw new ProblemError(problemView('cluster-exists', 'It exists already.', { name: 'orders' }))
    })
    await submit()
    expect(words(id('fork-problem'))).toBe('It exists already.')
  })
  it('speaks 简体中文', async () => {
    await live()
    i18n.global.locale.value = 'zh'
    await openFork()
    expect(words(id('fork-dialog'))).toContain('从此处创建分支')
    expect(words(id('fork-lost'))).toContain('会像断电一样丢失')
  })
  it('is reached from the menu of the diagram, which says of which moment it speaks', async () => {
    await live()
    bench.mount(
      defineComponent({ render: () => h(MomentMenu, null, { default: () => h('div', { class: 'diagram' }) }) }),
    )
    one('.diagram').dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, clientX: 5, clientY: 5 }))
    await bench.settle()
    expect(words(id('moment-menu'))).toContain(`event ${bench.cluster.moment?.seq}`)
    await press(id('menu-fork'))
    expect(bench.door.inputsOf('timeline.forkPreview')).toHaveLength(1)
  })
  it('is off where nothing is open', () => {
    expect(useCommands().enabled('branch.fork')).toBe(false)
  })
})

describe('the tree', () => {
  async function openTree(): Promise<void> {
    bench.mount(BranchesDialog)
    await useCommands().run('branches.show')
    await bench.settle()
  }
  const rows = () =>
    [...document.querySelectorAll<HTMLElement>('[role="treeitem"]')].map(
      (row) => `${row.getAttribute('aria-level')} ${row.querySelector('b')?.textContent ?? '·'}`,
    )
  const button = (label: string) => `[aria-label="${label}"]`

  it('shows which recordings and clusters came from which moment', async () => {
    await live()
    await openTree()
    expect(rows()).toEqual([
      '1 orders',
      '2 ·',
      '3 orders-fork',
      '4 ·',
      '5 orders-fork-3',
      '6 ·',
      '3 orders-fork-2',
      '1 payments',
      '1 inventory-fork',
      '2 ·',
    ])
    expect(words(id('branch cluster orders'))).toContain('open')
    expect(words(id('branch cluster orders-fork'))).toContain('from 12.580 s, event 12 580')
    expect(words(id('branch cluster inventory-fork'))).toContain('of gone, which is not here any more')
  })
  it('folds what stands below a row, and unfolds it', async () => {
    await live()
    await openTree()
    await press(id('branch cluster orders'))
    expect(rows()).toEqual(['1 orders', '1 payments', '1 inventory-fork', '2 ·'])
    await press(id('branch cluster orders'))
    expect(rows()).toHaveLength(10)
  })
  it('opens a cluster, opens a recording, and asks before it deletes', async () => {
    await live()
    await openTree()
    await press(button('Open payments'))
    expect(bench.door.inputsOf('clusters.open')).toEqual([{ name: 'payments' }])
    expect(isThere(id('branches-dialog'))).toBe(false)
    await useCommands().run('branches.show')
    await bench.settle()
    await press(`${id('branch /home/orders-fork/1.raftrec')} .acts button`)
    expect(bench.door.inputsOf('recordings.open')).toEqual([{ path: '/home/orders-fork/1.raftrec' }])
    await useCommands().run('branches.show')
    await bench.settle()
    await press(button('Delete orders-fork-2…'))
    expect(useUiStore().confirmation?.title).toContain('orders-fork-2')
    expect(bench.door.inputsOf('clusters.delete')).toEqual([])
  })
  it('forks again from the same moment: of what is open at once, else of the opened recording', async () => {
    await live()
    await openTree()
    await press(button('Fork again from event 12\u2009580'))
    expect(bench.door.inputsOf('timeline.forkPreview')).toEqual([{ source: 'live', seq: 12_580 }])
    await useCommands().run('branches.show')
    await bench.settle()
    await press(button('Fork again from event 9\u2009001'))
    expect(bench.door.inputsOf('clusters.close')).toHaveLength(1)
    expect(bench.door.inputsOf('recordings.open')).toEqual([{ path: '/home/orders-fork/1.raftrec' }])
    expect(bench.door.inputsOf('timeline.forkPreview').at(-1)).toEqual({ source: 'recording', seq: 9_001 })
  })
  it('says why it cannot be read, and that there is nothing', async () => {
    bench.door.on('branches.list', () => [])
    await live()
    await openTree()
    expect(words(id('branches-dialog'))).toContain('There are no clusters yet.')
    bench.door.on('branches.list', () => {
      throw new Error('the disk is gone')
    })
    await useCommands().run('branches.show')
    await bench.settle()
    expect(words(id('branches-dialog'))).toContain('the disk is gone')
  })
})
