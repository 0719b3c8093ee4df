/** The command `check`: what it says of files that hold, that do not, and that cannot be read. */
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { run } from '../../main/cli/program'
import { createTerminal } from '../../main/cli/terminal'
import type { TimelineEvent } from '../../main/node/contract/events'
import { Story } from '../checks/support/story'
import { Told } from '../checks/support/told'
import { join, tempDir, writeFile, writeRecording } from '../timeline/support/files'

async function cli(language: 'en' | 'zh', ...args: readonly string[]) {
  const streams = { out: new PassThrough(), err: new PassThrough() }
  const programs = { node: '', warden: '', recorder: '', judge: '', page: '' }
  const places = { version: '0', programs } as unknown as Parameters<typeof run>[1]
  const status = await run(args, places, createTerminal(language, streams.out, streams.err))
  const out = String(streams.out.read() ?? '')
  const err = String(streams.err.read() ?? '')
  return { status, out, err }
}

async function recorded(story: Story): Promise<string> {
  const path = join(await tempDir(), 'story.raftrec')
  await writeRecording(path, story.events as readonly TimelineEvent[])
  return path
}

const bytes = (text: string) => new TextEncoder().encode(text)

/** A put and a read after it, of this value. */
const asked = (story: Story, value: string) =>
  story
    .append(1, 1, 1)
    .append(2, 1, 1)
    .disk(1, 1, 1, 1)
    .disk(2, 1, 1)
    .tell(0, 'invoke', { call: 1, client: 1, op: 'put', key: 'k', value: bytes('v') })
    .commit(1, 1)
    .tell(0, 'answer', { call: 1, outcome: 'ok', index: 1, term: 1, from: 1 })
    .tell(0, 'invoke', { call: 2, client: 2, op: 'get', key: 'k', consistency: 'index' })
    .tell(0, 'answer', { call: 2, outcome: 'ok', found: true, value: bytes(value), from: 1 })

/** The same of a cluster that does all that Raft asks for. */
const answered = (value: string) =>
  Told.replicated()
    .tell(0, 'invoke', { call: 1, client: 1, op: 'put', key: 'k', value: bytes('v') })
    .tell(1, 'committed', { commitIndex: 1, by: 'counted' })
    .tell(0, 'answer', { call: 1, outcome: 'ok', index: 1, term: 1, from: 1 })
    .tell(0, 'invoke', { call: 2, client: 2, op: 'get', key: 'k', consistency: 'index' })
    .tell(0, 'answer', { call: 2, outcome: 'ok', found: true, value: bytes(value), from: 1 })

