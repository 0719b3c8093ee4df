/** Our messages in etcd's words. */
import type { TimelineEvent } from '../../../node/contract/events'

export interface TraceMessage {
  /** Of `Send…` and `Receive…`. */
  readonly event: 'AppendEntriesRequest' | 'AppendEntriesResponse' | 'RequestVoteRequest' | 'RequestVoteResponse'
  readonly body: {
    readonly type: 'MsgApp' | 'MsgAppResp' | 'MsgVote' | 'MsgVoteResp' | 'MsgSnap'
    readonly term: number
    readonly from: string
    readonly to: string
    /** How many; of a snapshot, the last index in it. */
    readonly entries: number
    readonly logTerm: number
    readonly index: number
    readonly commit: number
    readonly vote: string
    readonly reject: boolean
    readonly rejectHint: number
  }
}

/** Undefined where etcd has no word for it. */
export function sentMessage(event: TimelineEvent<'sent'>): TraceMessage | undefined {
  const { term } = event
  const between = { term, from: String(event.node), to: String(event.peer), vote: '0' }
  const none = { entries: 0, logTerm: 0, index: 0, commit: 0, reject: false, rejectHint: 0 }
  switch (event.message) {
    case 'AppendEntries': {
      const { count: entries, logTerm, index, commit } = event
      return {
        event: 'AppendEntriesRequest',
        body: { type: 'MsgApp', ...between, ...none, entries, logTerm, index, commit },
      }
    }
    case 'AppendEntriesReply': {
      const { index, ok, hint } = event
      const said = ok ? { index } : { reject: true, rejectHint: hint }
      return { event: 'AppendEntriesResponse', body: { type: 'MsgAppResp', ...between, ...none, ...said } }
    }
    case 'RequestVote': {
      const { logTerm, index } = event
      return { event: 'RequestVoteRequest', body: { type: 'MsgVote', ...between, ...none, logTerm, index } }
    }
    case 'RequestVoteReply':
      return { event: 'RequestVoteResponse', body: { type: 'MsgVoteResp', ...between, ...none, reject: !event.ok } }
    case 'InstallSnapshot':
      // etcd sends a snapshot as a whole: the last chunk stands for it.
      if (!event.ok) return undefined
      return { event: 'AppendEntriesRequest', body: { type: 'MsgSnap', ...between, ...none, entries: event.index } }
    case 'InstallSnapshotReply':
      if (!event.ok) return undefined
      return { event: 'AppendEntriesResponse', body: { type: 'MsgAppResp', ...between, ...none, index: event.index } }
    case 'RequestPreVote':
    case 'RequestPreVoteReply':
    case 'TimeoutNow':
    case 'ReadIndex':
    case 'ReadIndexReply':
    case 'Foreign':
      return undefined
  }
}
