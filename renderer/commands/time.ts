/** Where in time the window stands: live, pinned, playing. */
import { useClusterStore } from '../stores/cluster'
import { usePlayback } from '../stores/playback'
import { defineCommand } from './registry'

declare module './registry' {
  interface CommandMap {
    'time.toggle': undefined
    'time.playPause': undefined
    'time.nextEvent': undefined
    'time.previousEvent': undefined
    'time.nextTerm': undefined
    'time.previousTerm': undefined
    'time.start': undefined
    'time.live': undefined
  }
}

export function defineTimeCommands(): void {
  const cluster = useClusterStore()
  const playback = usePlayback()
  const group = 'time' as const
  const any = () => cluster.moment !== null && !cluster.disconnected
  const held = () => any() && cluster.mode !== 'live'

  defineCommand<'time.toggle'>({
    id: 'time.toggle',
    label: 'commands.time.toggle',
    keys: ['Space'],
    group,
    when: any,
    run: () => playback.toggle(),
  })
  defineCommand<'time.playPause'>({
    id: 'time.playPause',
    label: 'commands.time.playPause',
    group,
    when: any,
    run: () => (playback.playing || cluster.mode === 'live' ? playback.toggle() : playback.play()),
  })
  defineCommand<'time.nextEvent'>({
    id: 'time.nextEvent',
    label: 'commands.time.nextEvent',
    keys: ['ArrowRight'],
    group,
    when: held,
    run: () => playback.step(1),
  })
  defineCommand<'time.previousEvent'>({
    id: 'time.previousEvent',
    label: 'commands.time.previousEvent',
    keys: ['ArrowLeft'],
    group,
    when: any,
    run: () => playback.step(-1),
  })
  defineCommand<'time.nextTerm'>({
    id: 'time.nextTerm',
    label: 'commands.time.nextTerm',
    keys: [']'],
    group,
    when: held,
    run: () => playback.stepTerm(1),
  })
  defineCommand<'time.previousTerm'>({
    id: 'time.previousTerm',
    label: 'commands.time.previousTerm',
    keys: ['['],
    group,
    when: any,
    run: () => playback.stepTerm(-1),
  })
  defineCommand<'time.start'>({
    id: 'time.start',
    label: 'commands.time.start',
    keys: ['Home'],
    group,
    when: any,
    run: () => cluster.pinAt({ t: 0 }),
  })
  defineCommand<'time.live'>({
    id: 'time.live',
    label: 'commands.time.live',
    keys: ['l', 'End'],
    group,
    when: held,
    run: () => playback.live(),
  })
}
