import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ProblemError } from '../../../renderer/stores/door'
import TimelineView from '../../../renderer/timeline/TimelineView.vue'
import { type Bench, createBench } from '../support/mounted'
import { momentView, nodeView, problemView, recordingInfo } from '../support/samples'

// There is nothing to draw on here.
vi.mock('../../../renderer/timeline/TimelineCanvas.vue', () => ({ default: { render: () => null } }))

let bench: Bench
beforeEach(() => {
  bench = createBench()
  bench.door.on('timeline.state', () => momentView([nodeView(1), nodeView(2)]))
})
afterEach(() => bench.end())

test('events that cannot be read are told at the timeline, which says where and what to do', async () => {
  // The view asks by itself, too, a little after it is shown: what it has not asked for yet is no problem.
  const { promise: asked, resolve: answer } = Promise.withResolvers<void>()
  bench.door.on('timeline.events', async () => {
    await asked
    throw new ProblemError(problemView('recording-corrupt', 'Damaged at byte 7: get another copy.', { offset: 7 }))
  })
  bench.door.say('source', { kind: 'recording', info: recordingInfo() })
  const view = bench.mount(TimelineView)
  await bench.settle()
  expect(view.find('[data-testid="timeline-problem"]').exists()).toBe(false)
  answer()
  await bench.cluster.ensureEvents(0, 1e9)
  await bench.settle()
  expect(view.get('[data-testid="timeline-problem"]').text()).toBe('Damaged at byte 7: get another copy.')
})
