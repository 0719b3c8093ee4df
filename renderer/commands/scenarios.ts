/** Scenarios: the gallery, playing one, and writing one. */
import { watch } from 'vue'
import type { Language } from '../../preload/contract'
import { i18n } from '../i18n'
import { useClusterStore } from '../stores/cluster'
import { ProblemError, useDoor } from '../stores/door'
import { useScenarioAttempt, useScenariosStore, type WhichScenario } from '../stores/scenarios'
import { useToasts } from '../stores/toasts'
import { useToursStore } from '../stores/tours'
import { useUiStore } from '../stores/ui'
import { download } from './exports'
import { defineCommand } from './registry'

export interface PlayOrder {
  readonly which: WhichScenario
  readonly stepByStep: boolean
  readonly seed?: number
}
declare module './registry' {
  interface CommandMap {
    'scenario.gallery': undefined
    'scenario.start': PlayOrder
    'scenario.next': undefined
    'scenario.flow': undefined
    'scenario.pause': undefined
    'scenario.stop': undefined
    'scenario.leave': undefined
    'scenario.keep': undefined
    'scenario.again': undefined
    'scenario.write': { readonly id?: string }
    'scenario.file': undefined
    'scenario.record': undefined
    'scenario.recorded': undefined
    'scenario.discard': undefined
    'scenario.save': { readonly text: string; readonly name: string }
  }
}

/** What a new scenario begins with. */
const BLANK = `scenario: 1
id: my-scenario
title: { en: My scenario, zh: 我的场景 }
about: { en: What it shows., zh: 它展示什么。 }
tags: [election]
cluster: { nodes: 3 }
steps:
  - wait: { leader: { followed: all } }
    say: { en: A leader is elected., zh: 选出领导人。 }
  - kill: leader
    say: { en: The leader dies., zh: 领导人死亡。 }
  - wait: { leader: {} }
expect:
  - that: { leader: { term: '>= 2' } }
`

