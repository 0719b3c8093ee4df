/** What a rule of a format cannot see: that the right things are told of the right things. */
import { describe, expect, it } from 'vitest'
import type { EventKind, FieldsOf, TimelineEvent } from '../../../main/node/contract/events'
import { etcdExporter } from '../../../main/timeline/export/etcd/etcd'
import { jepsenExporter } from '../../../main/timeline/export/jepsen/jepsen'
import { escapeLabel, mermaidExporter } from '../../../main/timeline/export/mermaid/mermaid'
import { otlpExporter } from '../../../main/timeline/export/otlp/otlp'
import { perfettoExporter } from '../../../main/timeline/export/perfetto/perfetto'
import { porcupineExporter } from '../../../main/timeline/export/porcupine/porcupine'
import { shivizExporter } from '../../../main/timeline/export/shiviz/shiviz'
import { checkEtcd } from './support/etcd-rules'
import { exportedBy, sourceOf } from './support/exported'
import { checkMermaid } from './support/mermaid-rules'
import { checkOtlp } from './support/otlp-rules'
import { checkPerfetto } from './support/perfetto-rules'
import { checkPorcupine } from './support/porcupine-rules'
import { checkShiviz } from './support/shiviz-rules'
import { longStory } from './support/story'

const bytes = (text: string) => new TextEncoder().encode(text)

class Told {
  readonly events: TimelineEvent[] = []

  add<K extends EventKind>(t: number, node: number, kind: K, fields: FieldsOf<K>): this {
    const seq = this.events.length
    this.events.push({ kind, node, n: seq + 1, t, seq, ...fields } as unknown as TimelineEvent)
    return this
  }

  send(t: number, from: number, to: number, id: number, message: FieldsOf<'sent'>['message'], inReplyTo = 0): this {
    const about = { term: 2, index: 4, logTerm: 1, commit: 3, count: 1, ok: true, hint: 0, hintTerm: 0, round: 1 }
    return this.add(t, from, 'sent', { peer: to, id, message, ...about, inReplyTo })
  }

  receive(t: number, at: number, from: number, id: number, message: FieldsOf<'sent'>['message']): this {
    return this.add(t, at, 'received', { peer: from, id, message, term: 2, count: 1 })
  }

  role(t: number, node: number, role: FieldsOf<'role'>['role'], term: number): this {
    return this.add(t, node, 'role', { role, term, leader: role === 'leader' ? node : 0, reason: 'higher-term' })
  }

  invoke(t: number, call: number, client: number, op: FieldsOf<'invoke'>['op'], value: string): this {
    const about = { key: 'k', via: 0, consistency: 'log', expected: bytes('1'), hasExpected: true } as const
    return this.add(t, 0, 'invoke', { call, client, op, value: bytes(value), ...about })
  }

  answer(t: number, call: number, outcome: FieldsOf<'answer'>['outcome'], found = false, value = ''): this {
    const about = { from: 1, index: 1, term: 1, problem: outcome === 'ok' ? '' : 'no-leader' }
    return this.add(t, 0, 'answer', { call, outcome, found, value: bytes(value), ...about })
  }

  get source() {
    return sourceOf(this.events)
  }
}

const RPC = () =>
  new Told()
    .role(1_000, 1, 'leader', 2)
    .send(2_000, 1, 2, 7, 'AppendEntries')
    .add(2_100, 1, 'timer', { deadline: 9, duration: 5 })
    .receive(9_000, 2, 1, 7, 'AppendEntries')
    .send(9_500, 2, 1, 3, 'AppendEntriesReply', 7)
    .receive(12_345, 1, 2, 3, 'AppendEntriesReply')

const CALLS = () =>
  new Told()
    .invoke(1, 1, 1, 'put', '1')
    .invoke(2, 2, 2, 'get', '')
    .answer(3, 1, 'ok')
    .answer(4, 2, 'ok', true, '1')
    .invoke(5, 3, 1, 'cas', '2')
    .answer(6, 3, 'ok', false)
    .invoke(7, 4, 1, 'append', 'x')
    .answer(8, 4, 'unknown')
    .invoke(9, 5, 1, 'delete', '')
    .answer(10, 5, 'failed')
    .invoke(11, 6, 2, 'get', '')

