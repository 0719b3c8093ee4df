import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WorkloadPlan, WorkloadView } from '../../../../preload/contract'
import { ProblemError } from '../../../../renderer/stores/door'
import { useUiStore } from '../../../../renderer/stores/ui'
import LoadTab from '../../../../renderer/views/workload/LoadTab.vue'
import WorkloadDialog from '../../../../renderer/views/workload/WorkloadDialog.vue'
import { newWorkload, workloadPlan, wrongFields } from '../../../../renderer/views/workload/workload-draft'
import { type Bench, createBench } from '../../support/mounted'
import { nodeView, problemView, wholeUpdate } from '../../support/samples'

let bench: Bench
beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.end())

const plan = workloadPlan(newWorkload(7)) as WorkloadPlan
const workload = (id: number, changes: Partial<WorkloadView> = {}): WorkloadView => ({
  id,
  plan,
  since: 1e9,
  ok: 1200,
  failed: 3,
  unknown: 1,
  ...changes,
})
async function open(changes: Parameters<typeof wholeUpdate>[1] = {}): Promise<void> {
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  bench.door.say('live', wholeUpdate([nodeView(1)], changes))
  await bench.settle()
}
const at = <E extends HTMLElement>(testid: string): E => {
  const found = document.querySelector<E>(`[data-testid="${testid}"]`)
  if (found === null) throw new Error(`no ${testid}`)
  return found
}
async function type(testid: string, value: string): Promise<void> {
  const field = at<HTMLInputElement>(testid)
  field.value = value
  field.dispatchEvent(new Event('input', { bubbles: true }))
  await bench.settle()
}

describe('the plan of a workload', () => {
  it('is sent whole, closes the form and shows the plots', async () => {
    bench.door.on('workload.start', () => ({ id: 1 }))
    await open()
    const ui = useUiStore()
    bench.mount(WorkloadDialog)
    ui.planningWorkload = true
    await bench.settle()
    at('pace-open').click()
    await bench.settle()
    await type('load-rate', '300')
    await type('weight-cas', '2')
    at('workload-send').click()
    await bench.settle()
    const [sent] = bench.door.inputsOf('workload.start')
    expect(sent?.plan).toMatchObject({
      pace: { type: 'open', perSecond: 300, waiting: 10_000 },
      mix: { put: 1, get: 1, cas: 2, append: 0, delete: 0 },
      durationMs: null,
    })
    expect(ui.planningWorkload).toBe(false)
    expect(ui.centre).toBe('load')
  })
  it('says which number is out of range, marks it, and is not sent', async () => {
    await open()
    useUiStore().planningWorkload = true
    bench.mount(WorkloadDialog)
    await bench.settle()
    await type('load-clients', '1001')
    expect(at('workload-wrong').textContent).toBe('Clients: a whole number, 1 to 1000')
    expect(at('load-clients').getAttribute('aria-invalid')).toBe('true')
    expect(at<HTMLButtonElement>('workload-send').disabled).toBe(true)
    await type('load-clients', '8')
    for (const op of ['put', 'get']) await type(`weight-${op}`, '0')
    expect(at('workload-wrong').textContent).toBe('At least one weight must be greater than 0.')
  })
  it('stays open with the sentence of a refusal', async () => {
    bench.door.on('workload.start', () => {
      throw new ProblemError(problemView('workload-limit', 'Eight workloads run already.', { max: 8 }))
    })
    await open()
    useUiStore().planningWorkload = true
    bench.mount(WorkloadDialog)
    await bench.settle()
    at('workload-send').click()
    await bench.settle()
    expect(at('workload-problem').textContent?.trim()).toBe('Eight workloads run already.')
  })
  it('counts only the fields that its pace has', () => {
    const draft = { ...newWorkload(1), perSecond: '', clients: 4 }
    expect(wrongFields(draft)).toEqual([])
    expect(wrongFields({ ...draft, pace: 'open' })).toEqual(['perSecond'])
    expect(wrongFields({ ...draft, endless: false, duration: 0 })).toEqual(['duration'])
  })
})

describe('the tab', () => {
  it('lists what runs, with its outcomes, and stops it', async () => {
    await open({
      workloads: [workload(2)],
      nemesis: { id: 1, plan: null, nodes: [1], since: 1e9, steps: 4 },
    })
    const tab = bench.mount(LoadTab)
    expect(tab.get('[data-testid="workload-2"]').text()).toContain('8 clients · put get')
    expect(tab.get('[data-testid="workload-2"]').text()).toMatch(/1\s200 ok · 3 failed · 1 unknown/)
    expect(tab.get('[data-testid="nemesis"]').text()).toContain('4 steps taken')
    await tab.get('[data-testid="stop-workload-2"]').trigger('click')
    await tab.get('[data-testid="stop-nemesis"]').trigger('click')
    await bench.settle()
    expect(bench.door.inputsOf('workload.stop')).toEqual([{ id: 2 }])
    expect(bench.door.inputsOf('nemesis.stop')).toHaveLength(1)
  })
})
