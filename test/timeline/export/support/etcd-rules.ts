/** What etcd-io/raft's tracer writes: every name, field and type of state_trace.go, and what its specification relies on. */
import { z } from 'zod'

const id = z.string().regex(/^\d+$/)
const count = z.int().nonnegative()
const message = z.strictObject({
  type: z.enum(['MsgApp', 'MsgAppResp', 'MsgVote', 'MsgVoteResp', 'MsgSnap', 'MsgHeartbeat', 'MsgHeartbeatResp']),
  term: count,
  from: id,
  to: id,
  entries: count,
  logTerm: count,
  index: count,
  commit: count,
  vote: id,
  reject: z.boolean(),
  rejectHint: count,
})
const change = z.strictObject({ nid: id, action: z.enum(['AddNewServer', 'RemoveServer', 'AddLearner']) })
const NAMES = [
  'InitState',
  'BecomeCandidate',
  'BecomeFollower',
  'BecomeLeader',
  'Commit',
  'Replicate',
  'ChangeConf',
  'ApplyConfChange',
  'Ready',
  'SendAppendEntriesRequest',
  'ReceiveAppendEntriesRequest',
  'SendAppendEntriesResponse',
  'ReceiveAppendEntriesResponse',
  'SendRequestVoteRequest',
  'ReceiveRequestVoteRequest',
  'SendRequestVoteResponse',
  'ReceiveRequestVoteResponse',
] as const
const line = z.strictObject({
  tag: z.literal('trace'),
  event: z.strictObject({
    name: z.enum(NAMES),
    nid: id,
    state: z.strictObject({ term: count, vote: id, commit: count }),
    role: z.enum(['StateFollower', 'StateCandidate', 'StateLeader']),
    log: count,
    conf: z.tuple([z.array(id), z.array(id)]),
    msg: message.optional(),
    prop: z
      .strictObject({
        cc: z.strictObject({ changes: z.array(change).min(1).optional(), newconf: z.array(id).optional() }),
      })
      .optional(),
  }),
})
export type TraceLine = z.infer<typeof line>['event']

/** Which messages an event of a name is about. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  AppendEntriesRequest: ['MsgApp', 'MsgHeartbeat', 'MsgSnap'],
  AppendEntriesResponse: ['MsgAppResp', 'MsgHeartbeatResp'],
  RequestVoteRequest: ['MsgVote'],
  RequestVoteResponse: ['MsgVoteResp'],
}

export function checkEtcd(text: string): readonly TraceLine[] {
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new Error('the last line has no end')
  const sent = new Set<string>()
  return lines.map((one) => {
    const { event } = line.parse(JSON.parse(one))
    const rule = (holds: boolean, what: string) => {
      if (!holds) throw new Error(`${what}: ${one}`)
    }
    const [, way, about = ''] = /^(Send|Receive)(.*)$/.exec(event.name) ?? []
    const { msg } = event
    rule((way !== undefined) === (msg !== undefined), 'a message without its event, or an event without its message')
    if (msg !== undefined) {
      rule(TYPES[about]?.includes(msg.type) === true, 'a message of another type')
      rule((way === 'Send' ? msg.from : msg.to) === event.nid, 'a message of another node')
      if (way === 'Send') sent.add(JSON.stringify(msg))
      else rule(sent.has(JSON.stringify(msg)), 'a message that nobody sent')
    }
    rule((event.name === 'ChangeConf') === (event.prop?.cc.changes !== undefined), 'changes elsewhere')
    rule((event.name === 'ApplyConfChange') === (event.prop?.cc.newconf !== undefined), 'a configuration elsewhere')
    if (event.name === 'BecomeLeader') rule(event.role === 'StateLeader', 'a leader that is none')
    if (event.name === 'BecomeCandidate') rule(event.role === 'StateCandidate', 'a candidate that is none')
    if (event.name === 'BecomeFollower') rule(event.role === 'StateFollower', 'a follower that is none')
    if (event.name === 'Replicate') rule(event.role === 'StateLeader', 'a proposal at a follower')
    return event
  })
}
