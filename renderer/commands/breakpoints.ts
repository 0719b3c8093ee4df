/** Breakpoints, and the whole cluster standing still: halt, continue, step. */
import type { BreakpointKind } from '../../preload/contract'
import { nodeName } from '../components/format'
import { i18n } from '../i18n'
import { useBreakpointEdit } from '../stores/attempts'
import { useClusterStore } from '../stores/cluster'
import { useDoor } from '../stores/door'
import { useSelectionStore } from '../stores/selection'
import { useToasts } from '../stores/toasts'
import { useUiStore } from '../stores/ui'
import { defineCommand } from './registry'

interface Step {
  readonly node: number
  /** To its next event of this kind; left out = any. */
  readonly kind?: BreakpointKind
}
declare module './registry' {
  interface CommandMap {
    'breakpoint.new': undefined
    'breakpoint.set': { readonly text: string; readonly id?: number }
    'breakpoint.enable': { readonly id: number; readonly enabled: boolean }
    'breakpoint.remove': { readonly id: number }
    'stop.halt': undefined
    'stop.continue': undefined
    'stop.step': Step
  }
}

export function defineBreakpointCommands(): void {
  const cluster = useClusterStore()
  const selection = useSelectionStore()
  const attempt = useBreakpointEdit()
  const toasts = useToasts()
  const ui = useUiStore()
  const door = useDoor()
  const { t } = i18n.global
  const group = 'breakpoints' as const
  const when = () => cluster.controllable
  const stopped = () => cluster.controllable && (cluster.live?.stop ?? null) !== null
  const some = () => cluster.live?.breakpoints ?? []

  defineCommand<'breakpoint.new'>({
    id: 'breakpoint.new',
    label: 'breakpoints.commands.new',
    keys: ['Shift+b'],
    group,
    when,
    run: () => ui.focusBreakpoint(),
  })
  defineCommand<'breakpoint.set'>({
    id: 'breakpoint.set',
    label: 'breakpoints.commands.set',
    hidden: true,
    group,
    when,
    /** What is refused is told in the editor, which keeps the text. */
    run: (breakpoint) => attempt.make(() => door.call('breakpoint.set', breakpoint)),
  })
  defineCommand<'breakpoint.enable'>({
    id: 'breakpoint.enable',
    label: 'breakpoints.commands.enable',
    group,
    when,
    variants: () =>
      some().map(({ id, text, enabled }) => ({
        target: t(enabled ? 'breakpoints.commands.off' : 'breakpoints.commands.on', { id, text }),
        argument: { id, enabled: !enabled },
      })),
    run: (argument) => door.call('breakpoint.enable', argument),
  })
  defineCommand<'breakpoint.remove'>({
    id: 'breakpoint.remove',
    label: 'breakpoints.commands.remove',
    group,
    when,
    variants: () => some().map(({ id, text }) => ({ target: `${id}: ${text}`, argument: { id } })),
    async run({ id }) {
      const text = some().find((each) => each.id === id)?.text
      await door.call('breakpoint.remove', { id })
      if (text === undefined) return
      toasts.push({
        tone: 'neutral',
        text: () => t('breakpoints.removed', { text }),
        action: { label: () => t('breakpoints.again'), run: () => door.call('breakpoint.set', { text }) },
      })
    },
  })
  defineCommand<'stop.continue'>({
    id: 'stop.continue',
    label: 'breakpoints.commands.continue',
    keys: ['F8'],
    group,
    when: stopped,
    run: () => door.call('stop.continue', {}),
  })
  defineCommand<'stop.halt'>({
    id: 'stop.halt',
    label: 'breakpoints.commands.halt',
    keys: ['F8'],
    group,
    when: () => cluster.controllable && (cluster.live?.stop ?? null) === null,
    run: () => door.call('stop.halt', {}),
  })

  /** Whom the key steps: the selected node, else the one that hit. */
  function nextStep(): Step | undefined {
    const node = selection.node ?? cluster.live?.stop?.node ?? 0
    return node === 0 ? undefined : { node, ...(ui.stepKind === '' ? {} : { kind: ui.stepKind }) }
  }
  defineCommand<'stop.step'>({
    id: 'stop.step',
    label: 'breakpoints.commands.step',
    keys: ['F10'],
    group,
    when: () => stopped() && (cluster.live?.stop?.stepping ?? 0) === 0,
    variants: () =>
      (cluster.live?.nodes ?? []).filter(canStep).map(({ id }) => ({ target: nodeName(id), argument: { node: id } })),
    fromKey: nextStep,
    async run({ node, kind }) {
      const reached = await door.call('stop.step', { node, ...(kind === undefined ? {} : { kind }) })
      if (reached === null)
        toasts.push({ tone: 'neutral', text: () => t('breakpoints.waits', { node: nodeName(node) }) })
    },
  })
}

/** A node whose process is there can make a step; while the cluster is stopped all of them are paused. */
export function canStep(node: { readonly process: { readonly standing: string } }): boolean {
  return node.process.standing === 'running' || node.process.standing === 'paused'
}
