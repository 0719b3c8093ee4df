/**
 * The whole window on a scripted cluster: `?scene=five&theme=dark&language=en&mode=live|pinned|recorded&loop`.
 * Live scenes are played from 0 at their real speed unless `skip` (ms before the end) jumps near their end.
 */
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import type { ClusterSettings, EventView, LiveUpdate, MomentView } from '../../../preload/contract'
import App from '../../../renderer/App.vue'
import { i18n } from '../../../renderer/i18n'
import '../../../renderer/styles/index.css'
import { installDoor, ProblemError } from '../../../renderer/stores/door'
import { mergeMoment } from '../../../renderer/stores/merge'
import { FakeDoor } from '../support/fake-door'
import { problemView } from '../support/samples'

const wanted = new URLSearchParams(location.search)
const scene = wanted.get('scene') ?? 'five'
const mode = wanted.get('mode') ?? 'live'
const skip = Number(wanted.get('skip') ?? 1_500)
const response = await fetch(`/scene/${scene}`)
const { frames, events } = (await response.json()) as { frames: LiveUpdate[]; events: EventView[] }

const moments: MomentView[] = []
for (const frame of frames) moments.push(mergeMoment(moments.at(-1) ?? null, frame))
const last = moments.at(-1) as MomentView

/** Refuses as the workbench does, so that it can be seen where the window says it. */
function refuseSettings({ settings }: { readonly settings: Readonly<Record<string, unknown>> }): ClusterSettings {
  const given = settings.electionTimeoutMs
  if (given !== undefined && Number(given) < 10) {
    throw new ProblemError(
      problemView(
        'settings-invalid',
        'The setting electionTimeoutMs is not valid (too small: at least 10). Nothing was changed; correct it.',
        { setting: 'electionTimeoutMs', reason: 'too small' },
      ),
    )
  }
  return last.settings
}

const info = {
  path: '/tmp/five-nodes.raftrec',
  version: 1,
  clusterId: 'sim',
  clusterName: 'five-nodes',
  began: '2026-01-01T00:00:00.000Z',
  events: events.length,
  end: events.at(-1)?.t ?? 0,
  bytes: 3_200_000,
  complete: true,
  truncatedBytes: 0,
  shed: last.shed,
}
const door = new FakeDoor()
  .on('workbench.info', () => ({ version: '0', host: 'browser', platform: 'linux', home: '/tmp' }))
  .on('settings.get', () => ({
    language: wanted.get('language') === 'zh' ? 'zh' : 'en',
    theme: wanted.get('theme') === 'light' ? 'light' : 'dark',
  }))
  .on('timeline.state', ({ seq, t }) => {
    const at = seq ?? events.findLastIndex((event) => event.t <= (t ?? 0)) + 1
    const moment = moments.findLast((candidate) => candidate.seq <= at) ?? (moments[0] as MomentView)
    return { ...moment, seq: at, t: events[at - 1]?.t ?? 0 }
  })
  .on('timeline.events', ({ fromT, toT, fromSeq, toSeq, limit }) =>
    events
      .filter((e) => e.t >= (fromT ?? 0) && e.t <= (toT ?? Number.POSITIVE_INFINITY))
      .filter((e) => e.seq >= (fromSeq ?? 0) && e.seq < (toSeq ?? Number.POSITIVE_INFINITY))
      .slice(0, limit),
  )
  .on('clusters.list', () => [
    {
      name: 'five-nodes',
      id: 'sim',
      path: '/tmp/five-nodes',
      nodes: 5,
      created: '2026-01-01T00:00:00.000Z',
      bytes: 12_000,
      recordings: 1,
      lockedBy: 1,
    },
  ])
  .on('recordings.list', () => [])
  .on('clusters.settings', () => last.settings)
  .on('clusters.configure', refuseSettings)
  .on('clusters.create', ({ settings }) => {
    refuseSettings({ settings: settings ?? {} })
    return { name: 'five-nodes' }
  })
  .on('node.disk', () => ({
    path: '/tmp/five-nodes/n1',
    files: [],
    currentTerm: 1,
    votedFor: 1,
    firstIndex: 1,
    lastIndex: 1,
    snapshot: null,
  }))
installDoor(door)
createApp(App).use(createPinia()).use(i18n).mount('#app')

if (mode === 'recorded') door.say('source', { kind: 'recording', info })
else {
  door.say('source', { kind: 'live', name: 'five-nodes', recording: info.path })
  const start = Math.max(0, (frames.at(-1)?.t ?? 0) / 1e6 - skip)
  const begin = frames.filter((frame) => frame.t / 1e6 < start)
  const merged = begin.reduce<MomentView | null>((moment, frame) => mergeMoment(moment, frame), null)
  const first = begin.at(-1)
  if (first !== undefined && merged !== null) {
    door.say('live', {
      ...first,
      whole: true,
      nodes: merged.nodes.map((node) => ({ ...node, log: { ...node.log, changedFrom: node.log.firstIndex } })),
      calls: merged.calls,
      events: begin.flatMap((frame) => frame.events),
    })
  }
  const origin = performance.now() - start
  const rest = frames.slice(begin.length)
  const play = () => {
    while (rest[0] !== undefined && rest[0].t / 1e6 <= performance.now() - origin)
      door.say('live', rest.shift() as LiveUpdate)
    if (rest.length > 0) requestAnimationFrame(play)
    else document.body.dataset.played = 'true'
  }
  play()
}