it('Perfetto: everything stands on its own node’s thread, and an arrow goes from sending to arrival', async () => {
  const events = checkPerfetto((await exportedBy(perfettoExporter, RPC().source)).text)
  const names = new Map(
    events.flatMap((event) =>
      event.ph === 'M' && event.name === 'thread_name' ? [[`${event.pid} ${event.tid}`, String(event.args.name)]] : [],
    ),
  )
  const at = events.flatMap((event) =>
    event.ph === 'M' || event.ph === 'C'
      ? []
      : [`${event.ts} n${event.pid}/${names.get(`${event.pid} ${event.tid}`)} ${event.ph} ${event.name}`],
  )
  expect(at.sort()).toEqual(
    [
      '1 n1/role X leader · term 2',
      '12.345 n1/messages X ← n2 AppendEntriesReply',
      '12.345 n1/messages f message',
      '2 n1/messages X → n2 AppendEntries',
      '2 n1/messages s message',
      '2.1 n1/events i timer',
      '9 n2/messages X ← n1 AppendEntries',
      '9 n2/messages f message',
      '9.5 n2/messages X → n1 AppendEntriesReply',
      '9.5 n2/messages s message',
    ].sort(),
  )
  // A slice is no longer than what there is room for; what lasts ends with what is known.
  expect(events.flatMap((event) => (event.ph === 'X' ? [[event.ts, event.dur]] : [])).sort()).toEqual(
    [
      [1, 11.345],
      [12.345, 0],
      [2, 1],
      [9, 0.5],
      [9.5, 1],
    ].sort(),
  )
})

it('Perfetto: a message of which nobody told before that it was sent is a slice without an arrow', async () => {
  const told = new Told()
    .receive(1_000, 2, 1, 7, 'AppendEntries')
    .receive(3_000, 2, 1, 8, 'AppendEntries')
    .send(2_000, 1, 2, 8, 'AppendEntries')
  const events = checkPerfetto((await exportedBy(perfettoExporter, told.source)).text)
  const at = (ph: string) => events.filter((event) => event.ph === ph).map(({ ts }) => ts)
  expect([at('X').sort(), at('s'), at('f')]).toEqual([[1, 2, 3], [2], []])
})

it('ShiViz: a message brings what its sender knew when it was sent, and no more; a part keeps the order', async () => {
  const clocks = async (kinds?: EventKind[]) => {
    const { text } = await exportedBy(shivizExporter, RPC().source, { selection: kinds === undefined ? {} : { kinds } })
    return checkShiviz(text).map(({ host, clock }) => `${host} ${JSON.stringify(clock)}`)
  }
  expect(await clocks()).toEqual([
    'n1 {"n1":1}',
    'n1 {"n1":2}',
    'n1 {"n1":3}',
    'n2 {"n1":2,"n2":1}',
    'n2 {"n1":2,"n2":2}',
    'n1 {"n1":4,"n2":2}',
  ])
  expect(await clocks(['role', 'received'])).toEqual(['n1 {"n1":1}', 'n2 {"n1":1,"n2":1}', 'n1 {"n1":2,"n2":1}'])
})

