/** Every call that a window may make: the schema of its input, and what it answers. */
import { z } from 'zod'
import { type NemesisStep, nemesisPlanSchema } from '../../main/cluster/nemesis/types'
import { workloadPlanSchema } from '../../main/cluster/workload/types'
import { BREAKPOINT_KINDS } from '../../main/node/contract/breakpoint/types'
import { BUG_IDS } from '../../main/node/contract/bugs'
import { CONSISTENCIES } from '../../main/node/contract/client'
import {
  clockSchema,
  jumpSchema,
  LINK_PRESETS,
  linkRulesSchema,
  nodeFaultSchema,
  recordBitSchema,
  seedSchema,
} from '../../main/node/contract/conditions'
import { EVENT_KINDS, type EventKind } from '../../main/node/contract/events'
import type { ClusterSettings } from '../../main/node/contract/settings'
import type { RecordingInfo } from '../../main/timeline/api'
import type { FlippedBitView, HeldDetail, StoppedView, UnhealedView } from './faults'
import { SCENARIO_CALLS, type ScenarioOutputs } from './scenarios'
import { BRANCH_CALLS, type BranchOutputs } from './timeline/branches'
import { CAUSALITY_CALLS, type CausalityOutputs } from './timeline/causality'
import { EXPORT_CALLS, type ExportOutputs } from './timeline/exports'
import { MOMENT_CALLS, type MomentOutputs } from './timeline/moments'
import { OVERVIEW_CALLS, type OverviewOutputs } from './timeline/overview'
import { VERDICT_CALLS, type VerdictOutputs } from './verdicts'
import type {
  CallResultView,
  ClusterListItem,
  DiskView,
  EntryView,
  EventView,
  MomentView,
  RecordingListItem,
  Settings,
  WorkbenchInfo,
} from './views'

z.config({ jitless: true })

const node = z.number().int().min(1).max(65535)
const nothing = z.strictObject({})
const seq = z.number().int().min(0)
/** `live` is the open cluster, `recording` the opened file. */
const source = z.enum(['live', 'recording'])
const link = z.strictObject({ from: node, to: node })
/** A held message: negative ids are copies'. */
const held = { from: node, to: node, id: z.number().int() }
const fault = z.number().int().min(1)
const call = <S extends z.ZodType>(input: S) => ({ input })

