/** The form that puts a fault of the disk, or a crash, into a node: what it offers of each kind, refuses, and sends. */
import type { VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NodeFault, NodeView } from '../../../../preload/contract'
import { ProblemError } from '../../../../renderer/stores/door'
import { useToasts } from '../../../../renderer/stores/toasts'
import ArmForm from '../../../../renderer/views/conditions/ArmForm.vue'
import { emptyDraft, faultOf, KINDS } from '../../../../renderer/views/conditions/arm'
import { type Bench, createBench } from '../../support/mounted'
import { nodeView, problemView, processState, wholeUpdate } from '../../support/samples'

let bench: Bench
beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.end())

async function open(node: NodeView = nodeView(2), props = {}): Promise<VueWrapper> {
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  bench.door.say('live', wholeUpdate([nodeView(1), node]))
  await bench.settle()
  return bench.mount(ArmForm, { node, ...props })
}
/** A field by its label, as a person or a screen reader finds it. */
const named = (form: VueWrapper, label: string) => {
  const labelled = form.findAll('label').find((each) => each.text() === label)
  const id = labelled?.attributes('for')
  return id === undefined
    ? (labelled?.find('input') ?? form.find(`[aria-label="${label}"]`))
    : form.find(`[id="${id}"]`)
}
const kind = (form: VueWrapper, of: NodeFault['type']) => form.get('[data-testid="arm-kind"]').setValue(of)
const put = (form: VueWrapper) => form.get('[data-testid="arm-put"]')
async function sent(form: VueWrapper): Promise<unknown> {
  await form.get('form').trigger('submit')
  await bench.settle()
  return bench.door.inputsOf('fault.arm').at(-1)
}
const seed = expect.toSatisfy((n) => Number.isInteger(n) && n >= 0 && n <= 0xffff_ffff)

describe('a fault', () => {
  it('of each kind is what its fields say, and nothing of another kind', () => {
    const draft = { ...emptyDraft(), message: 'AppendEntries' as const, count: 3, keepBytes: 7, delayMs: 20 }
    expect(KINDS.map((each) => faultOf(each, draft, 5))).toEqual([
      // A write sends no message: the chosen type belongs to the points that send.
      { type: 'crash-point', point: 'before-write', messages: [], nth: 1 },
      { type: 'slow-disk', delayMs: 20, jitterMs: 0, seed: 5 },
      { type: 'disk-error', code: 'EIO', count: 3 },
      { type: 'torn-write', keepBytes: null, seed: 5 },
      { type: 'power-loss', at: 'now', seed: 5 },
    ])
  })
})

