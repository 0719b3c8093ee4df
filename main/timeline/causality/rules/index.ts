/** One rule for each kind of event: what explains it. */
import type { EventKind, TimelineEvent } from '../../../node/contract/events'
import type { Look } from '../look'
import type { Because } from '../types'
import { because, type Rule } from './common'
import * as elections from './elections'
import * as logs from './logs'
import * as messages from './messages'
import * as workbench from './workbench'

/** Somebody did it, or it comes by itself: nothing on the timeline led to it. */
const byItself = async (): Promise<readonly Because[]> => []

/** All that is known of what it did is its order. */
const foreign: Rule<'foreign'> = async (look, event) =>
  because([
    (await look.stimulus(event, 'received')) ?? (await look.before(event.seq, (at) => at.node === event.node)),
    'here',
  ])

const sessions: Rule<'sessions'> = async (look, event) =>
  because([await look.before(event.seq, (at) => at.node === event.node && at.kind === 'applied'), 'ran'])

const RULES: { readonly [K in EventKind]: Rule<K> } = {
  started: workbench.started,
  role: elections.role,
  leader: elections.leader,
  hardState: elections.hardState,
  appended: logs.appended,
  truncated: logs.truncated,
  persisted: logs.persisted,
  committed: logs.committed,
  applied: logs.applied,
  timer: elections.timer,
  progress: logs.progress,
  remark: elections.remark,
  sent: messages.sent,
  received: messages.received,
  dropped: messages.dropped,
  stats: byItself,
  trouble: workbench.trouble,
  configuration: logs.configuration,
  snapshot: logs.snapshot,
  compacted: logs.compacted,
  read: logs.read,
  transfer: workbench.transfer,
  sessions,
  held: messages.held,
  released: messages.released,
  copied: messages.copied,
  moved: messages.moved,
  clock: workbench.clock,
  struck: workbench.struck,
  breakpoint: workbench.breakpoint,
  cluster: byItself,
  process: workbench.process,
  link: workbench.link,
  fault: workbench.fault,
  invoke: byItself,
  answer: workbench.answer,
  gap: byItself,
  note: byItself,
  output: workbench.output,
  closing: byItself,
  operation: workbench.operation,
  rules: workbench.rules,
  watch: byItself,
  stop: workbench.stop,
  nemesis: workbench.nemesis,
  workload: workbench.workload,
  load: workbench.load,
  foreign,
}

/** What directly explains an event; empty when nothing on the timeline does. Nothing explains what is earlier by the clock. */
export async function explain(look: Look, event: TimelineEvent): Promise<readonly Because[]> {
  const found = await (RULES[event.kind] as Rule<EventKind>)(look, event)
  return found.filter((one) => one.event.t <= event.t && one.event.seq !== event.seq)
}
