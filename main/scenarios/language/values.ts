/** The small words that steps and conditions of a scenario are made of. */
import { z } from 'zod'
import { EVENT_FIELDS, type EventKind, MESSAGE_TYPES } from '../../node/contract/events'

z.config({ jitless: true })

/** Both languages of the workbench, always. */
export const textSchema = z.strictObject({ en: z.string().min(1), zh: z.string().min(1) }).meta({ id: 'text' })
export type Text = Readonly<z.infer<typeof textSchema>>

/** `200ms`, `1.5s`, `2m`; at most ten minutes. */
export const durationSchema = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m)$/, 'a duration is a number with ms, s or m: 200ms, 1.5s, 2m')
  .refine((text) => millisOf(text) <= 600_000, 'at most 10m')
  .meta({ id: 'duration', examples: ['200ms', '1.5s'] })

/** Milliseconds of a duration that keeps to {@link durationSchema}. */
export function millisOf(text: string): number {
  const [, number = '0', unit] = /^([\d.]+)(ms|s|m)$/.exec(text) ?? []
  return Number(number) * (unit === 'm' ? 60_000 : unit === 's' ? 1000 : 1)
}

/** A name that the scenario gave: to a node (`let`, `add`), where it is used with `$` before it; to a call; to a workload. */
export const nameSchema = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9-]*$/, 'a name is letters, digits and -, and begins with a small letter')
  .meta({ id: 'name' })

/** One node: its number, `leader` (of the highest term, running, when the step begins), or `$name`. */
export const whoSchema = z
  .union([
    z.number().int().min(1).max(65_535),
    z.literal('leader'),
    z.string().regex(/^\$[a-z][a-zA-Z0-9-]*$/, 'a node is a number, leader, or $name'),
  ])
  .meta({ id: 'who' })
export type Who = z.infer<typeof whoSchema>

/** Several nodes. `followers`: everybody who runs but the leader. */
export const whomSchema = z
  .union([whoSchema, z.enum(['all', 'followers']), z.array(whoSchema).min(1)])
  .meta({ id: 'whom' })
export type Whom = z.infer<typeof whomSchema>

/** A number, or a bound on one: `'>= 3'`, `'< 10'`. */
export const boundSchema = z
  .union([z.number().int(), z.string().regex(/^(>=|<=|>|<|=|!=) *\d+$/, "a bound is a number, or like '>= 3'")])
  .meta({ id: 'bound', examples: [3, '>= 3'] })
export type Bound = z.infer<typeof boundSchema>

/** Where chance begins. */
export const chanceSchema = z.number().int().min(0).max(0xffff_ffff).default(1)

export const messageTypeSchema = z.enum(MESSAGE_TYPES).meta({ id: 'message-type' })

/** Directed links. Everything that is left out is everybody. */
export const linksSchema = z
  .strictObject({
    from: whomSchema.default('all'),
    to: whomSchema.default('all'),
    /** The other way as well. */
    both: z.boolean().default(false),
  })
  .meta({ id: 'links' })
export type Links = Readonly<z.infer<typeof linksSchema>>

export const eventKindSchema = z
  .enum(Object.keys(EVENT_FIELDS) as [EventKind, ...EventKind[]])
  .meta({ id: 'event-kind' })