describe('the form', () => {
  it('offers every kind with its fields and what it does; with one kind there is nothing to choose', async () => {
    const form = await open()
    const offered = form.get('[data-testid="arm-kind"]').findAll('option')
    expect(offered.map((option) => option.attributes('value'))).toEqual([...KINDS])
    const about: Record<string, string> = {}
    for (const each of KINDS) {
      await kind(form, each)
      about[each] = form.get('p').text()
    }
    expect(new Set(Object.values(about)).size).toBe(KINDS.length)
    expect(about['power-loss']).toContain('no sync has confirmed')
    const single = await open(nodeView(2), { kinds: ['torn-write'] })
    expect(single.find('[data-testid="arm-kind"]').exists()).toBe(false)
    expect(single.get('p').text()).toContain('first bytes')
  })

  it('puts in a crash before the third AppendEntries is sent', async () => {
    const form = await open()
    await kind(form, 'crash-point')
    expect(named(form, 'of').exists()).toBe(false)
    await form.get('[data-testid="arm-point"]').setValue('before-send')
    await named(form, 'of').setValue('AppendEntries')
    await form.get('[data-testid="arm-nth"]').setValue('3')
    expect(await sent(form)).toEqual({
      node: 2,
      fault: { type: 'crash-point', point: 'before-send', messages: ['AppendEntries'], nth: 3 },
    })
    expect(form.emitted('done')).toHaveLength(1)
  })

  it('puts in a slow disk', async () => {
    const form = await open()
    await kind(form, 'slow-disk')
    await form.get('[data-testid="arm-delay"]').setValue('120.5')
    await named(form, '± ms').setValue('20')
    expect(await sent(form)).toEqual({ node: 2, fault: { type: 'slow-disk', delayMs: 120.5, jitterMs: 20, seed } })
  })

  it('puts in a disk error so many times, or until it is healed', async () => {
    const form = await open()
    await kind(form, 'disk-error')
    await form.get('[data-testid="arm-code"]').setValue('ENOSPC')
    await named(form, 'how often').setValue('4')
    expect(await sent(form)).toEqual({ node: 2, fault: { type: 'disk-error', code: 'ENOSPC', count: 4 } })
    await named(form, 'until healed').setValue(true)
    expect(named(form, 'how often').exists()).toBe(false)
    expect(await sent(form)).toEqual({ node: 2, fault: { type: 'disk-error', code: 'ENOSPC', count: null } })
  })

  it('puts in a torn write: as many bytes as drawn, or as named', async () => {
    const form = await open()
    await kind(form, 'torn-write')
    expect(await sent(form)).toEqual({ node: 2, fault: { type: 'torn-write', keepBytes: null, seed } })
    await named(form, 'drawn').setValue(false)
    await named(form, 'bytes kept').setValue('0')
    expect(await sent(form)).toEqual({ node: 2, fault: { type: 'torn-write', keepBytes: 0, seed } })
  })

  it('takes the power now of a node that runs only; during the next write of any', async () => {
    const form = await open(nodeView(2, { process: processState({ standing: 'killed' }) }))
    await kind(form, 'power-loss')
    expect(put(form).attributes('disabled')).toBeDefined()
    expect(await sent(form)).toBeUndefined()
    await form.get('[data-testid="arm-at"]').setValue('next-write')
    expect(await sent(form)).toEqual({ node: 2, fault: { type: 'power-loss', at: 'next-write', seed } })
  })

  it.each(['', 'x', '0', '1.5', '-1', '1000001'])('marks “%s” as no count, and sends nothing', async (typed) => {
    const form = await open()
    await kind(form, 'crash-point')
    const nth = form.get('[data-testid="arm-nth"]')
    await nth.setValue(typed)
    expect(nth.attributes('aria-invalid')).toBe('true')
    expect(put(form).attributes('disabled')).toBeDefined()
    expect(await sent(form)).toBeUndefined()
  })

  it('forgets what was wrong with a field that is not there any more', async () => {
    const form = await open()
    await kind(form, 'slow-disk')
    await form.get('[data-testid="arm-delay"]').setValue('much')
    expect(put(form).attributes('disabled')).toBeDefined()
    await kind(form, 'disk-error')
    expect(put(form).attributes('disabled')).toBeUndefined()
    await named(form, 'how often').setValue('0')
    expect(put(form).attributes('disabled')).toBeDefined()
    await named(form, 'until healed').setValue(true)
    expect(put(form).attributes('disabled')).toBeUndefined()
    expect(await sent(form)).toEqual({ node: 2, fault: { type: 'disk-error', code: 'EIO', count: null } })
  })

  it('stays as it is when the workbench refuses, and says why', async () => {
    bench.door.on('fault.arm', () => {
      const details = { where: 'delayMs', reason: '' }
      throw new ProblemError(problemView('fault-invalid', 'It can’t be that slow.', details))
    })
    const form = await open()
    await kind(form, 'slow-disk')
    await form.get('[data-testid="arm-delay"]').setValue('70')
    await sent(form)
    expect(form.emitted('done')).toBeUndefined()
    expect(form.get<HTMLInputElement>('[data-testid="arm-delay"]').element.value).toBe('70')
    expect(useToasts().toasts.map(({ text }) => text())).toEqual(['It can’t be that slow.'])
  })
})