describe('of a recording', () => {
  test('what holds holds: exit status 0, every invariant with its section, in both languages', async () => {
    const path = await recorded(answered('v'))
    const en = await cli('en', 'check', path)
    expect(en).toMatchObject({ status: 0, err: '' })
    expect(en.out).toContain('✓ election safety: at most one leader in a term (§5.2)')
    expect(en.out).toMatch(/Raft’s specification, over \d+ transitions:\n {2}✓ every one is allowed\n/)
    expect(en.out).toContain('✓ linearizable')
    expect(en.out).toMatch(/It holds\.\n$/)
    const zh = await cli('zh', 'check', path)
    expect(zh.out).toContain('✓ 选举安全性：一个任期内至多一个领导人 (§5.2)')
    expect(zh.out).toMatch(/成立。\n$/)
  })

  test('two leaders: exit status 1, a sentence, and the events that prove it', async () => {
    const path = await recorded(Story.begin().elect(1, 4).elect(2, 4))
    const { status, out } = await cli('en', 'check', path)
    expect(status).toBe(1)
    expect(out).toMatch(
      /✗ election safety.*: broken\n +Node 1 and node 2 both became leader in term 4\. \(events 8, 11\)/,
    )
    expect(out).toMatch(/It does not hold\.\n$/)
  })

  test('what Raft’s specification does not allow: the condition that failed, and where it stands', async () => {
    const path = await recorded(Told.committed().tell(1, 'committed', { commitIndex: 2, by: 'counted' }))
    const { status, out } = await cli('en', 'check', path)
    expect(status).toBe(1)
    expect(out).toMatch(/✗ one is not allowed:\n +Node 1 counted entry 2 as committed.* only 1 had .*\(events \d+\)\n/)
    expect(out).toContain('action AdvanceCommitIndex, condition commit-majority: §5.3, §5.4.2, §6')
    const zh = await cli('zh', 'check', path)
    expect(zh.out).toMatch(/✗ 有一次不被允许：\n +节点 1 把条目 2 计为已提交/)
    const report = JSON.parse((await cli('en', 'check', path, '--json')).out)
    const sentence = expect.stringContaining('counted entry 2')
    expect(report.conformance).toMatchObject({ conforms: false, first: { condition: 'commit-majority', sentence } })
  })

  test('a read of what nobody wrote is shown with its events', async () => {
    const path = await recorded(asked(Story.begin().elect(1, 1), 'w'))
    const { status, out } = await cli('en', 'check', path)
    expect(status).toBe(1)
    expect(out).toContain('✗ not linearizable')
    expect(out).toMatch(/client 2 {2}get k → "w" {2}\(events \d+–\d+\)/)
  })

  test('as one JSON document', async () => {
    const path = await recorded(Story.begin().elect(1, 4).elect(2, 4))
    const { status, out } = await cli('en', 'check', path, '--json')
    expect(status).toBe(1)
    const report = JSON.parse(out)
    expect(report).toMatchObject({ file: path, form: 'recording', holds: false, judgedUntil: -1 })
    const broken = report.invariants.filter(({ found }: { found: number }) => found > 0)
    expect(broken).toMatchObject([{ id: 'election-safety', violations: [{ events: [8, 11] }] }])
    expect(broken[0].violations[0].sentence).toContain('both became leader')
  })

  test('where events were shed, it does not claim that it holds', async () => {
    const path = await recorded(Story.begin().tell(0, 'gap', { subject: 1, shed: 2, reason: 'full' }).elect(1, 1))
    const { status, out } = await cli('en', 'check', path)
    expect(status).toBe(1)
    expect(out).toContain('From event 6 on nothing was judged')
  })
})

describe('of the history of another system', () => {
  const history = (value: string) => `{:process 0, :type :invoke, :f :write, :value 1}
{:process 0, :type :ok, :f :write, :value 1}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 1, :type :ok, :f :read, :value ${value}}
`

  test('is judged, and named line by line', async () => {
    const path = join(await tempDir(), 'history.edn')
    await writeFile(path, history('1'))
    expect(await cli('en', 'check', path)).toMatchObject({ status: 0 })
    await writeFile(path, history('2'))
    const { status, out } = await cli('en', 'check', path)
    expect(status).toBe(1)
    expect(out).toContain('client 1  read → 2  (lines 3–4)')
  })

  test('one that is none is refused with its line and the rule', async () => {
    const path = join(await tempDir(), 'history.edn')
    await writeFile(path, '{:process 0, :type :ok, :f :write, :value 1}\n')
    const { status, err } = await cli('en', 'check', path)
    expect(status).toBe(2)
    expect(err).toMatch(/line 1.*asked for nothing/)
    await writeFile(path, '{:process 0, :type :invoke, :f :enqueue, :value 1}\n')
    expect(await cli('en', 'check', path)).toMatchObject({ status: 2, err: expect.stringMatching(/read, write, cas/) })
  })

  test('a file of no such form, or none, is named', async () => {
    const path = join(await tempDir(), 'notes.txt')
    await writeFile(path, 'nothing of the kind')
    expect(await cli('en', 'check', path)).toMatchObject({ status: 2, err: expect.stringContaining('notes.txt') })
    expect(await cli('en', 'check', `${path}.none`)).toMatchObject({
      status: 2,
      err: expect.stringContaining('notes.txt.none'),
    })
  })
})
