/**
 * The steps of a scenario: each is one object with one key that says what is done (every command of the workbench), and what
 * every step may have beside it: narration, a time limit, and that it must be refused.
 */
import { z } from 'zod'
import { nemesisPlanSchema } from '../../cluster/nemesis/types'
import { workloadPlanSchema } from '../../cluster/workload/types'
import { BREAKPOINT_KINDS } from '../../node/contract/breakpoint/types'
import { CONSISTENCIES } from '../../node/contract/client'
import {
  LINK_PRESETS,
  linkRuleSchema,
  MAX_CLOCK_RATE,
  MIN_CLOCK_RATE,
  nodeFaultSchema,
} from '../../node/contract/conditions'
import { CALL_OUTCOMES, CLOCK_MODES } from '../../node/contract/events'
import { conditionsSchema } from './conditions'
import {
  chanceSchema,
  durationSchema,
  linksSchema,
  messageTypeSchema,
  nameSchema,
  textSchema,
  whomSchema,
  whoSchema,
} from './values'

z.config({ jitless: true })

const beside = {
  /** Told before the step is taken. */
  say: textSchema.optional(),
  /** How long the step may take, its waiting included. */
  within: durationSchema.optional(),
  /** The step must be refused, with this code: `change-refused`, `transfer-refused`, `node-state`, … */
  refused: z.string().min(1).optional(),
}

/** A client's call. In the background, the next step does not wait for its answer; `answer` conditions speak of it by its name. */
const calling = {
  key: z.string().min(1).max(256),
  /** Asks that node alone. */
  via: whoSchema.optional(),
  timeout: durationSchema.default('5s'),
  name: nameSchema.optional(),
  background: z.boolean().default(false),
  /** What its answer must be; not with `background`. */
  answer: z
    .strictObject({
      outcome: z.enum(CALL_OUTCOMES).optional(),
      found: z.boolean().optional(),
      value: z.string().optional(),
      problem: z.string().optional(),
    })
    .optional(),
}
const value = z.string().max(65_536)

/** Held messages of these links, in the order in which they came. */
const heldWish = {
  ...linksSchema.shape,
  message: messageTypeSchema.optional(),
  /** So many of each link; `all` of them. There must be as many. */
  count: z.union([z.literal('all'), z.number().int().min(1)]).default('all'),
}

/** For `endFault`: the faults that begin with this step. */
const faultName = { name: nameSchema.optional() }

const roleSchema = z.enum(['voter', 'learner', 'witness'])

