/**
 * The only description of what a window may ask of the workbench: one map of calls, one of streams. Electron's IPC and
 * the browser's WebSocket carry exactly this; both check every input by its schema before anything sees it. Its parts
 * stand in `contract/`; everybody imports them from here.
 */
export {
  MAX_NEMESIS_MS,
  NEMESIS_PACKAGES,
  type NemesisDeed,
  type NemesisPackage,
  type NemesisPlan,
  type NemesisPlanInput,
  type NemesisStep,
  nemesisPlanSchema,
} from '../main/cluster/nemesis/types'
export {
  LOAD_INTERVAL_MS,
  MAX_CALLS_PER_SECOND,
  MAX_CLIENTS,
  MAX_KEYS,
  MAX_WORKLOADS,
  type WorkloadPlan,
  type WorkloadPlanInput,
  workloadPlanSchema,
} from '../main/cluster/workload/types'
/** The language of breakpoints, for who writes one: pure, no call is needed. */
export { complete as completeBreakpoint } from '../main/node/contract/breakpoint/complete'
export { parse as parseBreakpoint } from '../main/node/contract/breakpoint/parse'
export {
  ALIASES,
  BREAKPOINT_KINDS,
  type BreakpointError,
  type BreakpointKind,
  type Completion,
  type Completions,
  type CompletionType,
  type ErrorCode,
  MAX_BREAKPOINT_TEXT,
  MAX_BREAKPOINTS,
  type ParseResult,
} from '../main/node/contract/breakpoint/types'
export { BUG_IDS, type BugId } from '../main/node/contract/bugs'
export { CONSISTENCIES, type Consistency } from '../main/node/contract/client'
export {
  type ClockSetting,
  CRASH_POINTS,
  DISK_ERRORS,
  FLAKY,
  LINK_PRESETS,
  type LinkAction,
  type LinkPreset,
  type LinkRule,
  type LinkRules,
  MAX_CLOCK_RATE,
  MAX_DELAY_MS,
  MAX_LINK_RULES,
  MIN_CLOCK_RATE,
  type NodeFault,
  type NodeFaultType,
  type Shape,
  SLOW,
} from '../main/node/contract/conditions'
export { type ClientOp, type EventKind, MESSAGE_TYPES, type TimelineEvent } from '../main/node/contract/events'
export type { MessageJson } from '../main/node/contract/message-schema'
export type { ProblemCode } from '../main/node/contract/problem'
export { type ClusterSettings, DEFAULT_SETTINGS, type SettingName } from '../main/node/contract/settings'
/** The rules of membership, as the nodes go by them: a window shows what a change would lead to. */
export { isJoint, leaveJoint, membersOf, plan, roleIn } from '../main/raft/configuration'
export {
  CHANGE_REFUSALS,
  type ChangeMode,
  type ChangeRefusal,
  type Configuration,
  type MemberRole,
  type MembershipChange,
  type MessageType,
  type ProgressView,
  type Role,
  TRANSFER_REFUSALS,
  type TransferRefusal,
} from '../main/raft/types'
export type { RecordingInfo } from '../main/timeline/api'
export type {
  BreakpointState,
  ClockState,
  OperationState,
  ProcessState,
  SnapshotState,
  SnapshotTransfer,
  StopState,
} from '../main/timeline/state'
export { BUG_WORDS } from '../main/zoo/words'
export * from './contract/calls'
export * from './contract/door'
export * from './contract/faults'
export * from './contract/scenarios'
export * from './contract/streams'
export * from './contract/timeline/branches'
export * from './contract/timeline/causality'
export * from './contract/timeline/exports'
export * from './contract/timeline/moments'
export * from './contract/timeline/overview'
export * from './contract/verdicts'
export * from './contract/views'
