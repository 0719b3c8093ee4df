/** Lessons, and the guide that tells them as well as scenarios. */
import type { Language } from '../../preload/contract'
import { i18n } from '../i18n'
import { useClusterStore } from '../stores/cluster'
import { useDoor } from '../stores/door'
import { useGuideStore } from '../stores/guide'
import { useLayoutStore } from '../stores/layout'
import { useScenariosStore } from '../stores/scenarios'
import { useToursStore } from '../stores/tours'
import { TOURS } from '../views/tours/lessons'
import { defineCommand } from './registry'

declare module './registry' {
  interface CommandMap {
    'guide.side': undefined
    'guide.fold': undefined
    'tour.start': { readonly tour: string; readonly again?: boolean }
    'tour.next': undefined
    'tour.back': undefined
    'tour.leave': undefined
  }
}

export function defineGuideCommands(): void {
  const guide = useGuideStore()
  const layout = useLayoutStore()
  const scenarios = useScenariosStore()
  const tours = useToursStore()
  const shown = () => scenarios.playing !== null || tours.tour !== null
  defineCommand<'guide.side'>({
    id: 'guide.side',
    label: 'scenarios.commands.guideSide',
    group: 'scenarios',
    when: shown,
    run: () => {
      guide.chosen = guide.sideIn(layout.width) === 'top' ? 'right' : 'top'
      guide.folded = false
    },
  })
  defineCommand<'guide.fold'>({
    id: 'guide.fold',
    label: 'scenarios.commands.guideFold',
    keys: ['Shift+g'],
    group: 'scenarios',
    when: shown,
    run: () => {
      guide.folded = !guide.folded
    },
  })
}

export function defineTourCommands(): void {
  const scenarios = useScenariosStore()
  const tours = useToursStore()
  const cluster = useClusterStore()
  const door = useDoor()
  const group = 'scenarios' as const
  const isOn = () => tours.tour !== null && scenarios.playing === null

  defineCommand<'tour.start'>({
    id: 'tour.start',
    label: 'scenarios.commands.tour',
    group,
    when: () => !cluster.disconnected,
    variants: () =>
      TOURS.map(({ id, title }) => ({
        target: title[i18n.global.locale.value as Language],
        argument: { tour: id },
      })),
    async run({ tour, again }) {
      scenarios.galleryOpen = false
      // What is told is one thing at a time.
      if (scenarios.playing !== null) await door.call('scenarios.leave', {})
      tours.start(tour, again)
    },
  })
  defineCommand<'tour.next'>({
    id: 'tour.next',
    label: 'scenarios.commands.tourNext',
    keys: ['F9'],
    group,
    when: () => isOn() && tours.step !== null,
    run: () => tours.next(),
  })
  defineCommand<'tour.back'>({
    id: 'tour.back',
    label: 'scenarios.commands.tourBack',
    keys: ['Shift+F9'],
    group,
    when: () => isOn() && tours.at > 0,
    run: () => tours.back(),
  })
  defineCommand<'tour.leave'>({
    id: 'tour.leave',
    label: 'scenarios.commands.tourLeave',
    group,
    when: () => tours.tour !== null,
    run: () => {
      tours.leave()
    },
  })
}
