import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NemesisStep } from '../../../../preload/contract'
import { i18n } from '../../../../renderer/i18n'
import { ProblemError } from '../../../../renderer/stores/door'
import { useUiStore } from '../../../../renderer/stores/ui'
import NemesisDialog from '../../../../renderer/views/nemesis/NemesisDialog.vue'
import { nemesisPlan, newNemesis, wrongOf } from '../../../../renderer/views/nemesis/nemesis-draft'
import { deedText, spansOf } from '../../../../renderer/views/nemesis/schedule'
import { type Bench, createBench } from '../../support/mounted'
import { nodeView, problemView, wholeUpdate } from '../../support/samples'
import { until } from '../../support/until'

let bench: Bench
beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.end())

const steps: NemesisStep[] = [
  { number: 1, at: 1000, action: 'begin', package: 'process', deed: { type: 'kill', node: 'leader' } },
  { number: 2, at: 1500, action: 'begin', package: 'clock', deed: { type: 'fire', node: 2 } },
  { number: 3, at: 2500, action: 'end', of: 1 },
  {
    number: 4,
    at: 3000,
    action: 'begin',
    package: 'partition',
    deed: { type: 'partition', groups: [[1, 2], [3]] },
  },
  { number: 5, at: 4000, action: 'end', of: 4 },
]
const at = <E extends HTMLElement>(testid: string): E => {
  const found = document.querySelector<E>(`[data-testid="${testid}"]`)
  if (found === null) throw new Error(`no ${testid}`)
  return found
}
async function open(): Promise<void> {
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  bench.door.say('live', wholeUpdate([1, 2, 3].map((id) => nodeView(id))))
  await bench.settle()
  bench.mount(NemesisDialog)
  useUiStore().planningNemesis = true
  await bench.settle()
}
async function type(testid: string, value: string): Promise<void> {
  const field = at<HTMLInputElement>(testid)
  field.value = value
  field.dispatchEvent(new Event('input', { bubbles: true }))
  await bench.settle()
}

describe('a schedule', () => {
  it('is spans: each begin with its end, or over at once', () => {
    expect(spansOf(steps).map(({ number, from, to }) => [number, from, to])).toEqual([
      [1, 1000, 2500],
      [2, 1500, null],
      [4, 3000, 4000],
    ])
  })
  it('is told in words', () => {
    const t = (key: string, named?: Record<string, unknown>, n?: number) =>
      n === undefined ? i18n.global.t(key, named ?? {}) : i18n.global.t(key, named ?? {}, n)
    expect(spansOf(steps).map(({ deed }) => deedText(t, deed))).toEqual([
      'kill the leader',
      'fire the timer of n2',
      'partition n1 n2 | n3',
    ])
    const shape = {
      dropPercent: 20,
      delayMs: 0,
      jitterMs: 0,
      duplicatePercent: 0,
      reorderPercent: 0,
      bytesPerSecond: 0,
    }
    const rules = [{ messages: [], action: { type: 'shape' as const, ...shape } }]
    expect(deedText(t, { type: 'links', links: [[1, 2]], rules, seed: 1 })).toBe('1 link: lose 20 %')
    expect(deedText(t, { type: 'arm', node: 3, fault: { type: 'disk-error', code: 'EIO', count: 1 } })).toBe(
      'EIO at n3',
    )
  })
})

describe('the plan of a nemesis', () => {
  it('shows its schedule before anything is done, as picture and table, and is started as it was shown', async () => {
    bench.door.on('nemesis.preview', () => steps).on('nemesis.start', () => ({ id: 1 }))
    await open()
    await type('nemesis-seed', '42')
    await until(() => expect(bench.door.inputsOf('nemesis.preview').at(-1)?.plan.seed).toBe(42))
    await until(() => expect(at('preview-count').textContent).toBe('3 faults'))
    expect(at('schedule-picture').querySelectorAll('.bar')).toHaveLength(3)
    const rows = [...at('schedule-table').querySelectorAll('tbody tr')].map((row) =>
      [...row.querySelectorAll('td')].map((cell) => cell.textContent),
    )
    expect(rows[0]).toEqual(['1.0 s', '2.5 s', 'process', 'kill the leader'])
    expect(rows[1]?.[1]).toBe('at once')
    at('nemesis-send').click()
    await bench.settle()
    const [started] = bench.door.inputsOf('nemesis.start')
    expect(started).toEqual(bench.door.inputsOf('nemesis.preview').at(-1))
    expect(started?.plan).toMatchObject({ seed: 42, durationMs: 60_000, quietMs: 5000 })
    expect(Object.keys(started?.plan.packages ?? {})).toEqual(['process', 'partition', 'link', 'clock'])
  })
  it('does not say how many are planned while what it shows is of another plan', async () => {
    bench.door.on('nemesis.preview', () => steps)
    await open()
    await until(() => expect(at('preview-count').textContent).toBe('3 faults'))
    await type('nemesis-seed', '43')
    expect(at('preview-count').textContent).toBe('Working it out…')
    await until(() => expect(at('preview-count').textContent).toBe('3 faults'))
    expect(bench.door.inputsOf('nemesis.preview').at(-1)?.plan.seed).toBe(43)
  })
  it('says why a schedule cannot be', async () => {
    bench.door.on('nemesis.preview', () => {
      throw new ProblemError(
        problemView('schedule-lethal', 'Nothing would be left.', { down: 3, nodes: 3, reason: '' }),
      )
    })
    await open()
    await type('nemesis-down', '3')
    await until(() => expect(at('preview-problem').textContent?.trim()).toBe('Nothing would be left.'))
  })
  it('names what is wrong with it', () => {
    const draft = newNemesis(1)
    expect(wrongOf(draft)).toEqual([])
    expect(nemesisPlan(draft)?.maxDown).toBeUndefined()
    draft.packages.link = { on: true, perMinute: 4, minMs: 900, maxMs: 100 }
    expect(wrongOf(draft)).toEqual([{ package: 'link', field: 'order' }])
    for (const name of Object.keys(draft.packages) as (keyof typeof draft.packages)[]) draft.packages[name].on = false
    expect(wrongOf(draft)).toEqual([{ field: 'none' }])
    expect(nemesisPlan(draft)).toBeUndefined()
  })
})
