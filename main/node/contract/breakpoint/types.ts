/**
 * The language of breakpoints. One parser serves the node (which checks), the workbench (which refuses) and the window
 * (which completes and points). It knows events by `events.ts` and imports nothing else.
 *
 * ```
 * breakpoint  = [ scope ":" ] or
 * scope       = "any" | node { "," node }                          n2: …      n1, n3: …       left out = any
 * or          = and { "or" and }
 * and         = not { "and" not }
 * not         = "not" not | "(" or ")" | term
 * term        = alias | comparison | event
 * comparison  = name ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
 * name        = state                                              term, role, commitIndex … ({@link STATE_NAMES})
 *             | event "." field                                    remark.name, received.message, truncated.fromIndex
 * event       = a kind of event that a node reports                truncated, received, snapshot …
 * alias       = one or more words of {@link ALIASES}               vote refused, entry truncated, leader elected
 * value       = number | word | node | "none" | "true" | "false"   10, leader, vote-refused-lease, n2
 * node        = "n" digits
 * ```
 *
 * Words are told apart by case only in names of events, fields and states; `AND` is `and`, `Leader` is `leader`. `==` is
 * read as `=`, `&&` as `and`, `||` as `or`, `!` as `not`, `≥` as `>=`, `≤` as `<=`, `≠` as `!=`. A flag stands alone for
 * `= true`. `<` and its kin compare numbers only. Lists of ids and bytes cannot be compared.
 *
 * **Meaning.** The text is brought to alternatives (`or` outside, `and` inside; at most {@link MAX_ALTERNATIVES}), and each
 * is one of two:
 *
 * - It names an event: it is looked at when such an event happens, and hits when all of it is true then. States are as they
 *   are right after the event. It hits each time.
 * - It names states only: it hits at the event with which it **becomes** true. True already when the breakpoint is set, or when
 *   the node has just started, is not becoming: it must be false once before.
 *
 * An alternative that names two kinds of events can never be true and is refused (`never-true`), as is one that compares the
 * same name with two different values by `=`. `not` before an event is refused (`event-negated`): nearly everything is
 * another event.
 *
 * **Where it is looked at**: in the node, with every event that it reports, in order, before anything else is done with what
 * the core wanted by the same step: before the write, before the messages. It does not depend on the telemetry level.
 */
import type { EventKind } from '../events'

export const MAX_BREAKPOINT_TEXT = 500
export const MAX_ALTERNATIVES = 32
/** Of a cluster. */
export const MAX_BREAKPOINTS = 64

/** A node's own state, as the core has it right after the event. Numbers, unless a word follows. */
export interface Look {
  /** One of ROLES. */
  readonly role: string
  readonly term: number
  /** A node, 0 = none. */
  readonly votedFor: number
  /** A node, 0 = none. */
  readonly leader: number
  readonly commitIndex: number
  readonly lastApplied: number
  readonly firstIndex: number
  readonly lastIndex: number
  readonly durableIndex: number
  readonly snapshotIndex: number
  /** Yes or no: it falls silent because there is nothing to say. */
  readonly quiescent: boolean
  /** Number of voters in the configuration that it goes by. */
  readonly voters: number
  /** Messages that it holds. */
  readonly held: number
}
export const STATE_NAMES = [
  'role',
  'term',
  'votedFor',
  'leader',
  'commitIndex',
  'lastApplied',
  'firstIndex',
  'lastIndex',
  'durableIndex',
  'snapshotIndex',
  'quiescent',
  'voters',
  'held',
] as const satisfies readonly (keyof Look)[]
export type StateName = (typeof STATE_NAMES)[number]
/** Other words for them. */
export const STATE_SYNONYMS: Readonly<Record<string, StateName>> = { currentTerm: 'term', committed: 'commitIndex' }

/** Kinds that a breakpoint can name: those that a node reports about Raft, not about its own process or this language. */
export const BREAKPOINT_KINDS = [
  'started',
  'role',
  'leader',
  'hardState',
  'appended',
  'truncated',
  'persisted',
  'committed',
  'applied',
  'timer',
  'progress',
  'remark',
  'sent',
  'received',
  'dropped',
  'held',
  'released',
  'copied',
  'clock',
  'struck',
  'trouble',
  'configuration',
  'snapshot',
  'compacted',
  'read',
  'transfer',
] as const satisfies readonly EventKind[]
export type BreakpointKind = (typeof BREAKPOINT_KINDS)[number]

/**
 * Phrases, and what each stands for in the language. A name that is a kind and a state (`leader`, `role`, `held`) is the state when a
 * comparison follows, and the event when it stands alone.
 */
