/**
 * A nemesis: a random schedule of faults, made before it begins, and performed on a running cluster. Pure values; the schemas
 * stand at the doors (contract, command line).
 *
 * `nemesis/schedule.ts` makes the schedule: the same plan and the same node ids give the same schedule, on every machine.
 * `nemesis/run.ts` performs it: whatever is begun is ended by its own step, at the latest at `durationMs`; then everything
 * is healed, every node runs again, every removed member is back, and nothing is done for `quietMs`.
 */
import { z } from 'zod'
import { type linkRuleSchema, type nodeFaultSchema, seedSchema } from '../../node/contract/conditions'
import type { ProblemCode } from '../../node/contract/problem'

z.config({ jitless: true })

export const MAX_NEMESIS_MS = 24 * 3_600_000
export const MAX_STEPS = 100_000

/** Begins of this package per minute, on average (exponential gaps); 0 or left out = none. */
const perMinute = z.number().min(0).max(600).default(0)
/** How long what has begun lasts: evenly between the two, milliseconds. */
const lasting = z
  .strictObject({ minMs: z.number().min(1).max(600_000), maxMs: z.number().min(1).max(600_000) })
  .refine(({ minMs, maxMs }) => minMs <= maxMs, 'minMs is greater than maxMs')
  .default({ minMs: 500, maxMs: 5000 })

export const NEMESIS_PACKAGES = ['process', 'partition', 'link', 'disk', 'clock', 'membership'] as const
export type NemesisPackage = (typeof NEMESIS_PACKAGES)[number]

const packageSchema = z.strictObject({ perMinute, lasting })

export const nemesisPlanSchema = z.strictObject({
  seed: seedSchema,
  durationMs: z.number().int().min(1).max(MAX_NEMESIS_MS),
  /** At the end, after everything was healed. */
  quietMs: z.number().int().min(0).max(3_600_000).default(5000),
  /**
   * Nodes that are down, paused or damaged at the same time by this nemesis, at most; default: a minority. Refused
   * (`schedule-lethal`) when it is as many as there are nodes.
   */
  maxDown: z.number().int().min(0).max(51).optional(),
  packages: z.strictObject({
    /** kill, stop, pause, crash points. */
    process: packageSchema.optional(),
    /** The patterns of LINK_PRESETS that cut, and random groups. */
    partition: packageSchema.optional(),
    /** drop, delay, duplicate, reorder, bandwidth; some by message type. Never `hold`: nobody would release. */
    link: packageSchema.optional(),
    /** slow, EIO, ENOSPC, torn write, power loss, flipped bit (mended, or the node rebuilt, at its end). */
    disk: packageSchema.optional(),
    /** rates 0.5…2, jumps to ± 2 s, fired timers. Never manual. */
    clock: packageSchema.optional(),
    /** transfer, learner and back, remove and add, witness-safe; wipe and rejoin. One at a time. */
    membership: packageSchema.optional(),
  }),
})
export type NemesisPlan = Readonly<z.infer<typeof nemesisPlanSchema>>
export type NemesisPlanInput = z.input<typeof nemesisPlanSchema>

/** Whom a step is about: a node by number, or whoever leads when the step is taken. */
export type Target = number | 'leader'

/** What a step begins. */
export type NemesisDeed =
  | { readonly type: 'kill' | 'stop' | 'pause'; readonly node: Target }
  | { readonly type: 'arm'; readonly node: Target; readonly fault: z.infer<typeof nodeFaultSchema> }
  | { readonly type: 'partition'; readonly groups: readonly (readonly number[])[] }
  | { readonly type: 'isolate'; readonly node: Target }
  | {
      readonly type: 'links'
      readonly links: readonly (readonly [from: number, to: number])[]
      readonly rules: readonly z.infer<typeof linkRuleSchema>[]
      readonly seed: number
    }
  /** Of a node that is down by this nemesis: it is stopped first. `record` is drawn among those there are: 0…1. */
  | {
      readonly type: 'flip-bit'
      readonly node: number
      readonly record: number
      /** How it is mended at its end. */
      readonly mend: 'flip-back' | 'rebuild'
    }
  | { readonly type: 'clock-rate'; readonly node: Target; readonly rate: number }
  | { readonly type: 'clock-jump'; readonly node: Target; readonly millis: number }
  | { readonly type: 'fire'; readonly node: number }
  | { readonly type: 'transfer'; readonly node: number }
  /** A voter becomes a learner, until the end of the step. */
  | { readonly type: 'demote'; readonly node: number }
  /** Out of the cluster's membership, then rebuilt with an empty disk. */
  | { readonly type: 'wipe'; readonly node: number }

/** `end` takes back what step number `of` began; what has ended by itself needs nothing. */
export type NemesisStep =
  | {
      readonly number: number
      /** Milliseconds from the begin. */
      readonly at: number
      readonly action: 'begin'
      readonly package: NemesisPackage
      readonly deed: NemesisDeed
    }
  | { readonly number: number; readonly at: number; readonly action: 'end'; readonly of: number }

export interface NemesisSchedule {
  readonly plan: NemesisPlan
  /** Sorted. */
  readonly nodes: readonly number[]
  /** By `at`; numbers 1, 2, 3… */
  readonly steps: readonly NemesisStep[]
}

/** `nemesis/schedule.ts`. Throws Problem 'schedule-lethal', or 'fault-invalid' when it has more than {@link MAX_STEPS}. */
export type MakeSchedule = (plan: NemesisPlan, nodes: readonly number[]) => NemesisSchedule

export interface NemesisEnd {
  /** `stopped`: by command, or because the cluster closed. */
  readonly outcome: 'done' | 'stopped'
  readonly taken: number
  /** Steps that could not be taken, by why: no leader at that time, a node that was down already. */
  readonly skipped: Readonly<Partial<Record<ProblemCode, number>>>
}

export interface NemesisRun {
  readonly id: number
  readonly schedule: NemesisSchedule
  /** Resolves when everything is healed and the quiet end is over. Never rejects. */
  readonly ended: Promise<NemesisEnd>
  /** Ends it now; resolves when everything is healed. */
  stop(): Promise<void>
}
