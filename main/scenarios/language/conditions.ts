/** What a scenario waits for, expects, or rules out. Each is one object with one key, which says what it is about. */
import { z } from 'zod'
import { CALL_OUTCOMES } from '../../node/contract/events'
import {
  boundSchema,
  eventKindSchema,
  linksSchema,
  messageTypeSchema,
  nameSchema,
  whomSchema,
  whoSchema,
} from './values'

z.config({ jitless: true })

export const STANDINGS = ['starting', 'running', 'paused', 'stopped', 'killed', 'crashed', 'removed'] as const
const ROLES_IN_WORDS = ['follower', 'pre-candidate', 'candidate', 'leader', 'learner', 'witness'] as const

/** What is left out does not matter; all the rest must hold together. */
const nodeFacts = {
  standing: z.enum(STANDINGS).optional(),
  role: z.enum(ROLES_IN_WORDS).optional(),
  term: boundSchema.optional(),
  /** 0 = nobody. */
  votedFor: z.union([z.literal(0), whoSchema]).optional(),
  /** Whom it follows; 0 = nobody. */
  leader: z.union([z.literal(0), whoSchema]).optional(),
  firstIndex: boundSchema.optional(),
  lastIndex: boundSchema.optional(),
  lastTerm: boundSchema.optional(),
  durableIndex: boundSchema.optional(),
  commitIndex: boundSchema.optional(),
  lastApplied: boundSchema.optional(),
  snapshotIndex: boundSchema.optional(),
}

export const CONDITIONS = {
  /** Each of these nodes. */
  node: z.strictObject({ node: z.strictObject({ is: whomSchema, ...nodeFacts }) }),
  /** There is a leader (this one; in such a term), it runs, and so many others (`all`: all that run) follow it. */
  leader: z.strictObject({
    leader: z.strictObject({
      is: whoSchema.optional(),
      isNot: whoSchema.optional(),
      term: boundSchema.optional(),
      followed: z.union([z.literal('all'), z.number().int().min(0)]).optional(),
    }),
  }),
  /** Nobody that runs leads. */
  noLeader: z.strictObject({ noLeader: z.literal(true) }),
  /** The terms of a node's log, from index 1 (or from `from`) to its end: `[1, 1, 2]`. */
  log: z.strictObject({
    log: z.strictObject({
      of: whomSchema,
      terms: z.array(z.number().int().min(1)),
      from: z.number().int().min(1).default(1),
    }),
  }),
  /** An entry in a node's log: of this term, with this command in words (`put x`), or `absent`. `durable`: on its disk. */
  entry: z.strictObject({
    entry: z.strictObject({
      of: whomSchema,
      index: z.number().int().min(1),
      term: boundSchema.optional(),
      key: z.string().optional(),
      value: z.string().optional(),
      durable: z.boolean().optional(),
      absent: z.boolean().default(false),
    }),
  }),
  /** The logs of these nodes are the same from the later first index on. */
  sameLogs: z.strictObject({ sameLogs: whomSchema }),
  /** Somebody (or each of these) knows this entry to be committed; with `term`: the entry of that term at that index. */
  committed: z.strictObject({
    committed: z.strictObject({
      index: z.number().int().min(1),
      term: z.number().int().min(1).optional(),
      by: whomSchema.optional(),
    }),
  }),
  /** So many messages are held on these links, of this type. */
  held: z.strictObject({
    held: z.strictObject({
      ...linksSchema.shape,
      message: messageTypeSchema.optional(),
      count: boundSchema.default('>= 1'),
    }),
  }),
  /** A named call has its answer. */
  answer: z.strictObject({
    answer: z.strictObject({
      call: nameSchema,
      outcome: z.enum(CALL_OUTCOMES).optional(),
      found: z.boolean().optional(),
      value: z.string().optional(),
      /** Code of the problem. */
      problem: z.string().optional(),
      index: boundSchema.optional(),
      term: boundSchema.optional(),
    }),
  }),
  /** A named call has no answer yet. */
  unanswered: z.strictObject({ unanswered: nameSchema }),
  /** The configuration that a node goes by. Lists of nodes, in any order. */
  configuration: z.strictObject({
    configuration: z.strictObject({
      of: whomSchema,
      voters: z.array(whoSchema).optional(),
      outgoing: z.array(whoSchema).optional(),
      learners: z.array(whoSchema).optional(),
      witnesses: z.array(whoSchema).optional(),
      committed: z.boolean().optional(),
    }),
  }),
  /** Such events were told since the step began (`since: begin`: since the scenario did). `where` compares single fields. */
  event: z.strictObject({
    event: z.strictObject({
      kind: eventKindSchema,
      node: whoSchema.optional(),
      where: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
      count: boundSchema.default('>= 1'),
      since: z.enum(['step', 'begin']).default('step'),
    }),
  }),
  /** The whole cluster stands, at a breakpoint or by command. */
  stopped: z.strictObject({
    stopped: z.union([z.literal(true), z.strictObject({ node: whoSchema.optional(), kind: z.string().optional() })]),
  }),
  /** In a term there were so many leaders, over all that was recorded since the scenario began. */
  leaders: z.strictObject({ leaders: z.strictObject({ term: z.number().int().min(1), count: boundSchema }) }),
}

const anyCondition = z.union([
  CONDITIONS.node,
  CONDITIONS.leader,
  CONDITIONS.noLeader,
  CONDITIONS.log,
  CONDITIONS.entry,
  CONDITIONS.sameLogs,
  CONDITIONS.committed,
  CONDITIONS.held,
  CONDITIONS.answer,
  CONDITIONS.unanswered,
  CONDITIONS.configuration,
  CONDITIONS.event,
  CONDITIONS.stopped,
  CONDITIONS.leaders,
])

/** One condition, or its opposite. */
export const conditionSchema = z.union([anyCondition, z.strictObject({ not: anyCondition })]).meta({ id: 'condition' })
export type Condition = Readonly<z.infer<typeof conditionSchema>>
export type PlainCondition = Readonly<z.infer<typeof anyCondition>>
export type ConditionKind = keyof typeof CONDITIONS

/** One, or several that must hold at the same time. */
export const conditionsSchema = z.union([conditionSchema, z.array(conditionSchema).min(1)]).meta({ id: 'conditions' })
export type Conditions = z.infer<typeof conditionsSchema>
