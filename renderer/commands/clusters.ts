/** Opening and closing: clusters and recordings. */
import { i18n } from '../i18n'
import { useCreation } from '../stores/attempts'
import { useClusterStore } from '../stores/cluster'
import { ProblemError, useDoor } from '../stores/door'
import { useLibraryStore } from '../stores/library'
import { useUiStore } from '../stores/ui'
import { defineCommand } from './registry'

export interface NewCluster {
  readonly name?: string
  readonly nodes: number
  readonly witnesses?: number
  /** What differs from the defaults. */
  readonly settings?: Record<string, unknown>
}
declare module './registry' {
  interface CommandMap {
    'cluster.start': undefined
    'cluster.new': undefined
    'cluster.create': NewCluster
    'cluster.open': { readonly name: string }
    'cluster.close': undefined
    'cluster.cancel': undefined
    'cluster.delete': { readonly name: string }
    'recording.open': { readonly path: string }
    'recording.choose': undefined
    'recording.close': undefined
  }
}

export const DEFAULT_NODES = 5

export function defineClusterCommands(): void {
  const cluster = useClusterStore()
  const library = useLibraryStore()
  const ui = useUiStore()
  const creation = useCreation()
  const door = useDoor()
  const { t } = i18n.global
  const group = 'cluster' as const
  const connected = () => !cluster.disconnected

  /** The workbench shows one source at a time: what is open is closed first, its data kept. */
  async function leave(): Promise<void> {
    if (cluster.source.kind === 'live') await door.call('clusters.close', {})
    else if (cluster.source.kind === 'recording') await door.call('recordings.close', {})
  }

  async function create(options: NewCluster): Promise<void> {
    await leave()
    await unlessGivenUp(door.call('clusters.create', options))
  }

  /** Whoever gave up the start knows that there is no cluster now. */
  async function unlessGivenUp(starting: Promise<unknown>): Promise<void> {
    try {
      await starting
    } catch (thrown) {
      if (!(thrown instanceof ProblemError) || thrown.problem.code !== 'no-cluster') throw thrown
    }
  }

  defineCommand<'cluster.start'>({
    id: 'cluster.start',
    label: 'commands.cluster.start',
    keys: ['n'],
    group,
    when: () => connected() && cluster.source.kind === 'none',
    run: () => create({ nodes: DEFAULT_NODES }),
  })
  defineCommand<'cluster.new'>({
    id: 'cluster.new',
    label: 'commands.cluster.new',
    group,
    when: connected,
    run: () => {
      creation.forget()
      ui.creating = true
    },
  })
  defineCommand<'cluster.create'>({
    id: 'cluster.create',
    label: 'commands.cluster.create',
    hidden: true,
    group,
    when: connected,
    async run(options) {
      const thrown = await creation.make(() => create(options))
      if (thrown === null) ui.creating = false
      else if (!ui.creating) throw thrown
    },
  })
  defineCommand<'cluster.open'>({
    id: 'cluster.open',
    label: 'commands.cluster.open',
    group,
    when: connected,
    variants: () =>
      library.clusters
        .filter((item) => item.damaged === undefined)
        .filter((item) => cluster.source.kind !== 'live' || cluster.source.name !== item.name)
        .map(({ name }) => ({ target: name, argument: { name } })),
    async run({ name }) {
      await leave()
      await unlessGivenUp(door.call('clusters.open', { name }))
    },
  })
  defineCommand<'cluster.close'>({
    id: 'cluster.close',
    label: 'commands.cluster.close',
    group,
    when: () => connected() && cluster.source.kind === 'live',
    run: () => door.call('clusters.close', {}),
  })
  defineCommand<'cluster.cancel'>({
    id: 'cluster.cancel',
    label: 'commands.cluster.cancel',
    group,
    when: () => connected() && cluster.source.kind === 'opening',
    run: () => door.call('clusters.close', {}),
  })
  defineCommand<'cluster.delete'>({
    id: 'cluster.delete',
    label: 'commands.cluster.delete',
    group,
    when: connected,
    variants: () => library.clusters.map(({ name }) => ({ target: name, argument: { name } })),
    run({ name }) {
      ui.confirmation = {
        title: t('confirm.deleteTitle', { name }),
        text: t('confirm.deleteText', { name }),
        confirm: t('acts.delete'),
        run: async () => {
          if (cluster.source.kind === 'live' && cluster.source.name === name) await door.call('clusters.close', {})
          await door.call('clusters.delete', { name })
          await library.refresh()
        },
      }
    },
  })
  async function openRecording(path: string): Promise<void> {
    await leave()
    await door.call('recordings.open', { path })
  }
  defineCommand<'recording.open'>({
    id: 'recording.open',
    label: 'commands.recording.open',
    group,
    when: connected,
    variants: () =>
      library.recordings.map((item) => ({
        target: `${item.cluster} · ${new Date(item.began).toLocaleString(i18n.global.locale.value)}`,
        argument: { path: item.path },
      })),
    run: ({ path }) => openRecording(path),
  })
  defineCommand<'recording.choose'>({
    id: 'recording.choose',
    label: 'commands.recording.choose',
    keys: ['$mod+o'],
    group,
    when: () => connected() && cluster.info?.host === 'electron',
    async run() {
      const chosen = await door.call('recordings.choose', {})
      if (chosen !== null) await openRecording(chosen.path)
    },
  })
  defineCommand<'recording.close'>({
    id: 'recording.close',
    label: 'commands.recording.close',
    group,
    when: () => connected() && cluster.source.kind === 'recording',
    run: () => door.call('recordings.close', {}),
  })
}
