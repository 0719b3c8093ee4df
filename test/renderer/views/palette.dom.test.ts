import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useCommands } from '../../../renderer/commands/registry'
import { i18n, messages } from '../../../renderer/i18n'
import { useSelectionStore } from '../../../renderer/stores/selection'
import { useUiStore } from '../../../renderer/stores/ui'
import CommandPalette from '../../../renderer/views/overlays/CommandPalette.vue'
import { paletteEntries, searchPalette } from '../../../renderer/views/overlays/palette'
import { type Bench, createBench } from '../support/mounted'
import { nodeView, wholeUpdate } from '../support/samples'

let bench: Bench
beforeEach(async () => {
  bench = createBench()
  bench.door.on('clusters.list', () => []).on('recordings.list', () => [])
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  bench.door.say('live', wholeUpdate([nodeView(1), nodeView(2)]))
  await bench.settle()
})
afterEach(() => bench.end())

function entries() {
  return paletteEntries(useCommands().list.value, (key, target, other) =>
    i18n.global.t(key, { target }, { locale: other ? 'zh' : 'en' }),
  )
}
const labels = (query: string) => searchPalette(entries(), query).map((entry) => entry.label)

describe('what the palette offers', () => {
  it('is every command that makes sense, once per thing it can act on', () => {
    const all = entries().map((entry) => entry.label)
    expect(all).toContain('Kill n1')
    expect(all).toContain('Kill n2')
    expect(all).not.toContain('Resume n1')
    expect(all).not.toContain('Close the recording')
  })
  it('finds by letters and in the other language', () => {
    expect(labels('kn2')[0]).toBe('Kill n2')
    expect(labels('杀死 n1')[0]).toBe('Kill n1')
    expect(labels('export')[0]).toContain('Export the timeline')
    expect(labels('zzzz')).toEqual([])
  })
  it('begins with what needs no target and what acts on the selected node, with their keys', () => {
    expect(labels('')).not.toContain('Kill n1')
    useSelectionStore().selectNode(1)
    expect(labels('')).toContain('Kill n1')
    expect(labels('')).not.toContain('Kill n2')
    const keys = new Map(entries().map((entry) => [entry.label, entry.keys]))
    expect(keys.get('Kill n1')).toBe('k')
    expect(keys.get('Kill n2')).toBeUndefined()
  })
  it('has a label in both languages for every command', () => {
    const known = JSON.stringify(messages)
    expect(known.length).toBeGreaterThan(0)
    for (const command of useCommands().list.value) {
      for (const locale of ['en', 'zh'] as const) {
        expect(i18n.global.te(command.label, locale), `${command.label} ${locale}`).toBe(true)
      }
    }
  })
})

describe('the palette itself', () => {
  it('runs what is chosen by keyboard and closes', async () => {
    bench.mount(CommandPalette)
    useUiStore().palette = true
    await bench.settle()
    const input = document.querySelector<HTMLInputElement>('[data-testid="palette"] input')
    if (input === null) throw new Error('no palette')
    input.value = 'pause n2'
    input.dispatchEvent(new Event('input'))
    await bench.settle()
    expect(document.querySelector('[aria-selected="true"]')?.textContent).toContain('Pause n2')
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
    await bench.settle()
    expect(bench.door.inputsOf('node.pause')).toEqual([{ node: 2 }])
    expect(useUiStore().palette).toBe(false)
  })
})