export const STEPS = {
  /** Only narration, or a pause. */
  sleep: z.strictObject({ ...beside, sleep: durationSchema }),
  note: z.strictObject({ say: textSchema }),
  wait: z.strictObject({ ...beside, wait: conditionsSchema }),
  expect: z.strictObject({ ...beside, expect: conditionsSchema }),
  /** Names for nodes as they are now: `let: { old: leader }`, then `$old`. */
  let: z.strictObject({ ...beside, let: z.record(nameSchema, whoSchema) }),

  kill: z.strictObject({ ...beside, kill: whomSchema }),
  stop: z.strictObject({ ...beside, stop: whomSchema }),
  start: z.strictObject({ ...beside, start: whomSchema }),
  pause: z.strictObject({ ...beside, pause: whomSchema }),
  resume: z.strictObject({ ...beside, resume: whomSchema }),
  restart: z.strictObject({ ...beside, restart: whomSchema }),
  rebuild: z.strictObject({ ...beside, rebuild: whoSchema }),

  add: z.strictObject({
    ...beside,
    add: z.strictObject({
      role: roleSchema.default('voter'),
      node: z.number().int().min(1).optional(),
      name: nameSchema.optional(),
    }),
  }),
  remove: z.strictObject({ ...beside, remove: whoSchema }),
  change: z.strictObject({
    ...beside,
    change: z.strictObject({
      changes: z
        .array(
          z.union([
            z.strictObject({ add: whoSchema, role: roleSchema.default('voter') }),
            z.strictObject({ remove: whoSchema }),
          ]),
        )
        .min(1),
      mode: z.enum(['auto', 'joint', 'single']).default('auto'),
      background: z.boolean().default(false),
    }),
  }),
  /** `best`: to whoever is best. */
  transfer: z.strictObject({
    ...beside,
    transfer: z.union([z.literal('best'), whoSchema]),
    background: z.boolean().default(false),
  }),
  snapshot: z.strictObject({ ...beside, snapshot: whoSchema }),

  put: z.strictObject({ ...beside, put: z.strictObject({ ...calling, value }) }),
  append: z.strictObject({ ...beside, append: z.strictObject({ ...calling, value }) }),
  cas: z.strictObject({ ...beside, cas: z.strictObject({ ...calling, expected: value.nullable(), value }) }),
  delete: z.strictObject({ ...beside, delete: z.strictObject(calling) }),
  get: z.strictObject({ ...beside, get: z.strictObject({ ...calling, read: z.enum(CONSISTENCIES).default('index') }) }),

  block: z.strictObject({ ...beside, block: linksSchema }),
  /** Of these links their cuts and rules; `all`: every fault of every kind. */
  heal: z.strictObject({ ...beside, heal: z.union([z.literal('all'), linksSchema]) }),
  partition: z.strictObject({ ...beside, partition: z.array(z.array(whoSchema).min(1)).min(1) }),
  preset: z.strictObject({
    ...beside,
    preset: z.strictObject({ pattern: z.enum(LINK_PRESETS), at: whoSchema.optional() }),
    ...faultName,
  }),
  rules: z.strictObject({
    ...beside,
    rules: z.strictObject({ ...linksSchema.shape, rules: z.array(linkRuleSchema), seed: chanceSchema }),
    ...faultName,
  }),
  /** Messages of these types (all, when none is named) are held on these links. */
  hold: z.strictObject({
    ...beside,
    hold: z.strictObject({ ...linksSchema.shape, messages: z.array(messageTypeSchema).default([]) }),
    ...faultName,
  }),
  /** Waits until there are as many, then delivers them. */
  release: z.strictObject({ ...beside, release: z.strictObject(heldWish) }),
  drop: z.strictObject({ ...beside, drop: z.strictObject(heldWish) }),
  duplicate: z.strictObject({ ...beside, duplicate: z.strictObject(heldWish) }),
  /** The last of them is moved before the others. */
  reorder: z.strictObject({ ...beside, reorder: z.strictObject(heldWish) }),
  /** Of all that a link holds, in the order in which they came, the `nth` goes to this place; both from 1. */
  move: z.strictObject({
    ...beside,
    move: z.strictObject({
      from: whoSchema,
      to: whoSchema,
      nth: z.number().int().min(1),
      place: z.number().int().min(1),
    }),
  }),
  edit: z.strictObject({
    ...beside,
    edit: z.strictObject({ ...heldWish, set: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) }),
  }),

  clock: z.strictObject({
    ...beside,
    clock: z.strictObject({
      of: whomSchema,
      mode: z.enum(CLOCK_MODES).default('running'),
      rate: z.number().min(MIN_CLOCK_RATE).max(MAX_CLOCK_RATE).default(1),
    }),
  }),
  jump: z.strictObject({
    ...beside,
    jump: z.strictObject({ of: whomSchema, ms: z.number().min(-3_600_000).max(3_600_000) }),
  }),
  /** The node's next deadline is reached now: its election timer, or a leader's heartbeat. */
  fire: z.strictObject({ ...beside, fire: whoSchema }),

  arm: z.strictObject({ ...beside, arm: z.strictObject({ of: whoSchema, fault: nodeFaultSchema }), ...faultName }),
  /** Of a node that is down: `record` from 1, negative from the end. */
  flip: z.strictObject({
    ...beside,
    flip: z.strictObject({
      of: whoSchema,
      file: z.string().optional(),
      record: z.number().int(),
      bit: z.number().int().min(0).optional(),
    }),
    ...faultName,
  }),
  /** By its name; what it did is taken back, everything else stays. */
  endFault: z.strictObject({ ...beside, endFault: nameSchema }),

  breakpoint: z.strictObject({ ...beside, breakpoint: z.string().min(1), name: nameSchema.optional() }),
  /** By its name: another text, or whether it counts; what is left out stays. */
  changeBreakpoint: z.strictObject({
    ...beside,
    changeBreakpoint: z
      .strictObject({ name: nameSchema, text: z.string().min(1).optional(), enabled: z.boolean().optional() })
      .refine(({ text, enabled }) => text !== undefined || enabled !== undefined, 'give text, enabled, or both'),
  }),
  removeBreakpoint: z.strictObject({ ...beside, removeBreakpoint: nameSchema }),
  halt: z.strictObject({ ...beside, halt: z.literal(true) }),
  continue: z.strictObject({ ...beside, continue: z.literal(true) }),
  step: z.strictObject({
    ...beside,
    step: z.strictObject({ of: whoSchema, kind: z.enum(BREAKPOINT_KINDS).optional() }),
  }),

  /** Runs beside the following steps until its duration, `endWorkload`, or the end. */
  workload: z.strictObject({ ...beside, workload: workloadPlanSchema, name: nameSchema.optional() }),
  endWorkload: z.strictObject({ ...beside, endWorkload: nameSchema }),
  /** To its end, its quiet time included; `background`: beside the following steps. */
  nemesis: z.strictObject({ ...beside, nemesis: nemesisPlanSchema, background: z.boolean().default(false) }),
  /** The one that runs beside the steps; everything is healed then. */
  endNemesis: z.strictObject({ ...beside, endNemesis: z.literal(true) }),
  /** Nodes go by it from their next start. */
  configure: z.strictObject({ ...beside, configure: z.record(z.string(), z.unknown()) }),
} as const
export type StepKind = keyof typeof STEPS
export type StepOf<K extends StepKind> = Readonly<z.infer<(typeof STEPS)[K]>>
export type Step = { readonly [K in StepKind]: StepOf<K> }[StepKind]
