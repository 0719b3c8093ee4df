/** The report of a file: one page that needs nothing besides itself, tells every verdict, and runs nothing. */
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkFile } from '../../../main/workbench/checking'
import { quoted, type ReportInput, reportCheck, reportPage } from '../../../main/workbench/report'
import { factsOf } from '../../../main/workbench/report/facts'
import { plots } from '../../../main/workbench/report/plots'
import { REPORT_WORDS } from '../../../main/workbench/report/words'
import { BUG_WORDS } from '../../../main/zoo/words'
import { Story } from '../../checks/support/story'
import { MemoryTimeline } from '../../timeline/causality/memory'

const { signal } = new AbortController()
let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'report-test-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const STALE = [
  '{:process 1, :type :invoke, :f :write, :value 1}',
  '{:process 1, :type :ok, :f :write, :value 1}',
  '{:process 2, :type :invoke, :f :write, :value "</svg><script>2"}',
  '{:process 2, :type :ok, :f :write, :value "</svg><script>2"}',
  '{:process 1, :type :invoke, :f :read, :value nil}',
  '{:process 1, :type :ok, :f :read, :value 1}',
].join('\n')

/** Runs nothing, asks for nothing: also when what it tells of would like to. */
function expectAlone(page: string): void {
  expect(page).not.toMatch(/<script|<link|<iframe|<object|<embed|javascript:|@import|url\(/i)
  expect(page).not.toMatch(/\s(?:src|href|on\w+|style)=/i)
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? ''
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`)
}

describe('of a foreign history', () => {
  test.each(['en', 'zh'] as const)('the illegal calls are drawn and listed (%s)', async (language) => {
    const file = join(directory, 'stale.edn')
    await writeFile(file, STALE)
    const out = join(directory, `${language}.html`)
    const report = await checkFile({ file, signal, progress: () => undefined })
    await reportCheck(report, { out, language, signal })
    const page = await readFile(out, 'utf8')
    expectAlone(page)
    expect(page).toContain(language === 'en' ? 'It does not hold.' : '不成立。')
    expect(page).toContain(
      language === 'en'
        ? 'no place: </svg><script>2 is there'.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
        : '放不进去',
    )
    const svg = /<svg[\s\S]*?<\/svg>/.exec(page)?.[0] ?? ''
    expect(XMLValidator.validate(svg)).toBe(true)
    expect(page.match(/<tr class="broken"/g)).toHaveLength(2)
    expect(page).toContain('raft-workbench check stale.edn')
  })
})

test('where it cannot be written, it says so', async () => {
  const file = join(directory, 'history.edn')
  await writeFile(file, STALE)
  const report = await checkFile({ file, signal, progress: () => undefined })
  const out = join(directory, 'no', 'such', 'folder', 'a.html')
  await expect(reportCheck(report, { out, language: 'en', signal })).rejects.toMatchObject({ code: 'export-failed' })
})

const facts = () =>
  factsOf(
    new MemoryTimeline(
      Story.begin()
        .elect(1, 1)
        .tell(0, 'fault', { action: 'begin', id: 1, type: 'kill', detail: '{"nodes":[1]}' })
        .tell(0, 'cluster', { settings: '{"preVote":true,"bug":"half-is-majority"}' })
        .tell(0, 'cluster', { settings: '{"preVote":true,"bug":"of another version"}' })
        .tell(0, 'invoke', { call: 1, client: 1, op: 'put', key: 'x' })
        .tell(0, 'answer', { call: 1, outcome: 'ok' })
        .tell(0, 'invoke', { call: 2, client: 1, op: 'put', key: 'x' })
        .tell(0, 'answer', { call: 2, outcome: 'unknown' })
        .tell(0, 'fault', { action: 'end', id: 1 }).events,
    ).source,
    signal,
  )

test('what happened is read from the events', async () => {
  const { nodes, settings, bugs, leaders, faults, load } = await facts()
  expect([nodes, settings]).toEqual([3, { preVote: true, bug: 'of another version' }])
  expect(bugs).toEqual(['half-is-majority'])
  expect(leaders.map(({ text }) => text.en)).toEqual(['n1 · T1'])
  expect(faults.map(({ from, to }) => (to ?? 0) - from)).toEqual([7e6])
  expect(load).toEqual([{ from: 0, ok: 1, failed: 0, unknown: 1, p50: 1, p99: 1 }])
})

describe('a page', () => {
  const input = async (): Promise<ReportInput> => ({
    title: 'a <run> & its "verdict"',
    file: '/tmp/a.raftrec',
    began: '2026-01-02T03:04:05.678Z',
    events: 1234,
    holds: true,
    isPartial: false,
    verdicts: [
      {
        name: { en: 'election safety', zh: '选举安全性' },
        section: '5.2',
        standing: 'holds',
        found: 0,
        findings: [],
        remarks: [],
      },
    ],
    illegal: [],
    facts: { ...(await facts()), end: 60e9 },
    scenario: {
      about: { en: 'Two leaders.', zh: '两个领导人。' },
      seed: 7,
      expectations: [
        { words: { en: 'n1 leads', zh: 'n1 是领导人' }, holds: false, found: { en: 'n2 leads', zh: 'n2 是领导人' } },
      ],
    },
    reproduce: ['raft-workbench run x.yaml --seed 7'],
  })

  test('is well-formed, with its plots, settings, faults and how to reproduce it', async () => {
    for (const language of ['en', 'zh'] as const) {
      for (const theme of ['dark', 'light', undefined] as const) {
        const page = reportPage(await input(), { language, theme })
        expectAlone(page)
        expect(page).toContain('a &lt;run&gt; &amp; its &quot;verdict&quot;')
        expect(page).toContain('raft-workbench run x.yaml --seed 7')
        expect(page).toContain(BUG_WORDS[language]['half-is-majority'].name)
        const svgs = page.match(/<svg[\s\S]*?<\/svg>/g) ?? []
        expect(svgs).toHaveLength(2)
        for (const svg of svgs) expect(XMLValidator.validate(svg)).toBe(true)
        const body = /<main>[\s\S]*<\/main>/.exec(page)?.[0] ?? ''
        expect(XMLValidator.validate(body)).toBe(true)
        expect(new XMLParser().parse(body).main.section.length).toBe(7)
      }
    }
  })

  test('stays small, however long the run and its mistakes are', async () => {
    const long = await input()
    const finding = { sentence: { en: 'x'.repeat(200), zh: '很'.repeat(200) }, events: [{ seq: 1, t: 1 }] }
    const span = { from: 1, to: null, text: { en: 'Partition', zh: '分区' } }
    const page = reportPage(
      {
        ...long,
        verdicts: Array.from({ length: 12 }, () => ({
          ...(long.verdicts[0] as ReportInput['verdicts'][number]),
          standing: 'broken' as const,
          found: 1e6,
          findings: Array.from({ length: 20 }, () => finding),
        })),
        facts: {
          ...(await facts()),
          end: 3600e9,
          faults: Array.from({ length: 200 }, () => span),
          load: Array.from({ length: 240 }, (_, at) => ({
            from: at,
            ok: at,
            failed: 0,
            unknown: 1,
            p50: 1.23456,
            p99: 99,
          })),
        },
      },
      { language: 'zh' },
    )
    expect(page.length).toBeLessThan(1e6)
  })
})

test('where no call was answered there is no latency, and its line has a gap', async () => {
  const read = await facts()
  const bucket = (at: number, ok: number) => ({ from: at, ok, failed: 0, unknown: 0, p50: 40, p99: 80 })
  const load = [bucket(0, 1), bucket(1, 1), bucket(2, 0), bucket(3, 1)]
  const [, latency = ''] = plots({ ...read, load, bucket: 1e9, end: 4e9 }, REPORT_WORDS.en, (token) => token)
  const line = /d="(M[^"]*h4)"/.exec(latency)?.[1] ?? ''
  expect(line.replace(/-?[\d.]+ [\d.]+/g, '·')).toBe('M·L·M·h4')
})

test('a file is named as a shell reads it back', () => {
  expect(quoted('a-b.raftrec')).toBe('a-b.raftrec')
  expect(quoted("it's mine")).toBe("'it'\\''s mine'")
})
