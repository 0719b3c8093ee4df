/** What somebody fills in to export a timeline, and what of it is sent. Pure. */
import {
  type EventKind,
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportWishInput,
  HISTORY_FORMATS,
  MAX_PICTURE_WIDTH,
  MIN_PICTURE_WIDTH,
  WHOLE_FORMATS,
} from '../../../preload/contract'
import type { Typed } from '../../components/number-field'
import type { ShownSpan } from '../../stores/exporting'

/** Every kind of event, by what people look for; the compiler keeps it complete. */
const GROUP_OF = {
  started: 'nodes',
  stats: 'nodes',
  trouble: 'nodes',
  process: 'nodes',
  output: 'nodes',
  clock: 'nodes',
  role: 'elections',
  leader: 'elections',
  hardState: 'elections',
  timer: 'elections',
  transfer: 'elections',
  appended: 'log',
  truncated: 'log',
  persisted: 'log',
  committed: 'log',
  applied: 'log',
  progress: 'log',
  snapshot: 'log',
  compacted: 'log',
  sent: 'messages',
  received: 'messages',
  dropped: 'messages',
  held: 'messages',
  released: 'messages',
  copied: 'messages',
  moved: 'messages',
  configuration: 'members',
  operation: 'members',
  remark: 'log',
  read: 'clients',
  sessions: 'clients',
  invoke: 'clients',
  answer: 'clients',
  workload: 'clients',
  load: 'clients',
  struck: 'faults',
  link: 'faults',
  fault: 'faults',
  rules: 'faults',
  nemesis: 'faults',
  breakpoint: 'stops',
  watch: 'stops',
  stop: 'stops',
  cluster: 'recording',
  gap: 'recording',
  note: 'recording',
  closing: 'recording',
  foreign: 'recording',
} as const satisfies Record<EventKind, string>

export type KindGroup = (typeof GROUP_OF)[EventKind]
export const KIND_GROUPS = [...new Set(Object.values(GROUP_OF))] as readonly KindGroup[]

export function kindsOf(groups: ReadonlySet<KindGroup>): EventKind[] {
  return (Object.keys(GROUP_OF) as EventKind[]).filter((kind) => groups.has(GROUP_OF[kind]))
}

export const RANGES = ['all', 'shown', 'span'] as const
export type RangeChoice = (typeof RANGES)[number]

export interface ExportDraft {
  format: ExportFormat
  range: RangeChoice
  /** Seconds. */
  from: Typed
  to: Typed
  /** Left out of it; so a node that appears later is in. */
  withoutNodes: Set<number>
  withoutGroups: Set<KindGroup>
  /** Empty: all. */
  key: string
  theme: 'dark' | 'light'
  width: Typed
}

export const WIDTH_RANGE = { min: MIN_PICTURE_WIDTH, max: MAX_PICTURE_WIDTH, whole: true } as const
const PICTURES: readonly ExportFormat[] = ['svg', 'png']
const THEMED: readonly ExportFormat[] = ['svg', 'png', 'html']

export const isPicture = (format: ExportFormat): boolean => PICTURES.includes(format)
export const isThemed = (format: ExportFormat): boolean => THEMED.includes(format)
export const isHistory = (format: ExportFormat): boolean => HISTORY_FORMATS.includes(format)
/** Whether nodes and kinds can be chosen. */
export const isSelective = (format: ExportFormat): boolean => !WHOLE_FORMATS.includes(format)

export function newDraft(format: ExportFormat, range: RangeChoice, theme: 'dark' | 'light'): ExportDraft {
  return {
    format,
    range,
    from: 0,
    to: '',
    withoutNodes: new Set(),
    withoutGroups: new Set(),
    key: '',
    theme,
    width: 1600,
  }
}

const seconds = (value: Typed): number | undefined => (typeof value === 'number' && value >= 0 ? value : undefined)

export type Wrong = 'from' | 'to' | 'nodes' | 'kinds' | 'width'

/** What cannot be sent as it is filled in. An empty end of the range is the end of the recording. */
export function wrongIn(draft: ExportDraft, nodes: readonly number[]): Wrong | undefined {
  if (draft.range === 'span') {
    const from = seconds(draft.from)
    if (from === undefined) return 'from'
    if (draft.to !== '' && (seconds(draft.to) ?? -1) <= from) return 'to'
  }
  if (isSelective(draft.format)) {
    if (nodes.length > 0 && nodes.every((node) => draft.withoutNodes.has(node))) return 'nodes'
    if (KIND_GROUPS.every((group) => draft.withoutGroups.has(group))) return 'kinds'
  }
  if (isPicture(draft.format)) {
    const { width } = draft
    const fits = typeof width === 'number' && Number.isInteger(width) && width >= WIDTH_RANGE.min
    if (!fits || width > WIDTH_RANGE.max) return 'width'
  }
  return undefined
}

/** @param nodes all reporters that can be chosen: 0 is the workbench */
export function wishOf(draft: ExportDraft, nodes: readonly number[], shown: ShownSpan | undefined): ExportWishInput {
  const wish: ExportWishInput = { format: draft.format }
  if (draft.range === 'shown' && shown !== undefined) {
    wish.fromT = Math.max(0, Math.floor(shown.fromT))
    wish.toT = Math.max(0, Math.ceil(shown.toT))
  } else if (draft.range === 'span') {
    wish.fromT = Math.round((seconds(draft.from) ?? 0) * 1e9)
    const to = seconds(draft.to)
    if (to !== undefined) wish.toT = Math.round(to * 1e9)
  }
  if (isSelective(draft.format)) {
    if (draft.withoutNodes.size > 0) wish.nodes = nodes.filter((node) => !draft.withoutNodes.has(node))
    if (draft.withoutGroups.size > 0) {
      wish.kinds = kindsOf(new Set(KIND_GROUPS.filter((group) => !draft.withoutGroups.has(group))))
    }
  }
  if (isHistory(draft.format) && draft.key !== '') wish.key = draft.key
  if (isThemed(draft.format)) wish.theme = draft.theme
  if (isPicture(draft.format) && typeof draft.width === 'number') wish.width = draft.width
  return wish
}

// ── what is remembered ────────────────────────────────────────────────────────────────────────────────────────────

const STORED = 'raft-workbench.export.1'

export interface Remembered {
  readonly format: ExportFormat
  readonly range: RangeChoice
}

/** The last format and kind of range; a broken memory is none. */
export function remembered(): Remembered {
  try {
    const read = JSON.parse(localStorage.getItem(STORED) ?? '{}') as Partial<Remembered>
    return {
      format: EXPORT_FORMATS.find((format) => format === read.format) ?? 'jsonl',
      range: RANGES.find((range) => range === read.range) ?? 'all',
    }
  } catch {
    return { format: 'jsonl', range: 'all' }
  }
}

export function remember({ format, range }: Remembered): void {
  try {
    localStorage.setItem(STORED, JSON.stringify({ format, range }))
  } catch {
    // Private windows may refuse; the choice then lasts as long as the window.
  }
}
