/** Held messages: the list with its keys, the look inside, and the form that changes one. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HeldDetail, HeldView, MessageJson } from '../../../preload/contract'
import { useCommands } from '../../../renderer/commands/registry'
import { gistText, nextHeld, placeAt, placeBeside } from '../../../renderer/components/held'
import { useSelectionStore } from '../../../renderer/stores/selection'
import { fieldsOf, hexRows, problemOf, withTexts } from '../../../renderer/views/held/fields'
import HeldPanel from '../../../renderer/views/held/HeldPanel.vue'
import { type Bench, createBench } from '../support/mounted'
import { heldView, nodeView, wholeUpdate } from '../support/samples'

let bench: Bench
beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.end())

const append: MessageJson = {
  type: 'AppendEntries',
  from: 1,
  to: 2,
  term: 3,
  prevLogIndex: 4,
  prevLogTerm: 2,
  entries: [{ index: 5, term: 3, type: 'noop', data: '' }],
  leaderCommit: 4,
  round: 9,
  quiesce: false,
}
const three = [
  heldView(11, { since: 5e9 }),
  heldView(12, { since: 6e9 }),
  heldView(21, { from: 3, to: 1, since: 4e9, message: 'RequestVoteReply', gist: [['voteGranted', false]] }),
]
async function open(held: readonly HeldView[] = three): Promise<ReturnType<Bench['mount']>> {
  bench.door.on('held.read', ({ from, to, id }): HeldDetail => {
    const found = held.find((each) => each.from === from && each.to === to && each.id === id) ?? heldView(id)
    return { held: found, message: append, hex: '0a0b0c' }
  })
  const nodes = [1, 2, 3].map((id) =>
    nodeView(id, {
      heldCount: held.filter(({ to }) => to === id).length,
      clock: { mode: id === 3 ? 'manual' : 'running', rate: 1, skew: 0, since: 0 },
    }),
  )
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  bench.door.say('live', wholeUpdate(nodes, { held }))
  await bench.settle()
  const panel = bench.mount(HeldPanel)
  await bench.settle()
  return panel
}
const ref = (id: number, from = 1, to = 2) => ({ from, to, id })

describe('the order of held messages', () => {
  it('lets the oldest of the heads of all links be next', () => {
    expect(nextHeld(three)?.id).toBe(21)
    // The second of its link waits behind the first, however old it is.
    expect(nextHeld([heldView(1, { since: 9 }), heldView(2, { since: 1 })])?.id).toBe(1)
    expect(nextHeld([])).toBeUndefined()
  })
  it('moves a message among those of its link only', () => {
    expect(placeAt(three, ref(12), ref(11))).toBe(0)
    expect(placeAt(three, ref(11), ref(12))).toBe(1)
    expect(placeAt(three, ref(11), ref(21, 3, 1))).toBeUndefined()
    expect(placeBeside(three, ref(11), -1)).toBeUndefined()
    expect(placeBeside(three, ref(11), 1)).toBe(1)
    expect(placeBeside(three, ref(12), 1)).toBeUndefined()
  })
  it('tells a message in one line, an index together with its term', () => {
    expect(
      gistText([
        ['prevLogIndex', 3],
        ['prevLogTerm', 1],
        ['entries', 2],
        ['success', true],
      ]),
    ).toBe('prevLog 3·T1  entries 2  success ✓')
    expect(
      gistText([
        ['conflictIndex', 3],
        ['conflictTerm', 0],
      ]),
    ).toBe('conflict 3·T0')
    expect(gistText([['matchIndex', 7]])).toBe('matchIndex 7')
  })
})

describe('the list', () => {
  it('names type, link, term and fields of each; a refusal by its sign', async () => {
    const panel = await open()
    const rows = panel.findAll('tr[data-id]')
    expect(rows.map((row) => row.attributes('data-id'))).toEqual(['11', '12', '21'])
    expect(rows[0]?.text()).toContain('RequestVote')
    expect(rows[0]?.text()).toContain('n1 → n2')
    expect(rows[0]?.text()).toContain('lastLog 4·T1')
    expect(rows[2]?.find('.no').exists()).toBe(true)
    expect(panel.get('[data-testid="held-panel"]').attributes('data-count')).toBe('3')
  })
  it('is one stop for Tab; Enter releases, X drops, E edits, D doubles', async () => {
    const panel = await open()
    expect(panel.findAll('tr[tabindex="0"]')).toHaveLength(1)
    const row = panel.get('[data-testid="held-1-2-12"]')
    for (const key of ['Enter', 'x', 'd', 'e']) await row.trigger('keydown', { key })
    await bench.settle()
    expect(bench.door.inputsOf('held.release')).toEqual([ref(12)])
    expect(bench.door.inputsOf('held.drop')).toEqual([ref(12)])
    expect(bench.door.inputsOf('held.duplicate')).toEqual([ref(12)])
    expect(panel.find('[data-testid="message-editor"]').exists()).toBe(true)
  })
  it('moves by Alt and arrows', async () => {
    const panel = await open()
    await panel.get('[data-testid="held-1-2-11"]').trigger('keydown', { key: 'ArrowDown', altKey: true })
    await panel.get('[data-testid="held-1-2-11"]').trigger('keydown', { key: 'ArrowUp', altKey: true })
    await bench.settle()
    expect(bench.door.inputsOf('held.move')).toEqual([{ ...ref(11), place: 1 }])
  })
  it('chooses the following one when the chosen one is released', async () => {
    await open()
    useSelectionStore().selectMessage({ sender: 1, receiver: 2, id: 11 })
    await useCommands().run('held.release', undefined)
    expect(bench.door.inputsOf('held.release')).toEqual([ref(11)])
    expect(useSelectionStore().message).toEqual({ sender: 1, receiver: 2, id: 12 })
  })
  it('releases the next when none is chosen, all, or drops each', async () => {
    bench.door.on('held.releaseAll', () => ({ released: 3 }))
    const panel = await open()
    await panel.get('[data-testid="release-next"]').trigger('click')
    await panel.get('[data-testid="release-all"]').trigger('click')
    await panel.get('[data-testid="drop-all"]').trigger('click')
    await bench.settle()
    expect(bench.door.inputsOf('held.release')).toEqual([ref(21, 3, 1)])
    expect(bench.door.inputsOf('held.releaseAll')).toEqual([{}])
    expect(bench.door.inputsOf('held.drop')).toEqual([ref(11), ref(12), ref(21, 3, 1)])
  })
  it('has a button for the timer of each node in manual time, and of no other', async () => {
    const panel = await open()
    expect(panel.findAll('[data-testid^="fire-"]').map((button) => button.attributes('data-testid'))).toEqual([
      'fire-3',
    ])
    await panel.get('[data-testid="fire-3"]').trigger('click')
    await bench.settle()
    expect(bench.door.inputsOf('clock.fire')).toEqual([{ node: 3 }])
  })
  it('draws only the rows that can be seen', async () => {
    const panel = await open(Array.from({ length: 500 }, (_, at) => heldView(at + 1)))
    const drawn = panel.findAll('tr[data-id]').length
    expect(drawn).toBeGreaterThan(0)
    expect(drawn).toBeLessThan(60)
  })
})

describe('the look inside', () => {
  it('shows every field, and the bytes', async () => {
    const panel = await open()
    await panel.get('[data-testid="held-1-2-11"]').trigger('click')
    await bench.settle()
    expect(bench.door.inputsOf('held.read')).toEqual([{ source: 'live', ...ref(11) }])
    expect(panel.get('[data-field="prevLogIndex"]').text()).toBe('4')
    expect(panel.get('[data-field="entries"]').text()).toContain('"noop"')
    expect(panel.get('[data-testid="held-hex"]').text()).toContain('0a 0b 0c')
    expect(hexRows('00'.repeat(9), 8)).toEqual([
      { offset: '00', bytes: Array(8).fill('00') },
      { offset: '08', bytes: ['00'] },
    ])
  })
  it('says why it cannot be shown', async () => {
    const panel = await open()
    bench.door.on('held.read', () => {
      throw new Error('n2 no longer holds this message.')
    })
    await panel.get('[data-testid="held-1-2-12"]').trigger('click')
    await bench.settle()
    expect(panel.get('[role="alert"]').text()).toBe('n2 no longer holds this message.')
  })
})

describe('the form', () => {
  async function edit(): Promise<ReturnType<Bench['mount']>> {
    const panel = await open()
    await panel.get('[data-testid="held-1-2-11"] [data-testid="held-edit"]').trigger('click')
    await bench.settle()
    return panel
  }
  it('sends what was changed, and nothing else', async () => {
    const panel = await edit()
    expect(panel.get('[data-testid="held-send"]').attributes('disabled')).toBeDefined()
    await panel.get('[name="term"]').setValue('7')
    await panel.get('[name="entries"]').setValue('[]')
    await panel.get('[data-testid="message-editor"]').trigger('submit')
    await bench.settle()
    expect(bench.door.inputsOf('held.edit')).toEqual([{ ...ref(11), message: { ...append, term: 7, entries: [] } }])
    expect(panel.find('[data-testid="message-editor"]').exists()).toBe(false)
  })
  it.each([
    ['term', '-1'],
    ['term', 'x'],
    ['term', '9007199254740993'],
    ['entries', '[{'],
  ])('does not send %s = %j, and says so at the field', async (name, text) => {
    const panel = await edit()
    await panel.get(`[name="${name}"]`).setValue(text)
    await panel.get('[data-testid="message-editor"]').trigger('submit')
    await bench.settle()
    expect(panel.get(`[name="${name}"]`).attributes('aria-invalid')).toBe('true')
    expect(bench.door.inputsOf('held.edit')).toEqual([])
  })
  it('stays open with what was typed when the workbench refuses it', async () => {
    bench.door.on('held.edit', () => {
      throw new Error('The changed message does not decode: entries are not consecutive.')
    })
    const panel = await edit()
    await panel.get('[name="term"]').setValue('8')
    await panel.get('[data-testid="message-editor"]').trigger('submit')
    await bench.settle()
    expect(panel.get<HTMLInputElement>('[name="term"]').element.value).toBe('8')
  })
  it('never changes who speaks to whom of what', () => {
    expect(fieldsOf(append).map(({ name }) => name)).not.toContain('from')
    expect(withTexts(append, {})).toEqual(append)
    expect(problemOf('number', '12')).toBeUndefined()
  })
})