export const ALIASES: Readonly<Record<string, string>> = {
  'leader elected': 'role.role = leader',
  'leader lost': 'leader.leader = none',
  'election started': 'role.role = candidate or role.role = pre-candidate',
  'election timeout': 'remark.name = election-timeout',
  'term changed': 'hardState',
  'vote granted': 'remark.name = vote-granted',
  'vote refused':
    'remark.name = vote-refused-stale-term or remark.name = vote-refused-already-voted or ' +
    'remark.name = vote-refused-log-behind or remark.name = vote-refused-lease or remark.name = vote-refused-still-joining',
  'pre-vote refused':
    'remark.name = pre-vote-refused-term or remark.name = pre-vote-refused-lease or remark.name = pre-vote-refused-log-behind',
  'append refused':
    'remark.name = append-refused-stale-term or remark.name = append-refused-gap or remark.name = append-refused-mismatch',
  'duplicate received': 'remark.name = append-duplicate',
  'commit waits': 'remark.name = commit-waits-for-own-term',
  'entry appended': 'appended',
  'entry truncated': 'truncated',
  'entry committed': 'committed',
  'entry applied': 'applied',
  'entry persisted': 'persisted',
  'message sent': 'sent',
  'message received': 'received',
  'message dropped': 'dropped',
  'message held': 'held',
  'snapshot saved': 'snapshot.stage = saved',
  'snapshot installed': 'snapshot.stage = installed',
  'log compacted': 'compacted',
  'configuration changed': 'configuration',
  'leadership transferred': 'transfer.stage = done',
  'node started': 'started',
  'node troubled': 'trouble',
}

export type ErrorCode =
  | 'empty'
  | 'too-long'
  | 'unexpected-character'
  | 'unexpected-word'
  | 'unexpected-end'
  | 'unknown-name'
  | 'unknown-field'
  | 'unknown-value'
  /** A number where a word belongs, or the other way round. */
  | 'wrong-type'
  /** `<` between words. */
  | 'not-ordered'
  /** A list, bytes. */
  | 'not-comparable'
  | 'event-negated'
  | 'never-true'
  | 'too-many-alternatives'

/** What is wrong, and where: `from`…`to` (not included) in UTF-16 units of the text; equal at its end. */
export interface BreakpointError {
  readonly from: number
  readonly to: number
  readonly code: ErrorCode
  /** The text there; empty at the end. */
  readonly found: string
  /** What could stand there, at most 20, the likeliest first. */
  readonly expected: readonly string[]
}

export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>='
export type Term =
  | { readonly type: 'event'; readonly kind: BreakpointKind }
  | {
      readonly type: 'state'
      readonly name: StateName
      readonly comparator: Comparator
      readonly value: string | number | boolean
    }
  | {
      readonly type: 'field'
      readonly kind: BreakpointKind
      readonly field: string
      readonly comparator: Comparator
      readonly value: string | number | boolean
    }

/** All terms true at once. `kind`: the event that it is looked at with; undefined = it names states only. */
export interface Alternative {
  readonly kind: BreakpointKind | undefined
  /** `not` of a comparison is the opposite comparison already. */
  readonly terms: readonly Term[]
}

export interface Parsed {
  readonly text: string
  /** Empty = any. */
  readonly nodes: readonly number[]
  readonly alternatives: readonly Alternative[]
  /** Kinds that have to be looked at; undefined = every one, because a state may change with it. */
  readonly kinds: ReadonlySet<BreakpointKind> | undefined
}

export type ParseResult =
  | { readonly ok: true; readonly breakpoint: Parsed }
  | { readonly ok: false; readonly error: BreakpointError }

/** `breakpoint/parse.ts`. */
export type Parse = (text: string) => ParseResult

/** An event as the node is about to report it: before it has its number and time. */
export interface Happened {
  readonly kind: EventKind
  readonly [field: string]: unknown
}

/** Of one breakpoint in one node. */
export interface Check {
  /** Whether it hits at this event. To be called with every event of `kinds`, in order; `look` is called only when needed. */
  hits(event: Happened, look: () => Look): boolean
}
/** `breakpoint/check.ts`. `look`: as it is when the breakpoint is set. */
export type MakeCheck = (breakpoint: Parsed, look: Look) => Check

export type CompletionType = 'node' | 'state' | 'event' | 'field' | 'alias' | 'comparator' | 'value' | 'word'
export interface Completion {
  readonly type: CompletionType
  /** What replaces `from`…`to`. */
  readonly text: string
  /** An alias: what it stands for. A state, field or value: what it belongs to. Else empty. */
  readonly detail: string
}
export interface Completions {
  readonly from: number
  readonly to: number
  /** The best first: what begins with what stands there, then what contains it. */
  readonly items: readonly Completion[]
}
/** `breakpoint/complete.ts`. `nodes`: of the cluster, to be offered. Works in a text that does not parse. */
export type Complete = (text: string, cursor: number, nodes: readonly number[]) => Completions
