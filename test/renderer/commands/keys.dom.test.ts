import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectKeys, keyText } from '../../../renderer/commands/keys'
import { useSelectionStore } from '../../../renderer/stores/selection'
import { useToasts } from '../../../renderer/stores/toasts'
import { useUiStore } from '../../../renderer/stores/ui'
import { type Bench, createBench } from '../support/mounted'
import { momentView, nodeView, processState, wholeUpdate } from '../support/samples'

let bench: Bench
let stop: () => void
beforeEach(async () => {
  bench = createBench()
  stop = connectKeys()
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  const dead = nodeView(2, { process: processState({ standing: 'killed' }) })
  bench.door.say('live', wholeUpdate([nodeView(1), dead, nodeView(3)]))
  await bench.settle()
})
afterEach(() => {
  stop()
  bench.end()
})

function press(key: string, init: KeyboardEventInit & { target?: Element } = {}): KeyboardEvent {
  const code = key === ' ' ? 'Space' : key
  const event = new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true, ...init })
  ;(init.target ?? document.body).dispatchEvent(event)
  return event
}

describe('keys', () => {
  it('kill the selected node, and offer to start it again', async () => {
    press('1')
    expect(useSelectionStore().node).toBe(1)
    press('k')
    await bench.settle()
    expect(bench.door.inputsOf('node.kill')).toEqual([{ node: 1 }])
    const [toast] = useToasts().toasts
    expect(toast?.text()).toContain('n1')
    toast?.action?.run()
    await bench.settle()
    expect(bench.door.inputsOf('node.start')).toEqual([{ node: 1 }])
  })
  it('do nothing where there is nothing to do: no node, or one that is dead', async () => {
    press('k')
    press('2')
    press('k')
    await bench.settle()
    expect(bench.door.inputsOf('node.kill')).toEqual([])
  })
  it('start the dead node', async () => {
    press('2')
    press('s')
    await bench.settle()
    expect(bench.door.inputsOf('node.start')).toEqual([{ node: 2 }])
  })
  it('ignore the digit of a node that is not there', () => {
    press('9')
    expect(useSelectionStore().node).toBeNull()
  })
  it('put a partition together by digits', async () => {
    const ui = useUiStore()
    press('p')
    await bench.settle()
    press('1')
    press('3')
    press('1')
    expect([...(ui.partition ?? [])]).toEqual([3])
    expect(useSelectionStore().node).toBeNull()
    press('Escape')
    expect(ui.partition).toBeNull()
  })
  it('pin and go back to live with Space', async () => {
    bench.door.on('timeline.state', ({ seq = 0 }) => momentView([nodeView(1)], { seq }))
    press(' ')
    await bench.settle()
    expect(bench.cluster.mode).toBe('pinned')
    press(' ')
    await bench.settle()
    expect(bench.cluster.mode).toBe('live')
  })
  it('leave letters to text fields and Space to buttons', () => {
    const input = document.body.appendChild(document.createElement('input'))
    const button = document.body.appendChild(document.createElement('button'))
    expect(press('p', { target: input }).defaultPrevented).toBe(false)
    expect(press(' ', { target: button }).defaultPrevented).toBe(false)
    expect(useUiStore().partition).toBeNull()
    expect(press('k', { target: input, ctrlKey: true }).defaultPrevented).toBe(true)
    expect(useUiStore().palette).toBe(true)
  })
  it('leave what a component has used already', () => {
    const inner = document.body.appendChild(document.createElement('div'))
    inner.addEventListener('keydown', (event) => event.preventDefault())
    press('ArrowLeft', { target: inner })
    expect(bench.door.inputsOf('timeline.state')).toEqual([])
  })
  it('show what goes wrong as a notice', async () => {
    bench.door.on('node.kill', () => {
      throw new Error('Node 1 is stopped')
    })
    press('1')
    press('k')
    await bench.settle()
    expect(useToasts().toasts.map(({ text, tone }) => [text(), tone])).toEqual([['Node 1 is stopped', 'danger']])
  })
})

describe('key texts', () => {
  it.each([
    ['$mod+k', 'Ctrl K'],
    ['Shift+F6', '⇧ F6'],
    ['Shift+?', '?'],
    ['Shift++', '⇧ +'],
    ['+', '+'],
    ['ArrowLeft', '←'],
    ['Escape', 'Esc'],
  ])('%s is written %s', (key, text) => expect(keyText(key, false)).toBe(text))
  it('follows the Mac', () => expect(keyText('$mod+k', true)).toBe('⌘ K'))
})
