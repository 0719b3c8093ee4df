/** What `state` says about a moment besides its nodes. */
import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { stateCommand } from '../../main/cli/commands/state'
import { createTerminal } from '../../main/cli/terminal'
import { ByteWriter } from '../../main/node/contract/bytes'
import type { EventKind, FieldsOf, TimelineEvent } from '../../main/node/contract/events'
import { writeMessage } from '../../main/node/contract/frames/messages'
import { join, tempDir, writeRecording } from '../timeline/support/files'

const events: TimelineEvent[] = []
function add<K extends EventKind>(node: number, kind: K, fields: FieldsOf<K>): void {
  const seq = events.length
  events.push({ kind, node, n: seq + 1, t: seq * 1e9, seq, ...fields } as unknown as TimelineEvent)
}
const process = { state: 'ready', pid: 1, incarnation: 0, exitCode: 0, signal: '' } as const
add(0, 'cluster', { id: 'c1', name: 'demo', nodes: 2, settings: '' })
for (const subject of [1, 2]) add(0, 'process', { ...process, subject })
add(0, 'fault', { action: 'begin', id: 3, type: 'links', detail: '{"links":[[1,2]]}' })
const shape = { type: 'shape', dropPercent: 20, delayMs: 5, jitterMs: 2, duplicatePercent: 10 }
const rules = [
  { messages: ['AppendEntries', 'TimeoutNow'], action: { type: 'hold' } },
  { messages: [], action: shape },
]
add(0, 'rules', { from: 1, to: 2, rules: JSON.stringify({ seed: 99, rules }) })
add(2, 'clock', { mode: 'manual', rate: 2, skew: 1_500_000_000, cause: 'set' })
const out = new ByteWriter()
const append = { prevLogIndex: 3, prevLogTerm: 1, entries: [], leaderCommit: 2, round: 1, quiesce: false }
const message = { type: 'AppendEntries', from: 1, to: 2, term: 4, ...append } as const
writeMessage(out, { type: 'message', id: 41, inReplyTo: 0, message })
const held = { peer: 1, message: 'AppendEntries', term: 4, bytes: out.finish() } as const
add(2, 'held', { ...held, id: 41, place: 0 })
add(2, 'held', { ...held, id: -5, place: 1 })
add(0, 'watch', { breakpoint: 1, text: 'leader elected', enabled: true, removed: false })
add(2, 'breakpoint', { breakpoint: 1, event: 8, by: 'held', text: 'leader elected' })
add(0, 'stop', { action: 'stopped', subject: 2, breakpoint: 1, by: '' })
add(0, 'nemesis', { action: 'begin', id: 1, step: 0, detail: '{}', problem: '' })
add(0, 'workload', { action: 'begin', id: 6, detail: '{}' })

async function said(language: 'en' | 'zh', options: { at: number; node?: number; json: boolean }): Promise<string> {
  const path = join(await tempDir(), 'a.raftrec')
  await writeRecording(path, events)
  let text = ''
  const sink = new Writable({
    write(chunk, _, done) {
      text += chunk
      done()
    },
  })
  expect(await stateCommand(path, options, createTerminal(language, sink, sink))).toBe(0)
  return text
}

describe('state', () => {
  test('shows what was done to the cluster', async () => {
    const text = await said('en', { at: 60e9, json: false })
    expect(text).toContain('The whole cluster stands still since 10 s: node 2 hit breakpoint 1.')
    expect(text).toContain('Nemesis 1 runs since 11 s: 0 steps taken.')
    expect(text).toContain('Workload 6 runs since 12 s: 0 ok, 0 failed, 0 unknown.')
    expect(text).toMatch(/Faults\n.+\n +3 {2}links +3 {2}\{"links":\[\[1,2\]\]\}\n/)
    expect(text).toMatch(
      /\n1→2 +99 {2}AppendEntries, TimeoutNow +hold\n +every message +drop 20 % · double 10 % · delay 5 ± 2 ms\n/,
    )
    expect(text).toMatch(/Clocks that are not true\n.+\n +2 {2}manual +2 +1\.5\n/)
    expect(text).toMatch(
      /\n1→2 +41 {2}AppendEntries +4 +6 +\d+ {2}prevLogIndex 3, prevLogTerm 1, entries 0, leaderCommit 2\n1→2 +-5 .+ copy of 41, prevLogIndex 3/,
    )
    expect(text).toMatch(/Breakpoints\n.+\n +1 {2}on +1 {2}leader elected\n/)
  })

  test("in Chinese as well, and only one node's messages when it was named", async () => {
    const text = await said('zh', { at: 60e9, node: 1, json: false })
    expect(text).toContain('整个集群自 10 秒起停住：节点 2 命中断点 1。')
    expect(text).toContain('链路规则')
    expect(text).not.toContain('暂扣的消息')
    expect(await said('zh', { at: 60e9, node: 2, json: false })).toContain('暂扣的消息')
  })

  test('says nothing about what there is none of', async () => {
    const text = await said('en', { at: 2.5e9, json: false })
    expect(text).not.toMatch(/Faults|Rules|Clocks|Held|Breakpoints|Nemesis|Workload|stands still/)
  })

  test('as JSON it is the whole moment', async () => {
    const moment = JSON.parse(await said('en', { at: 60e9, json: true }))
    expect(moment).toMatchObject({
      faults: [{ id: 3 }],
      links: [{ from: 1, to: 2, seed: 99 }],
      held: [{ id: 41 }, { id: -5, copyOf: 41 }],
      breakpoints: [{ id: 1, hits: 1 }],
      stop: { node: 2, breakpoint: 1, seq: 7 },
    })
  })
})
