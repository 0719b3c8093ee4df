import { afterEach, beforeEach, expect, test } from 'vitest'
import { tellEnd } from '../../../renderer/commands/exports'
import { runUntyped } from '../../../renderer/commands/registry'
import { i18n } from '../../../renderer/i18n'
import { createAttempt } from '../../../renderer/stores/attempt'
import { ProblemError } from '../../../renderer/stores/door'
import { useToasts } from '../../../renderer/stores/toasts'
import ToastStack from '../../../renderer/views/overlays/ToastStack.vue'
import { type Bench, createBench } from '../support/mounted'
import { nodeView, problemView, wholeUpdate } from '../support/samples'

let bench: Bench
beforeEach(async () => {
  bench = createBench()
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/tmp/a.raftrec' })
  bench.door.say('live', wholeUpdate([nodeView(1), nodeView(2)]))
  bench.mount(ToastStack)
  await bench.settle()
})
afterEach(() => {
  i18n.global.locale.value = 'en'
  bench.end()
})

const said = () => [...document.querySelectorAll('[data-testid="toast"]')].map((toast) => toast.textContent?.trim())
async function speak(language: 'en' | 'zh'): Promise<void> {
  i18n.global.locale.value = language
  await bench.settle()
}

test('a notice is told anew when the language changes, with the act that it offers', async () => {
  await runUntyped('node.kill', { node: 2 })
  await bench.settle()
  expect(said()).toEqual([expect.stringMatching(/Killed n2.*Restart/)])
  await speak('zh')
  expect(said()).toEqual([expect.stringMatching(/n2.*重启/)])
  expect(said().join()).not.toMatch(/Killed|Restart/)
})

test('so is what was refused, and how a long export ended', async () => {
  bench.door.on('node.kill', () => {
    throw new ProblemError(problemView('node-timeout', 'Node 2 did not answer.', {}, '节点 2 没有应答。'))
  })
  await runUntyped('node.kill', { node: 2 })
  const leftOut = [{ reason: 'too-long', events: 10 }] as const
  const ended = { id: 1, kind: 'export', what: 'a.csv', state: 'done', done: 990, total: 1000 } as const
  tellEnd({ ...ended, path: '/tmp/a.csv', leftOut, problem: null })
  await bench.settle()
  expect(said()).toEqual(['Node 2 did not answer.', expect.stringMatching(/^990 events exported.*10 events left out/)])
  await speak('zh')
  expect(said()).toEqual(['节点 2 没有应答。', expect.not.stringMatching(/exported|left out/)])
})

test('what a dialog was refused is told anew, too', async () => {
  const attempt = createAttempt()
  await attempt.make(async () => {
    throw new ProblemError(problemView('cluster-exists', 'It exists already.', {}, '已存在。'))
  })
  expect(attempt.problem.value).toBe('It exists already.')
  await speak('zh')
  expect(attempt.problem.value).toBe('已存在。')
})

test('the same sentence twice is one notice', () => {
  for (let times = 0; times < 2; times++) useToasts().push({ tone: 'neutral', text: () => 'the same' })
  expect(useToasts().toasts).toHaveLength(1)
})