it('Jepsen: each call as it was, and a process that got no answer is another one from then on', async () => {
  const { text, leftOut } = await exportedBy(jepsenExporter, CALLS().source)
  expect(leftOut).toEqual([])
  expect(
    text.split('\n').map((line) => line.replace(/^\{:index \d+, :time \d+, /, '').replace(/, :key "k"/, '')),
  ).toEqual([
    ':process 0, :type :invoke, :f :write, :value "1"}',
    ':process 1, :type :invoke, :f :read, :value nil, :consistency :log}',
    ':process 0, :type :ok, :f :write, :value "1"}',
    ':process 1, :type :ok, :f :read, :value "1", :consistency :log}',
    ':process 0, :type :invoke, :f :cas, :value ["1" "2"]}',
    ':process 0, :type :fail, :f :cas, :value ["1" "2"], :error :mismatch}',
    ':process 0, :type :invoke, :f :append, :value "x"}',
    ':process 0, :type :info, :f :append, :value "x", :error :no-leader}',
    ':process 2, :type :invoke, :f :delete, :value nil}',
    ':process 2, :type :fail, :f :delete, :value nil, :error :no-leader}',
    ':process 1, :type :invoke, :f :read, :value nil, :consistency :log}',
    '',
  ])
})

it('porcupine: what got no answer ends after everything else; what failed is no operation', async () => {
  const { Partitions, Annotations } = checkPorcupine((await exportedBy(porcupineExporter, CALLS().source)).text)
  expect(Partitions.length).toBe(1)
  expect(
    Partitions[0]?.History.map((call) => [call.ClientId, call.OriginalStart, call.OriginalEnd, call.Description]),
  ).toEqual([
    [0, '1', '3', "put('k', '1')"],
    [1, '2', '4', "get('k') -> '1'"],
    [0, '5', '6', "cas('k', '1', '2') -> mismatch"],
    [0, '7', '12', "append('k', 'x') -> ?"],
    [1, '11', '12', "get('k') -> ?"],
  ])
  expect(Annotations.map(({ ClientId, Description }) => [ClientId, Description])).toEqual([[2, "delete('k') failed"]])
})

describe('etcd', () => {
  it('tells the state after each event, and says again in a receipt what was sent', async () => {
    const story = RPC()
      .add(13_000, 1, 'committed', { commitIndex: 4, by: 'counted' })
      .role(14_000, 2, 'pre-candidate', 3)
    const { text, events, leftOut } = await exportedBy(etcdExporter, story.source)
    const lines = checkEtcd(text)
    expect(
      lines.map(({ name, nid, state, msg }) => [name, nid, state.term, state.commit, msg?.type, msg?.index]),
    ).toEqual([
      ['BecomeLeader', '1', 2, 0, undefined, undefined],
      ['SendAppendEntriesRequest', '1', 2, 0, 'MsgApp', 4],
      ['ReceiveAppendEntriesRequest', '2', 0, 0, 'MsgApp', 4],
      ['SendAppendEntriesResponse', '2', 0, 0, 'MsgAppResp', 4],
      ['ReceiveAppendEntriesResponse', '1', 2, 0, 'MsgAppResp', 4],
      ['Commit', '1', 2, 4, undefined, undefined],
    ])
    expect([events, leftOut]).toEqual([6, [{ reason: 'no-such-event', events: 2 }]])
  })

  it('begins a part with the state of its first moment, and leaves out receipts of what was sent before', async () => {
    const { text, leftOut } = await exportedBy(etcdExporter, RPC().source, { selection: { fromSeq: 3 } })
    const [first, second] = checkEtcd(text)
    expect([first?.name, second]).toMatchObject(['SendAppendEntriesResponse', { nid: '1', role: 'StateLeader' }])
    expect(leftOut).toEqual([{ reason: 'unpaired', events: 1 }])
  })
})

describe('Mermaid', () => {
  it('one arrow a message, with a head that tells its fate', async () => {
    const story = RPC()
      .send(13_000, 1, 3, 8, 'RequestVote')
      .add(14_000, 3, 'dropped', { sender: 1, receiver: 3, id: 8, message: 'RequestVote', reason: 'lost' })
      .send(15_000, 1, 3, 9, 'TimeoutNow')
      .add(16_000, 0, 'note', { text: 'the end; 100%' })
    const { text } = await exportedBy(mermaidExporter, story.source)
    await checkMermaid(text)
    expect(text.split('\n')).toEqual([
      'sequenceDiagram',
      'participant n1',
      'participant n2',
      'participant n3',
      'Note over n1: leader, term 2',
      'n1->>n2: AppendEntries 1 entry T2',
      'n2->>n1: AppendEntriesReply T2',
      'n1-xn3: RequestVote T2 (lost)',
      'n1-)n3: TimeoutNow T2',
      'Note over n1,n3: the #101;nd#59; 100#37;',
      '',
    ])
    const { text: zh } = await exportedBy(mermaidExporter, story.source, { language: 'zh' })
    await checkMermaid(zh)
    expect(zh).toContain('Note over n1: 领导人，任期 2')
  })

  it('ends where it would be too long, and says how much is missing', async () => {
    const { text, events, leftOut } = await exportedBy(mermaidExporter, sourceOf(longStory(5_000)))
    expect(text.length).toBeGreaterThan(40_000)
    expect(text.length).toBeLessThanOrEqual(50_000)
    const tooLong = leftOut.find(({ reason }) => reason === 'too-long')?.events ?? 0
    expect(tooLong).toBeGreaterThan(0)
    expect(text).toContain(`left out#58; ${tooLong} later events`)
    expect(events).toBeGreaterThan(300)
  })

  it('escapes what the grammar would take for its own', () => {
    expect(escapeLabel('end END endless send; #35 %%')).toBe('#101;nd #69;ND endless send#59; #35;35 #37;#37;')
  })
})

it('OpenTelemetry: who answers is a child of who asked, who asked links to who answered', async () => {
  const spans = checkOtlp((await exportedBy(otlpExporter, RPC().source)).text)
  const asked = spans.find(({ kind }) => kind === 3)
  const answered = spans.find(({ kind }) => kind === 2)
  expect(asked).toMatchObject({ service: 'n1', name: 'AppendEntries', status: { code: 1 } })
  expect(answered).toMatchObject({ service: 'n2', parentSpanId: asked?.spanId, traceId: asked?.traceId })
  expect(asked?.links).toEqual([{ traceId: answered?.traceId, spanId: answered?.spanId }])
  const began = BigInt(Date.parse('2026-01-02T03:04:05.000Z')) * 1_000_000n
  expect([asked?.startTimeUnixNano, asked?.endTimeUnixNano]).toEqual([`${began + 2_000n}`, `${began + 12_345n}`])
  expect([answered?.startTimeUnixNano, answered?.endTimeUnixNano]).toEqual([`${began + 9_000n}`, `${began + 9_500n}`])
  // The leadership lasts as long as anything is known.
  expect(spans.find(({ name }) => name === 'leader of term 2')?.endTimeUnixNano).toBe(`${began + 12_345n}`)
})