export function defineScenarioCommands(): void {
  const cluster = useClusterStore()
  const scenarios = useScenariosStore()
  const attempt = useScenarioAttempt()
  const door = useDoor()
  const toasts = useToasts()
  const ui = useUiStore()
  const group = 'scenarios' as const
  const connected = () => !cluster.disconnected
  const phase = () => scenarios.playing?.phase
  const isOn = () => connected() && scenarios.playing !== null && phase() !== 'ended'

  async function play({ which, ...order }: PlayOrder): Promise<void> {
    const thrown = await attempt.make(async () => {
      useToursStore().leave()
      const starting = door.call('scenarios.start', { which: { ...which }, ...order })
      scenarios.galleryOpen = false
      scenarios.text = null
      await starting
      scenarios.last = which
    })
    // Whoever gave up the start knows it.
    if (thrown !== null && !(thrown instanceof ProblemError && thrown.problem.code === 'no-cluster')) throw thrown
  }

  // The palette offers each of them by its title.
  watch(
    () => ui.palette,
    (open) => {
      if (open && scenarios.items.length === 0) void scenarios.refresh()
    },
  )

  defineCommand<'scenario.gallery'>({
    id: 'scenario.gallery',
    label: 'scenarios.commands.gallery',
    keys: ['Shift+s'],
    group,
    when: connected,
    run: () => {
      scenarios.galleryOpen = true
      return scenarios.refresh()
    },
  })
  defineCommand<'scenario.start'>({
    id: 'scenario.start',
    label: 'scenarios.commands.start',
    group,
    when: () => connected() && !attempt.busy,
    variants: () =>
      scenarios.items.map(({ id, title }) => ({
        target: title[i18n.global.locale.value as Language],
        argument: { which: { id }, stepByStep: true },
      })),
    run: play,
  })
  defineCommand<'scenario.next'>({
    id: 'scenario.next',
    label: 'scenarios.commands.next',
    keys: ['F9'],
    group,
    when: () => isOn() && phase() === 'paused',
    run: () => door.call('scenarios.next', {}),
  })
  defineCommand<'scenario.flow'>({
    id: 'scenario.flow',
    label: 'scenarios.commands.flow',
    keys: ['Shift+F9'],
    group,
    when: () => isOn() && phase() === 'paused',
    run: () => door.call('scenarios.flow', {}),
  })
  defineCommand<'scenario.pause'>({
    id: 'scenario.pause',
    label: 'scenarios.commands.pause',
    keys: ['Shift+F9'],
    group,
    when: () => isOn() && (phase() === 'running' || phase() === 'opening'),
    run: () => door.call('scenarios.pause', {}),
  })
  defineCommand<'scenario.stop'>({
    id: 'scenario.stop',
    label: 'scenarios.commands.stop',
    group,
    when: isOn,
    run: () => door.call('scenarios.stop', {}),
  })
  defineCommand<'scenario.leave'>({
    id: 'scenario.leave',
    label: 'scenarios.commands.leave',
    group,
    when: () => connected() && scenarios.playing !== null,
    run: () => door.call('scenarios.leave', {}),
  })
  defineCommand<'scenario.keep'>({
    id: 'scenario.keep',
    label: 'scenarios.commands.keep',
    group,
    when: () => connected() && scenarios.playing?.kept === false,
    run: () => door.call('scenarios.keep', {}),
  })
  defineCommand<'scenario.again'>({
    id: 'scenario.again',
    label: 'scenarios.commands.again',
    group,
    when: () => connected() && scenarios.playing !== null && !attempt.busy,
    run: () => {
      const which = scenarios.last ?? { id: scenarios.playing?.item.id ?? '' }
      return play({ which, stepByStep: true })
    },
  })
  defineCommand<'scenario.write'>({
    id: 'scenario.write',
    label: 'scenarios.commands.text',
    group,
    when: connected,
    variants: () => [{ target: '', argument: {} }],
    async run({ id }) {
      const text = id === undefined ? BLANK : (await door.call('scenarios.read', { id })).text
      scenarios.galleryOpen = false
      scenarios.write(text)
      await scenarios.check()
    },
  })
  defineCommand<'scenario.file'>({
    id: 'scenario.file',
    label: 'scenarios.commands.file',
    group,
    when: connected,
    async run() {
      const file = await pickFile('.yaml,.yml')
      if (file === null) return
      scenarios.galleryOpen = false
      scenarios.write(await file.text())
      await scenarios.check()
    },
  })
  defineCommand<'scenario.record'>({
    id: 'scenario.record',
    label: 'scenarios.commands.record',
    group,
    when: () => cluster.controllable && !scenarios.isRecording && !isOn(),
    async run() {
      await door.call('scenarios.record', { recording: true })
      toasts.push({ tone: 'neutral', text: () => i18n.global.t('scenarios.record.began') })
    },
  })
  defineCommand<'scenario.recorded'>({
    id: 'scenario.recorded',
    label: 'scenarios.commands.recorded',
    group,
    when: () => cluster.controllable && scenarios.isRecording,
    async run() {
      const { text } = await door.call('scenarios.recorded', {})
      await door.call('scenarios.record', { recording: false })
      scenarios.write(text)
      await scenarios.check()
    },
  })
  defineCommand<'scenario.discard'>({
    id: 'scenario.discard',
    label: 'scenarios.commands.discard',
    group,
    when: () => connected() && scenarios.isRecording,
    run: () => door.call('scenarios.record', { recording: false }),
  })
  defineCommand<'scenario.save'>({
    id: 'scenario.save',
    label: 'scenarios.commands.save',
    group,
    hidden: true,
    when: connected,
    async run(file) {
      const saved = await door.call('scenarios.save', file)
      if (saved.kind === 'download') download(saved.url, saved.name)
      else if (saved.kind === 'saved') {
        toasts.push({ tone: 'ok', text: () => i18n.global.t('scenarios.text.saved', { path: saved.path }) })
      }
    },
  })
}

/** A file that the person chooses; null when none was. */
function pickFile(accept: string): Promise<File | null> {
  const field = document.createElement('input')
  field.type = 'file'
  field.accept = accept
  return new Promise((resolve) => {
    field.addEventListener('change', () => resolve(field.files?.[0] ?? null))
    field.addEventListener('cancel', () => resolve(null))
    field.click()
  })
}
