/**
 * Link conditioning, on the receiving node, per directed link `from → to`. A message that arrives is handled by the first
 * rule whose filter it passes; without one it is delivered at once. The order within one rule of one link is kept (a
 * jitter never lets a message overtake another), except by `reorderPercent` and by hand.
 *
 * Where a message goes through `shape`, in this order: dropped? (`dropped`, reason `lost`) · duplicated? (`copied`; the
 * copy follows its original) · set aside, to be overtaken? · `bytesPerSecond` · `delayMs` ± `jitterMs` · delivered. A message is
 * on its way from the moment at which it was sent, so what its socket took is a part of its delay.
 *
 * Chance: one generator per link (mulberry32), begun with `seed` when the rules are set and again at each start of the
 * node. Each message that meets a `shape` draws {@link DRAWS} numbers, whatever they are needed for: drop, duplicate,
 * reorder, by how many it is overtaken, jitter. So the same messages meet the same fate.
 *
 * When no rule of a link holds any more, what it held is released in order. What is delayed keeps its time.
 */
import * as z from 'zod/mini'
import { MESSAGE_TYPES } from '../events'

z.config({ ...z.locales.en(), jitless: true })

/** Rules of one link. */
export const MAX_LINK_RULES = 16
export const MAX_DELAY_MS = 60_000
const MAX_BYTES_PER_SECOND = 1_000_000_000
/** A message that is set aside is overtaken by 1 to so many that meet the same rule… */
export const MAX_OVERTAKEN_BY = 3
/** …or by fewer, when it has waited this long. */
export const REORDER_WITHIN_MS = 100
/** Numbers drawn per message that meets a `shape`. */
export const DRAWS = 5
/**
 * What one node keeps at most, held and delayed together. What arrives beyond is dropped, with the reason `hold-full`: the
 * newest, because the older ones are what somebody is looking at, and Raft sends again.
 */
export const MAX_KEPT_MESSAGES = 20_000
export const MAX_KEPT_BYTES = 16 << 20

const percentSchema = z.number().check(z.minimum(0), z.maximum(100))
export const delaySchema = z.number().check(z.minimum(0), z.maximum(MAX_DELAY_MS))
/** Of a generator: 0…2^32 − 1. */
export const seedSchema = z.int().check(z.minimum(0), z.maximum(0xffff_ffff))

/** All zeros = let it pass: a rule that takes its messages out of those that follow. */
export const shapeSchema = z.strictObject({
  type: z.literal('shape'),
  dropPercent: z._default(percentSchema, 0),
  delayMs: z._default(delaySchema, 0),
  /** ±, evenly; a sum below zero is no delay. */
  jitterMs: z._default(delaySchema, 0),
  duplicatePercent: z._default(percentSchema, 0),
  reorderPercent: z._default(percentSchema, 0),
  /** Of encoded messages, one after the other; 0 = as fast as they come. */
  bytesPerSecond: z._default(z.int().check(z.minimum(0), z.maximum(MAX_BYTES_PER_SECOND)), 0),
})

const linkActionSchema = z.discriminatedUnion('type', [
  /** Dropped on arrival: `dropped`, reason `blocked`. */
  z.strictObject({ type: z.literal('block') }),
  /** Kept until it is released by hand: `held`. */
  z.strictObject({ type: z.literal('hold') }),
  shapeSchema,
])

export const linkRuleSchema = z.strictObject({
  /** Empty = every message. */
  messages: z.array(z.enum(MESSAGE_TYPES)).check(z.maxLength(MESSAGE_TYPES.length)),
  action: linkActionSchema,
})

export const linkRulesSchema = z.strictObject({
  seed: seedSchema,
  /** None = the link is not conditioned. */
  rules: z.array(linkRuleSchema).check(z.maxLength(MAX_LINK_RULES)),
})

export type Shape = Readonly<z.infer<typeof shapeSchema>>
export type LinkAction = Readonly<z.infer<typeof linkActionSchema>>
export type LinkRule = Readonly<z.infer<typeof linkRuleSchema>>
export type LinkRules = Readonly<z.infer<typeof linkRulesSchema>>

export const NO_RULES: LinkRules = { seed: 0, rules: [] }

/** The first rule of a link that is cut, before its own: when the cut is mended, they count again. */
export const CUT: LinkRule = { messages: [], action: { type: 'block' } }

/** A directed link. */
export interface Link {
  readonly from: number
  readonly to: number
}

/**
 * One message that a node holds. `id` is the message's own, or that of a copy: those are negative, −(incarnation × 2^32 +
 * count) of the node that made it. (from, to, id) names what is held; (`from`, `id`) alone names only what was sent.
 */
export interface HeldRef extends Link {
  readonly id: number
}

/**
 * Whole patterns of links, as one fault. `at` is the node that it is about: the one that is isolated, bridges, or goes deaf.
 *
 * - `isolate-leader`: every link of the leader of the moment, both ways.
 * - `isolate`: every link of `at`.
 * - `majority`: a minority of the voters, the leader of the moment among it, against the rest.
 * - `bridge`: two halves; only `at` sees both.
 * - `ring`: each node sees its two neighbours by number, nobody else (from 4 nodes on).
 * - `deaf`: `at` hears nobody, and is heard by all.
 * - `mute`: `at` is heard by nobody, and hears all.
 * - `flaky`: all links (of `at`, where given) lose, double and reorder.
 * - `slow`: all links (of `at`, where given) delay, and carry little.
 * - `hold-all`: every link holds every message.
 */
export const LINK_PRESETS = [
  'isolate-leader',
  'isolate',
  'majority',
  'bridge',
  'ring',
  'deaf',
  'mute',
  'flaky',
  'slow',
  'hold-all',
] as const
export type LinkPreset = (typeof LINK_PRESETS)[number]
/** What `flaky` and `slow` are. */
export const FLAKY = { dropPercent: 20, duplicatePercent: 10, reorderPercent: 20, delayMs: 5, jitterMs: 5 } as const
export const SLOW = { delayMs: 120, jitterMs: 40, bytesPerSecond: 256 << 10 } as const
