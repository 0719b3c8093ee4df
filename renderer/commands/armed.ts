/** Faults that wait inside a node (its disk, crash points), flipped bits, and ending faults of every kind. */
import { CRASH_POINTS, type FaultView, type NodeFault } from '../../preload/contract'
import { nodeName } from '../components/format'
import { i18n } from '../i18n'
import { useClusterStore } from '../stores/cluster'
import { problemSentence, useDoor } from '../stores/door'
import { useToasts } from '../stores/toasts'
import { faultText } from './fault-words'
import { defineCommand } from './registry'

declare module './registry' {
  interface CommandMap {
    'fault.arm': { readonly node: number; readonly fault: NodeFault }
    'fault.crash': { readonly node: number; readonly point: (typeof CRASH_POINTS)[number] }
    'fault.powerLoss': { readonly node: number }
    'fault.flipBit': { readonly node: number; readonly file: string; readonly record: number }
    'fault.heal': { readonly fault: FaultView }
    'fault.healAll': undefined
  }
}

/** A seed that nobody chose; it stands on the timeline with the fault. */
export const drawSeed = (): number => Math.floor(Math.random() * 0x1_0000_0000)

export function defineArmedCommands(): void {
  const cluster = useClusterStore()
  const toasts = useToasts()
  const door = useDoor()
  const { t } = i18n.global
  const group = 'faults' as const
  const when = () => cluster.controllable
  const present = () => (cluster.live?.nodes ?? []).filter((node) => node.process.standing !== 'removed')

  defineCommand<'fault.arm'>({
    id: 'fault.arm',
    label: 'control.commands.arm',
    hidden: true,
    group,
    when,
    run: ({ node, fault }) => door.call('fault.arm', { node, fault: spread(fault) }),
  })
  defineCommand<'fault.crash'>({
    id: 'fault.crash',
    label: 'control.commands.crash',
    group,
    when,
    variants: () =>
      present().flatMap(({ id }) =>
        CRASH_POINTS.map((point) => ({
          target: t('control.commands.crashAt', { node: nodeName(id), point: t(`control.armed.points.${point}`) }),
          argument: { node: id, point },
        })),
      ),
    run: ({ node, point }) =>
      door.call('fault.arm', { node, fault: { type: 'crash-point', point, messages: [], nth: 1 } }),
  })
  defineCommand<'fault.powerLoss'>({
    id: 'fault.powerLoss',
    label: 'control.commands.powerLoss',
    group,
    when,
    variants: () =>
      present()
        .filter((node) => node.process.standing === 'running')
        .map(({ id }) => ({ target: nodeName(id), argument: { node: id } })),
    run: ({ node }) => door.call('fault.arm', { node, fault: { type: 'power-loss', at: 'now', seed: drawSeed() } }),
  })
  defineCommand<'fault.flipBit'>({
    id: 'fault.flipBit',
    label: 'control.commands.flip',
    hidden: true,
    group,
    when,
    async run(at) {
      const { file, offset, bit } = await door.call('fault.flipBit', at)
      toasts.push({ tone: 'neutral', text: () => t('control.flip.done', { file, offset, bit }) })
    },
  })
  defineCommand<'fault.heal'>({
    id: 'fault.heal',
    label: 'commands.fault.heal',
    group,
    when,
    variants: () => (cluster.live?.faults ?? []).map((fault) => ({ target: faultText(fault), argument: { fault } })),
    run: ({ fault }) => door.call('fault.end', { fault: fault.id }),
  })
  defineCommand<'fault.healAll'>({
    id: 'fault.healAll',
    label: 'control.commands.healAll',
    keys: ['h'],
    group,
    when: () => cluster.controllable && isBroken(cluster.live),
    async run() {
      const known = cluster.live?.faults ?? []
      const left = await door.call('fault.healAll', {})
      if (left.length === 0) toasts.push({ tone: 'ok', text: () => t('control.fault.healed') })
      for (const { fault, problem } of left) {
        const of = known.find(({ id }) => id === fault)
        toasts.push({
          tone: 'danger',
          text: () => {
            const words = of === undefined ? `#${fault}` : faultText(of)
            return t('control.fault.unhealed', { fault: words, problem: problemSentence(problem) })
          },
        })
      }
    },
  })
}

/** Anything that {@link CommandMap} `fault.healAll` would end. */
function isBroken(live: ReturnType<typeof useClusterStore>['live']): boolean {
  if (live === null) return false
  return live.faults.length > 0 || live.blocked.length > 0 || live.links.length > 0 || live.nemesis !== null
}

/** As the door's schema has it: its lists may be written to. */
function spread(fault: NodeFault) {
  return fault.type === 'crash-point' ? { ...fault, messages: [...fault.messages] } : fault
}
