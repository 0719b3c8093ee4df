/** Where in time the window stands: live, pinned, playing; what is noted of a moment, and two of them compared. */
import type { Step } from '../../preload/contract'
import { i18n } from '../i18n'
import { useClusterStore } from '../stores/cluster'
import { SPEEDS, usePlayback } from '../stores/playback'
import { useSelectionStore } from '../stores/selection'
import { useToasts } from '../stores/toasts'
import { defineCausesCommands } from '../timeline/causes/commands'
import { useDiffStore } from '../timeline/moments/diff-store'
import { useNotesStore } from '../timeline/moments/notes-store'
import { isOfflinePage } from '../views/exports/offline'
import { defineCommand } from './registry'

declare module './registry' {
  interface CommandMap {
    'time.toggle': undefined
    'time.playPause': undefined
    'time.nextEvent': undefined
    'time.previousEvent': undefined
    'time.nextTerm': undefined
    'time.previousTerm': undefined
    'time.nextMessage': undefined
    'time.previousMessage': undefined
    'time.nextCommit': undefined
    'time.previousCommit': undefined
    'time.nextFault': undefined
    'time.previousFault': undefined
    'time.nextNote': undefined
    'time.previousNote': undefined
    'time.start': undefined
    'time.live': undefined
    'time.speed': { readonly speed: number }
    'time.skipQuiet': undefined
    'time.bookmark': undefined
    'time.notes': undefined
    'time.setA': undefined
    'time.setB': undefined
    'time.compare': undefined
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

  defineSteps()
  defineMoments()
  defineCausesCommands()
}

/** What there may be no more of; elections end at the end. */
type Found = Exclude<Step, 'term'>

function defineSteps(): void {
  const cluster = useClusterStore()
  const playback = usePlayback()
  const selection = useSelectionStore()
  const toasts = useToasts()
  const group = 'time' as const
  const any = () => cluster.moment !== null && !cluster.disconnected
  const held = () => any() && cluster.mode !== 'live'

  const go = async (what: Found, by: 1 | -1): Promise<void> => {
    // Of the node that is looked at; faults and notes are of the whole cluster.
    const node = what === 'message' || what === 'commit' ? (selection.node ?? 0) : 0
    if (await playback.stepTo(what, by, node)) return
    const key = by > 0 ? 'moments.noNext' : 'moments.noPrevious'
    toasts.push({ tone: 'neutral', text: () => i18n.global.t(`${key}.${what}`) })
  }
  defineCommand<'time.nextMessage'>({
    id: 'time.nextMessage',
    label: 'moments.commands.nextMessage',
    keys: ['Alt+ArrowRight'],
    group,
    when: held,
    run: () => go('message', 1),
  })
  defineCommand<'time.previousMessage'>({
    id: 'time.previousMessage',
    label: 'moments.commands.previousMessage',
    keys: ['Alt+ArrowLeft'],
    group,
    when: any,
    run: () => go('message', -1),
  })
  defineCommand<'time.nextCommit'>({
    id: 'time.nextCommit',
    label: 'moments.commands.nextCommit',
    keys: ['Alt+]'],
    group,
    when: held,
    run: () => go('commit', 1),
  })
  defineCommand<'time.previousCommit'>({
    id: 'time.previousCommit',
    label: 'moments.commands.previousCommit',
    keys: ['Alt+['],
    group,
    when: any,
    run: () => go('commit', -1),
  })
  defineCommand<'time.nextFault'>({
    id: 'time.nextFault',
    label: 'moments.commands.nextFault',
    keys: ['Shift+ArrowRight'],
    group,
    when: held,
    run: () => go('fault', 1),
  })
  defineCommand<'time.previousFault'>({
    id: 'time.previousFault',
    label: 'moments.commands.previousFault',
    keys: ['Shift+ArrowLeft'],
    group,
    when: any,
    run: () => go('fault', -1),
  })
  defineCommand<'time.nextNote'>({
    id: 'time.nextNote',
    label: 'moments.commands.nextNote',
    group,
    when: held,
    run: () => go('note', 1),
  })
  defineCommand<'time.previousNote'>({
    id: 'time.previousNote',
    label: 'moments.commands.previousNote',
    group,
    when: any,
    run: () => go('note', -1),
  })
}

function defineMoments(): void {
  const cluster = useClusterStore()
  const playback = usePlayback()
  const notes = useNotesStore()
  const diff = useDiffStore()
  const group = 'time' as const
  const any = () => cluster.moment !== null && !cluster.disconnected

  defineCommand<'time.speed'>({
    id: 'time.speed',
    label: 'moments.commands.speed',
    group,
    when: any,
    variants: () => SPEEDS.map((speed) => ({ target: `${speed}×`, argument: { speed } })),
    run: ({ speed }) => {
      playback.speed = speed
    },
  })
  defineCommand<'time.skipQuiet'>({
    id: 'time.skipQuiet',
    label: 'moments.commands.skipQuiet',
    group,
    when: any,
    run: () => {
      playback.skipsQuiet = !playback.skipsQuiet
    },
  })
  defineCommand<'time.bookmark'>({
    id: 'time.bookmark',
    label: 'moments.commands.bookmark',
    keys: ['$mod+b'],
    group,
    // An exported page has nowhere to keep one.
    when: () => any() && !isOfflinePage(),
    run: () => notes.write(),
  })
  defineCommand<'time.notes'>({
    id: 'time.notes',
    label: 'moments.commands.notes',
    group,
    when: any,
    run: () => {
      notes.open = !notes.open
    },
  })
  defineCommand<'time.setA'>({
    id: 'time.setA',
    label: 'moments.commands.setA',
    keys: ['Shift+a'],
    group,
    when: any,
    run: () => diff.setA(),
  })
  defineCommand<'time.setB'>({
    id: 'time.setB',
    label: 'moments.commands.setB',
    keys: ['Shift+z'],
    group,
    when: any,
    run: () => diff.setB(),
  })
  defineCommand<'time.compare'>({
    id: 'time.compare',
    label: 'moments.commands.compare',
    keys: ['v'],
    group,
    when: any,
    run: () => (diff.open ? diff.close() : diff.show()),
  })
}
