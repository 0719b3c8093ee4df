/** Acts on clocks: manual time, rate, jumps, and firing the next deadline. */
import type { ClockSetting, NodeView } from '../../preload/contract'
import { nodeName } from '../components/format'
import { i18n } from '../i18n'
import { useClusterStore } from '../stores/cluster'
import { sentenceOf, useDoor } from '../stores/door'
import { useSelectionStore } from '../stores/selection'
import { useToasts } from '../stores/toasts'
import { defineCommand, runUntyped, type Variant } from './registry'

interface OfNode {
  readonly node: number
}
declare module './registry' {
  interface CommandMap {
    'clock.set': OfNode & ClockSetting
    'clock.manual': OfNode
    'clock.running': OfNode
    'clock.allManual': undefined
    'clock.allRunning': undefined
    'clock.jump': OfNode & { readonly millis: number }
    'clock.fire': OfNode
    /** All links hold, all clocks are manual. */
    'control.stepMode': undefined
  }
}

export function defineClockCommands(): void {
  const cluster = useClusterStore()
  const selection = useSelectionStore()
  const toasts = useToasts()
  const door = useDoor()
  const { t } = i18n.global
  const group = 'faults' as const
  const when = () => cluster.controllable

  const present = () => (cluster.live?.nodes ?? []).filter((node) => node.process.standing !== 'removed')
  const variants = (fits: (node: NodeView) => boolean) => (): readonly Variant<OfNode>[] =>
    present()
      .filter(fits)
      .map(({ id }) => ({ target: nodeName(id), argument: { node: id } }))
  const isManual = (node: NodeView) => node.clock.mode === 'manual'
  const runs = (node: NodeView) => node.process.standing === 'running'

  /** The mode of each of these; a rate stays for when time runs again. One that cannot be set does not keep the others. */
  async function setAll(nodes: readonly NodeView[], mode: ClockSetting['mode']): Promise<void> {
    const failed: number[] = []
    let problem: unknown = ''
    const others = nodes.filter(({ clock }) => clock.mode !== mode)
    const set = async ({ id, clock }: NodeView) => {
      try {
        await door.call('clock.set', { node: id, mode, rate: clock.rate })
      } catch (thrown) {
        failed.push(id)
        problem = thrown
      }
    }
    // At once: those whose time still runs would stand for election while the others are told.
    await Promise.all(others.map(set))
    if (failed.length === 0) return
    const names = failed.map(nodeName).join(' ')
    toasts.push({
      tone: 'danger',
      text: () => t('control.toasts.cannotAll', { nodes: names, problem: sentenceOf(problem) }),
    })
  }

  defineCommand<'clock.set'>({
    id: 'clock.set',
    label: 'control.commands.clockSet',
    hidden: true,
    group,
    when,
    run: (setting) => door.call('clock.set', setting),
  })
  defineCommand<'clock.manual'>({
    id: 'clock.manual',
    label: 'control.commands.manual',
    group,
    when,
    variants: variants((node) => !isManual(node)),
    run: ({ node }) =>
      setAll(
        present().filter(({ id }) => id === node),
        'manual',
      ),
  })
  defineCommand<'clock.running'>({
    id: 'clock.running',
    label: 'control.commands.running',
    group,
    when,
    variants: variants(isManual),
    run: ({ node }) =>
      setAll(
        present().filter(({ id }) => id === node),
        'running',
      ),
  })
  defineCommand<'clock.allManual'>({
    id: 'clock.allManual',
    label: 'control.commands.allManual',
    group,
    when: () => when() && present().some((node) => !isManual(node)),
    run: () => setAll(present(), 'manual'),
  })
  defineCommand<'clock.allRunning'>({
    id: 'clock.allRunning',
    label: 'control.commands.allRunning',
    group,
    when: () => when() && present().some(isManual),
    run: () => setAll(present(), 'running'),
  })
  defineCommand<'clock.jump'>({
    id: 'clock.jump',
    label: 'control.commands.jump',
    hidden: true,
    group,
    when,
    run: (jump) => door.call('clock.jump', jump),
  })
  defineCommand<'clock.fire'>({
    id: 'clock.fire',
    label: 'control.commands.fire',
    keys: ['a'],
    group,
    when,
    variants: variants(runs),
    fromKey: () =>
      present().some((node) => node.id === selection.node && runs(node)) ? { node: selection.node ?? 0 } : undefined,
    run: ({ node }) => door.call('clock.fire', { node }),
  })
  defineCommand<'control.stepMode'>({
    id: 'control.stepMode',
    label: 'control.commands.stepMode',
    keys: ['w'],
    group,
    when: () => when() && present().length > 0,
    async run() {
      // Time first: while it runs, a message that is held already would let timers run out.
      await setAll(present(), 'manual')
      if (present().length > 1) await door.call('link.preset', { preset: 'hold-all' })
      toasts.push({
        tone: 'neutral',
        text: () => t('control.toasts.stepMode'),
        action: { label: () => t('acts.healAll'), run: () => runUntyped('fault.healAll', undefined) },
      })
    },
  })
}