export const CALLS = {
  'workbench.info': call(nothing),
  'settings.get': call(nothing),
  'settings.set': call(
    z.strictObject({
      language: z.enum(['en', 'zh', 'system']).optional(),
      theme: z.enum(['dark', 'light', 'system']).optional(),
    }),
  ),
  'clusters.list': call(nothing),
  /** Creates and opens. Limits are checked by the workbench so that the answer is a sentence, not a schema. */
  'clusters.create': call(
    z.strictObject({
      name: z.string().optional(),
      nodes: z.number(),
      /** Of these, so many are witnesses; the last ones. */
      witnesses: z.number().optional(),
      /** What differs from {@link DEFAULT_SETTINGS}; checked by the workbench, setting by setting. */
      settings: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
  /** Of a closed cluster, or of the open one: its nodes take them on at their next start. */
  'clusters.settings': call(z.strictObject({ name: z.string() })),
  'clusters.configure': call(z.strictObject({ name: z.string(), settings: z.record(z.string(), z.unknown()) })),
  'clusters.open': call(z.strictObject({ name: z.string() })),
  'clusters.close': call(nothing),
  'clusters.delete': call(z.strictObject({ name: z.string() })),
  'recordings.list': call(nothing),
  'recordings.open': call(z.strictObject({ path: z.string() })),
  /** Electron: the open dialog; `null` when cancelled or where there is no dialog. */
  'recordings.choose': call(nothing),
  'recordings.close': call(nothing),
  'node.start': call(z.strictObject({ node })),
  'node.stop': call(z.strictObject({ node })),
  'node.kill': call(z.strictObject({ node })),
  'node.pause': call(z.strictObject({ node })),
  'node.resume': call(z.strictObject({ node })),
  'node.restart': call(z.strictObject({ node })),
  /** Takes it out of the membership, then stops it and deletes its directory. */
  'node.remove': call(z.strictObject({ node })),
  /** Starts a new node (the next free number when left out) as a learner, and makes it a voter when it has caught up. */
  'node.add': call(z.strictObject({ node: node.optional(), role: z.enum(['voter', 'learner', 'witness']) })),
  /** For a node whose disk is damaged: out of the membership, its directory emptied, and in again by way of a learner. */
  'node.rebuild': call(z.strictObject({ node })),
  'node.snapshot': call(z.strictObject({ node })),
  'membership.change': call(
    z.strictObject({
      changes: z
        .array(z.strictObject({ node, role: z.enum(['voter', 'learner', 'witness', 'removed']) }))
        .min(1)
        .max(51),
      mode: z.enum(['auto', 'single', 'joint']),
    }),
  ),
  /** `node` left out: whoever is best. */
  'leadership.transfer': call(z.strictObject({ node: node.optional() })),
  'node.disk': call(z.strictObject({ node })),
  'link.block': call(z.strictObject({ from: node, to: node, both: z.boolean() })),
  'link.heal': call(z.strictObject({ from: node, to: node, both: z.boolean() })),
  'link.partition': call(z.strictObject({ groups: z.array(z.array(node)).max(51) })),
  /** The same rules for all of these links, as one fault; none = they have none any more. */
  'link.condition': call(
    z.strictObject({
      links: z.array(link).min(1).max(2550),
      rules: linkRulesSchema.shape.rules,
      /** Left out: one is drawn, and stands on the timeline. */
      seed: z.optional(seedSchema),
    }),
  ),
  'link.preset': call(z.strictObject({ preset: z.enum(LINK_PRESETS), at: node.optional() })),
  'held.read': call(z.strictObject({ source, ...held, seq: seq.optional() })),
  'held.release': call(z.strictObject(held)),
  /** `links` left out: of all. */
  'held.releaseAll': call(z.strictObject({ links: z.array(link).max(2550).optional() })),
  'held.drop': call(z.strictObject(held)),
  'held.duplicate': call(z.strictObject(held)),
  /** `message`: as `held.read` gave it, changed; checked by the workbench, so that the answer is a sentence. */
  'held.edit': call(z.strictObject({ ...held, message: z.unknown() })),
  'held.move': call(z.strictObject({ ...held, place: z.number().int().min(0) })),
  'clock.set': call(z.strictObject({ node, ...clockSchema.shape })),
  'clock.jump': call(z.strictObject({ node, millis: jumpSchema })),
  'clock.fire': call(z.strictObject({ node })),
  'fault.arm': call(z.strictObject({ node, fault: nodeFaultSchema })),
  'fault.flipBit': call(z.strictObject({ node, ...recordBitSchema.shape })),
  'fault.end': call(z.strictObject({ fault })),
  /** Every fault of every kind. */
  'fault.healAll': call(nothing),
  /** `id` left out: a new one. */
  'breakpoint.set': call(z.strictObject({ text: z.string().max(10_000), id: fault.optional() })),
  'breakpoint.enable': call(z.strictObject({ id: fault, enabled: z.boolean() })),
  'breakpoint.remove': call(z.strictObject({ id: fault })),
  'stop.halt': call(nothing),
  'stop.continue': call(nothing),
  'stop.step': call(z.strictObject({ node, kind: z.enum(BREAKPOINT_KINDS).optional() })),
  /** What it would do, without doing it. */
  'nemesis.preview': call(z.strictObject({ plan: nemesisPlanSchema })),
  'nemesis.start': call(z.strictObject({ plan: nemesisPlanSchema })),
  /** Answers when everything is healed. */
  'nemesis.stop': call(nothing),
  'workload.start': call(z.strictObject({ plan: workloadPlanSchema })),
  'workload.stop': call(z.strictObject({ id: fault })),
  'client.put': call(z.strictObject({ key: z.string(), value: z.string(), via: node.optional() })),
  'client.get': call(
    z.strictObject({ key: z.string(), via: node.optional(), consistency: z.enum(CONSISTENCIES).optional() }),
  ),
  /** `expected` null: only if nothing is there. */
  'client.cas': call(
    z.strictObject({ key: z.string(), expected: z.string().nullable(), value: z.string(), via: node.optional() }),
  ),
  'client.append': call(z.strictObject({ key: z.string(), value: z.string(), via: node.optional() })),
  'client.delete': call(z.strictObject({ key: z.string(), via: node.optional() })),
  'timeline.info': call(z.strictObject({ source })),
  /** The state at a moment: after the events `< seq`, or at time `t`. */
  'timeline.state': call(z.strictObject({ source, seq: seq.optional(), t: z.number().optional() })),
  'timeline.events': call(
    z.strictObject({
      source,
      fromSeq: seq.optional(),
      toSeq: seq.optional(),
      fromT: z.number().optional(),
      toT: z.number().optional(),
      /** Only events of these kinds; left out = of all. */
      kinds: z
        .array(z.enum(EVENT_KINDS as readonly [EventKind, ...EventKind[]]))
        .min(1)
        .max(100)
        .optional(),
      limit: z.number().int().min(1).max(50_000),
    }),
  ),
  /** Log entries `from`…`to` (inclusive, at most 1,000) of a node at a moment; `seq` left out = now. */
  'timeline.entries': call(
    z.strictObject({ source, node, from: z.number().int(), to: z.number().int(), seq: seq.optional() }),
  ),
  ...OVERVIEW_CALLS,
  ...EXPORT_CALLS,
  ...CAUSALITY_CALLS,
  ...MOMENT_CALLS,
  ...BRANCH_CALLS,
  ...SCENARIO_CALLS,
  ...VERDICT_CALLS,
  /**
   * In place of whatever is open: a cluster whose nodes have this bug (`correct`: the same run without it), and the script that
   * provokes it. Answers when the cluster is open; the script goes on by itself.
   */
  'zoo.hunt': call(z.strictObject({ bug: z.enum(BUG_IDS), correct: z.boolean() })),
} as const satisfies Record<string, { input: z.ZodType }>

export type CallName = keyof typeof CALLS
export type CallInput<C extends CallName> = z.infer<(typeof CALLS)[C]['input']>

interface Outputs
  extends OverviewOutputs,
    ExportOutputs,
    CausalityOutputs,
    MomentOutputs,
    BranchOutputs,
    ScenarioOutputs,
    VerdictOutputs {
  'workbench.info': WorkbenchInfo
  'settings.get': Settings
  'settings.set': Settings
  'clusters.list': readonly ClusterListItem[]
  'clusters.create': { readonly name: string }
  'clusters.open': { readonly name: string }
  'recordings.list': readonly RecordingListItem[]
  'recordings.open': RecordingInfo
  'recordings.choose': { readonly path: string } | null
  'node.disk': DiskView
  'node.add': { readonly node: number }
  'node.snapshot': { readonly index: number }
  'clusters.settings': ClusterSettings
  'clusters.configure': ClusterSettings
  'membership.change': { readonly index: number }
  /** 0: there are no rules, so there is no fault. */
  'link.condition': { readonly fault: number }
  'link.preset': { readonly fault: number }
  'held.read': HeldDetail
  'held.releaseAll': { readonly released: number }
  'held.duplicate': { readonly id: number }
  'fault.arm': { readonly fault: number }
  'fault.flipBit': FlippedBitView
  /** What could not be healed; empty = nothing is left. */
  'fault.healAll': readonly UnhealedView[]
  'breakpoint.set': { readonly id: number }
  /** Null: it waits for something, and stands where it is. */
  'stop.step': StoppedView | null
  'nemesis.preview': readonly NemesisStep[]
  'nemesis.start': { readonly id: number }
  'workload.start': { readonly id: number }
  'client.cas': CallResultView
  'client.append': CallResultView
  'client.put': CallResultView
  'client.get': CallResultView
  'client.delete': CallResultView
  'timeline.info': RecordingInfo
  'timeline.state': MomentView
  'timeline.events': readonly EventView[]
  'timeline.entries': readonly EntryView[]
  'zoo.hunt': { readonly cluster: string }
}
export type CallOutput<C extends CallName> = C extends keyof Outputs ? Outputs[C] : undefined
