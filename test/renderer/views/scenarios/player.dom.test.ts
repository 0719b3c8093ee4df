/** The player of scenarios: what it tells, how it goes on, and how it came out. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { ScenarioView } from '../../../../preload/contract'
import { connectKeys } from '../../../../renderer/commands/keys'
import { i18n } from '../../../../renderer/i18n'
import { useScenariosStore } from '../../../../renderer/stores/scenarios'
import { useSelectionStore } from '../../../../renderer/stores/selection'
import ScenarioPlayer from '../../../../renderer/views/scenarios/ScenarioPlayer.vue'
import { type Bench, createBench } from '../../support/mounted'
import { momentView, nodeView, problemView, wholeUpdate } from '../../support/samples'
import { scenarioView, stepView } from './samples'

// Mounting is slow on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

let bench: Bench
let stops: (() => void)[] = []
beforeEach(async () => {
  bench = createBench()
  bench.door.on('timeline.state', () => momentView([nodeView(1)]))
  stops = [useScenariosStore().connect(), connectKeys()]
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/home/five/1.raftrec' })
  bench.door.say('live', wholeUpdate([1, 2, 3].map((id) => nodeView(id))))
  await bench.settle()
  bench.mount(ScenarioPlayer)
})
afterEach(() => {
  for (const stop of stops) stop()
  bench.end()
})

async function play(view: ScenarioView): Promise<void> {
  bench.door.say('scenarios', { playing: view, recordingFrom: -1 })
  await bench.settle()
}
function one<E extends HTMLElement>(name: string): E {
  const found = document.body.querySelector<E>(`[data-testid="${name}"]`)
  if (found === null) throw new Error(`no ${name}`)
  return found
}
const words = (name: string) => one(name).textContent?.replace(/\s+/g, ' ').trim() ?? ''
const key = (init: KeyboardEventInit) =>
  document.body.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }))
const named = (name: string) => bench.door.inputsOf(name as 'scenarios.next').length

describe('a scenario that plays', () => {
  it('tells the step that comes next, and shows what it does', async () => {
    await play(scenarioView())
    expect(words('guide-place')).toBe('Step 2 of 3 · Paused before this step')
    expect(words('narration')).toBe('Said of step 2.')
    expect(words('scenario')).toContain('Kill n2')
    expect(words('guide-spoken')).toBe('Step 2 of 3. Said of step 2.')
    expect(one('guide-step-0').dataset.standing).toBe('done')
    expect(words('guide-step-0')).toContain('250 ms')
    expect(one('guide-step-1').getAttribute('aria-current')).toBe('step')
  })
  it('a step without words goes on with what was said before it, and is not read twice', async () => {
    await play(scenarioView({ steps: [stepView(0), stepView(1, { say: null }), stepView(2)] }))
    expect(words('narration')).toBe('Said of step 1.')
    expect(words('guide-spoken')).toBe('Step 2 of 3')
  })
  it('both languages switch at once', async () => {
    await play(scenarioView())
    i18n.global.locale.value = 'zh'
    await nextTick()
    expect(words('narration')).toBe('第 2 步的讲解。')
    expect(words('guide-place')).toBe('第 2 步，共 3 步 · 在此步之前暂停')
    expect(words('deed')).toBe('杀死 n2')
    expect(words('guide-step-2')).toContain('杀死 n3')
  })
  it('goes on, flows, pauses and stops by key and button, each only when it makes sense', async () => {
    await play(scenarioView())
    key({ key: 'F9' })
    expect(named('scenarios.next')).toBe(1)
    key({ key: 'F9', shiftKey: true })
    expect(named('scenarios.flow')).toBe(1)
    await play(scenarioView({ phase: 'running' }))
    key({ key: 'F9' })
    expect(named('scenarios.next')).toBe(1)
    expect(one<HTMLButtonElement>('scenario-next').disabled).toBe(true)
    key({ key: 'F9', shiftKey: true })
    expect(named('scenarios.pause')).toBe(1)
    one('scenario-stop').click()
    expect(named('scenarios.stop')).toBe(1)
  })
  it('a step that is done can be looked back at: the moment after it, in every region', async () => {
    await play(scenarioView())
    one('guide-step-0').querySelector('button')?.click()
    await bench.settle()
    expect(bench.door.inputsOf('timeline.state')).toEqual([{ source: 'live', t: 1.25e9 }])
    expect(one('guide-step-2').querySelector('button')?.disabled).toBe(true)
  })
  it('its cluster is kept when somebody wants it, and that is said', async () => {
    await play(scenarioView())
    expect(one('scenario-keep').title).toContain('only the recording stays')
    one('scenario-keep').click()
    expect(named('scenarios.keep')).toBe(1)
    await play(scenarioView({ kept: true }))
    expect(words('scenario-kept')).toBe('The cluster five is kept')
    expect(document.body.querySelector('[data-testid="scenario-keep"]')).toBeNull()
  })
  it('is put away by its own button', async () => {
    await play(scenarioView())
    one('guide-close').click()
    expect(named('scenarios.leave')).toBe(1)
  })
})

describe('its result', () => {
  const ended = (changes: Partial<NonNullable<ScenarioView['result']>> = {}): ScenarioView =>
    scenarioView({
      phase: 'ended',
      at: 3,
      result: {
        outcome: 'holds',
        expectations: [
          {
            type: 'expect',
            text: 'leaders: { term: 2, count: 1 }',
            words: { en: 'term 2 had 1 leader', zh: '任期 2 中有 1 个领导人' },
            say: { en: 'One leader in term 2.', zh: '任期 2 只有一个领导者。' },
            holds: true,
            seq: -1,
            found: { en: '', zh: '' },
          },
        ],
        judged: [{ id: 'linearizable', standing: 'none', name: '', found: '', events: [] }],
        asExpected: true,
        seed: 7,
        millis: 4_200,
        problem: null,
        ...changes,
      },
    })
  it('says that everything is as expected, and what was', async () => {
    await play(ended())
    expect(words('outcome')).toBe('Everything is as expected')
    expect(words('scenario-result')).toContain('4.2 s · seed 7')
    expect(words('expectation')).toContain('One leader in term 2.')
    expect(words('judged-linearizable')).toContain('nothing to judge')
    expect(words('guide-spoken')).toBe('Title of split-vote: Everything is as expected')
  })
  it('of what was not as expected, says what there was, and leads to the event', async () => {
    await play(
      ended({
        outcome: 'failed',
        expectations: [
          {
            type: 'never',
            text: 'noLeader: true',
            words: { en: 'nobody leads', zh: '没有领导人' },
            say: null,
            holds: false,
            seq: 412,
            found: { en: 'n1 is a follower', zh: 'n1 是跟随者' },
          },
        ],
        judged: [
          { id: 'election-safety', standing: 'broken', name: 'election safety', found: 'Both lead.', events: [11, 12] },
        ],
        asExpected: false,
      }),
    )
    expect(words('outcome')).toBe('Not as expected')
    expect(one('expectation').dataset.holds).toBe('false')
    expect(words('expectation')).toContain('never: nobody leads')
    expect(words('expectation')).toContain('found: n1 is a follower')
    expect(words('judged-election-safety')).toContain('Both lead.')
    one('expectation').querySelector('button')?.click()
    await bench.settle()
    expect(useSelectionStore().event).toBe(412)
    expect(bench.door.inputsOf('timeline.state')).toEqual([{ source: 'live', seq: 413 }])
  })
  it('a failed step tells why', async () => {
    const problem = problemView('internal', 'Waited in vain.', {})
    const view = ended({ outcome: 'failed', expectations: [] })
    await play({ ...view, steps: [stepView(0), stepView(1, { standing: 'failed', problem }), stepView(2)] })
    expect(words('failed-step')).toBe('Step 2 failed · Waited in vain.')
  })
})
