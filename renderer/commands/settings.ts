/** The settings of a cluster, running or not, and the restarts that make nodes take them on. */
import { watch } from 'vue'
import type { NodeView } from '../../preload/contract'
import { i18n } from '../i18n'
import { useConfiguring } from '../stores/attempts'
import { useClusterStore } from '../stores/cluster'
import { useDoor } from '../stores/door'
import { useLibraryStore } from '../stores/library'
import { useToasts } from '../stores/toasts'
import { useUiStore } from '../stores/ui'
import { defineCommand, runUntyped } from './registry'

declare module './registry' {
  interface CommandMap {
    'cluster.configure': { readonly name: string }
    'cluster.configureOpen': undefined
    'cluster.saveSettings': { readonly name: string; readonly settings: Record<string, unknown> }
    'cluster.restartAll': undefined
  }
}

/** A node that was restarted has this long to run, and the cluster to have a leader, before the next one goes down. */
const SETTLES_WITHIN_MS = 10_000

export function defineSettingsCommands(): void {
  const cluster = useClusterStore()
  const library = useLibraryStore()
  const attempt = useConfiguring()
  const toasts = useToasts()
  const ui = useUiStore()
  const door = useDoor()
  const { t } = i18n.global
  const group = 'cluster' as const
  const connected = () => !cluster.disconnected

  const open = (name: string) => {
    attempt.forget()
    ui.configuring = name
  }
  const isLive = (name: string) => cluster.source.kind === 'live' && cluster.source.name === name

  defineCommand<'cluster.configure'>({
    id: 'cluster.configure',
    label: 'settings.commands.configure',
    group,
    when: connected,
    variants: () =>
      library.clusters
        .filter((item) => item.damaged === undefined)
        .map(({ name }) => ({ target: name, argument: { name } })),
    run: ({ name }) => open(name),
  })
  defineCommand<'cluster.configureOpen'>({
    id: 'cluster.configureOpen',
    label: 'settings.commands.configureOpen',
    keys: ['$mod+,'],
    group,
    when: () => cluster.controllable,
    run: () => {
      if (cluster.source.kind === 'live') open(cluster.source.name)
    },
  })
  defineCommand<'cluster.saveSettings'>({
    id: 'cluster.saveSettings',
    label: 'settings.commands.save',
    hidden: true,
    group,
    when: connected,
    async run({ name, settings }) {
      const thrown = await attempt.make(() => door.call('clusters.configure', { name, settings }))
      if (thrown !== null) {
        if (ui.configuring !== name) throw thrown
        return
      }
      ui.configuring = null
      const restart = { label: () => t('settings.restartNow'), run: () => runUntyped('cluster.restartAll', undefined) }
      toasts.push({ tone: 'ok', text: () => t('settings.saved'), ...(isLive(name) ? { action: restart } : {}) })
    },
  })

  /** The leader last: one change of leadership is enough. */
  function inTurn(): readonly number[] {
    const running = (cluster.live?.nodes ?? []).filter((node) => node.process.standing === 'running')
    const last = (node: NodeView) => (node.role === 'leader' ? 1 : 0)
    return [...running].sort((a, b) => last(a) - last(b)).map((node) => node.id)
  }
  const lifeOf = (id: number) => cluster.live?.nodes.find((node) => node.id === id)?.process.incarnation
  /** @param life the incarnation that was told to restart: news of it may still be under way */
  function settled(id: number, life: number | undefined): Promise<void> {
    const holds = () => {
      const nodes = cluster.live?.nodes ?? []
      const runs = (node: NodeView) => node.process.standing === 'running'
      return (
        nodes.some((node) => node.id === id && runs(node) && node.process.incarnation !== life) &&
        nodes.some((node) => node.role === 'leader' && runs(node))
      )
    }
    return new Promise((done) => {
      const finish = () => {
        stop()
        clearTimeout(timer)
        done()
      }
      const timer = setTimeout(finish, SETTLES_WITHIN_MS)
      const stop = watch(
        () => cluster.live,
        () => holds() && finish(),
      )
      if (holds()) finish()
    })
  }
  defineCommand<'cluster.restartAll'>({
    id: 'cluster.restartAll',
    label: 'settings.commands.restartAll',
    group,
    when: () => cluster.controllable,
    async run() {
      for (const node of inTurn()) {
        const life = lifeOf(node)
        await door.call('node.restart', { node })
        await settled(node, life)
      }
    },
  })
}
