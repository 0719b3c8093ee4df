/** ShiViz logs: their events, hosts and messages; every rule of their clocks. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TimelineEvent } from '../../../main/node/contract/events'
import { Problem } from '../../../main/node/contract/problem'
import { shivizExporter } from '../../../main/timeline/export/shiviz/shiviz'
import { foreignFormOf, importForeign } from '../../../main/timeline/import'
import { parseShiviz } from '../../../main/timeline/import/shiviz/parse'
import { shivizTimeline } from '../../../main/timeline/import/shiviz/record'
import { inTurns, type Steps } from '../../../main/timeline/import/turns'
import { exportedBy, sourceOf } from '../export/support/exported'
import { checkShiviz } from '../export/support/shiviz-rules'
import { storyArbitrary } from '../export/support/story'
import { join, opened, tempDir, writeFile } from '../support/files'

function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

const timeline = (text: string, parser?: string) => [...atOnce(shivizTimeline(text, 'log', parser))]
const story = (events: readonly TimelineEvent[]) =>
  events.flatMap((event) => {
    if (event.kind === 'foreign') return [`${event.node} ${event.host}: ${event.text}`]
    if (event.kind === 'sent') return [`${event.node} → ${event.peer} (${event.id})`]
    if (event.kind === 'received') return [`${event.node} ← ${event.peer} (${event.id})`]
    return event.kind === 'note' ? [`== ${event.text}`] : []
  })

function wrongWith(text: string, parser?: string): string {
  try {
    timeline(text, parser)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { where, reason } = error.details as { where: string; reason: string }
    return `${where}: ${reason}`
  }
  return 'nothing'
}

/** As GoVector writes it: host by host, and not in the order in which things happened. */
const LOG = `receives the ball
bob {"bob":1,"alice":2}
passes it on
bob {"bob":2, "alice":2}
wakes up
alice {"alice":1}
throws the ball
alice {"alice":2}

catches it
carol-7 {"carol-7":1,"bob":2,"alice":2}
hears of both
alice {"alice":3,"carol-7":1,"bob":2}
`

describe('a log', () => {
  it('becomes what happened, causes first, with one message for each thing that is directly known', () => {
    expect(foreignFormOf(LOG)).toBe('shiviz')
    const events = timeline(LOG)
    expect(story(events)).toEqual([
      '2 alice: wakes up',
      '2 alice: throws the ball',
      '2 → 1 (1)',
      '1 ← 2 (1)',
      '1 bob: receives the ball',
      '1 bob: passes it on',
      '1 → 3 (2)',
      '3 ← 1 (2)',
      '3 carol-7: catches it',
      '3 → 2 (3)',
      '2 ← 3 (3)',
      '2 alice: hears of both',
    ])
    expect(events[0]).toMatchObject({ kind: 'cluster', name: 'log', nodes: 3 })
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, place) => place))
    expect(events.every(({ t }, place) => t >= (events[place - 1]?.t ?? 0))).toBe(true)
  })

  it('may hold several runs', () => {
    const run = (name: string) => `=== ${name} ===\nbegins\na {"a":1}\nends\na {"a":2}\n`
    expect(story(timeline(run('one') + run('two')))).toEqual([
      '== one',
      '1 a: begins',
      '1 a: ends',
      '== two',
      '1 a: begins',
      '1 a: ends',
    ])
  })

  it('may have its clocks first, or say itself of what form it is', () => {
    const clockFirst = 'a {"a":1}\nbegins\nb {"b":1,"a":1}\nhears of it\n'
    const told = ['1 a: begins', '1 → 2 (1)', '2 ← 1 (1)', '2 b: hears of it']
    expect(foreignFormOf(clockFirst)).toBe('shiviz')
    expect(story(timeline(clockFirst))).toEqual(told)
    const own = '(?<host>\\w+)\\|(?<clock>.*)\\|(?<event>.*)\n--- (?<trace>\\w+)\n'
    const log = `${own}--- one\na|{"a":1}|begins\n--- two\na|{\\"a\\":1}|begins\n`
    expect(foreignFormOf(log)).toBe('shiviz')
    expect(story(timeline(log))).toEqual(['== one', '1 a: begins', '== two', '1 a: begins'])
    expect(wrongWith(`${own}--- one\na|{"a":2}|begins\n`)).toMatch(/^line 4: the clock: a: at most 1/)
    expect(wrongWith(`${own}--- one\na|{"a":1}|x\n--- one\na|{"a":1}|x`)).toMatch(/^line 5: a run with another name/)
  })

  it('may be of another form, when its expression is given', () => {
    const parser = '^(?<host>\\w+) (?<clock>\\{.*?\\}) (?<event>.*)$'
    expect(story(timeline('a {"a":1} begins\nnoise\nb {"b":1,"a":1} hears', parser))).toEqual([
      '1 a: begins',
      '1 → 2 (1)',
      '2 ← 1 (1)',
      '2 b: hears',
    ])
    expect(wrongWith('a', '(?<event>.*)')).toBe('parser: a group (?<host>…) expected')
    expect(wrongWith('a', '(?<event>.*)(?<host>)(?<clock>')).toMatch(/^parser: /)
  })

  it('is given up when its expression would try for ever', () => {
    const parser = '(?<event>(a+)+)b\\n(?<host>\\S*) (?<clock>{.*})'
    expect(() => atOnce(parseShiviz(`${'a'.repeat(60)}\na {"a":1}\n`, parser, 50))).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        details: { where: 'parser', reason: expect.stringMatching(/^one that needs less than 0.05 s for this log/) },
      }),
    )
  })

  it('is read and ordered in steps: others have their turn meanwhile, and it can be ended', async () => {
    let text = ''
    for (let place = 1; place <= 4_000; place++)
      text += `event\na {"a":${place}}\nevent\nb {"b":${place}, "a":${place}}\n`
    let steps = 0
    for (const _ of shivizTimeline(text, 'log')) steps++
    expect(steps).toBeGreaterThan(30)
    const ended = new AbortController()
    ended.abort(new Error('ended'))
    await expect(inTurns(shivizTimeline(text, 'log'), ended.signal)).rejects.toThrow('ended')
    expect([...(await inTurns(shivizTimeline(text, 'log')))]).toHaveLength(1 + 8_000 + 2 * 4_000)
  })

  it('with one very long line is refused as fast as any', () => {
    // Looked through from each of its characters, this takes minutes: longer than a test may.
    expect(wrongWith(`x\na {"a":1}\n${'x'.repeat(1_000_000)}\ny`)).toMatch(/^line 3: an event as two lines expected/)
  })

  it.each([
    ['x\na {"a":2}\n', 'line 2: the clock: a: at most 1 expected, not 2: no more are in the log'],
    ['x\na {"a":2}\ny\na {"a":3}\nz\na {"a":1}', 'nothing'],
    ['x\na {"a":2}\ny\na {"a":3}\nz\nb {"b":1}', 'line 2: the clock: a: 1 expected before 2: a host begins with 1'],
    [
      'x\na {"a":1}\ny\na {"a":3}\nz\nb {"b":1}',
      'line 4: the clock: a: 2 expected before 3: a host counts each of its events',
    ],
    ['x\na {"a":1}\ny\na {"a":1}\n', 'line 4: the clock: a: 1 stands in line 2 already'],
    ['x\na {"b":1}\n', 'line 2: the clock: a itself expected in it'],
    ['x\na {"a":1,"b":1}\n', 'line 2: the clock: b: a host without events'],
    ['x\na {"a":1,"b":2}\ny\nb {"b":1}', 'line 2: the clock: b: at most 1 expected, not 2: no more are in the log'],
    [
      'x\na {"a":1,"b":1}\ny\nb {"b":1}\nz\na {"a":2}',
      'line 6: the clock: b: 1 or more expected: a knew as much before',
    ],
    [
      'x\na {"a":1}\ny\nb {"b":1,"a":1}\nz\nc {"c":1,"b":1}',
      'line 6: the clock: a: 1 or more expected: b knew as much in line 4',
    ],
    ['x\na {"a":1,"b":1}\ny\nb {"b":1,"a":1}', 'line 2: the clock: an event that does not depend on itself expected'],
    ['x\na {"a":1.5}\n', 'line 2: the clock: a: a whole number from 1 expected'],
    [
      'x\na {"a":1\n',
      'line 1: an event as two lines expected, its text and host {"host": n, …}; or the log’s own expression in its first line',
    ],
    ['x\na {a:1}\n', /^line 2: the clock: /],
    ['x\na {"a":1,"a":1}\n', 'line 2: the clock: a: only once expected'],
    [
      'x\na {"a":1}\nand more\nof it\na {"a":2}\n',
      'line 3: an event as two lines expected, its text and host {"host": n, …}; or the log’s own expression in its first line',
    ],
  ])('%s', (text, why) => {
    if (typeof why === 'string') expect(wrongWith(text)).toBe(why)
    else expect(wrongWith(text)).toMatch(why)
  })
})

it('what we export comes back with the same order of causes', async () => {
  await fc.assert(
    fc.asyncProperty(storyArbitrary, async (events) => {
      const { text } = await exportedBy(shivizExporter, sourceOf(events))
      const logged = checkShiviz(text)
      const back = timeline(text)
      const happened = back.filter((event) => event.kind === 'foreign')
      expect(happened.map(({ host, text: words }) => `${host}: ${words}`).sort()).toEqual(
        logged.map(({ host, event }) => `${host}: ${event}`).sort(),
      )
      // Clocks computed again from order and messages are those of the log.
      const clocks = new Map<number, Map<string, number>>()
      const sent = new Map<number, Map<string, number>>()
      const seen: string[] = []
      for (const event of back) {
        const clock = clocks.get(event.node) ?? new Map<string, number>()
        clocks.set(event.node, clock)
        if (event.kind === 'sent') sent.set(event.id, new Map(clock))
        if (event.kind === 'received') {
          for (const [host, count] of sent.get(event.id) ?? []) clock.set(host, Math.max(count, clock.get(host) ?? 0))
        }
        if (event.kind !== 'foreign') continue
        clock.set(event.host, (clock.get(event.host) ?? 0) + 1)
        seen.push(`${event.host} ${JSON.stringify([...clock].sort())}`)
      }
      expect(seen.sort()).toEqual(
        logged.map(({ host, clock }) => `${host} ${JSON.stringify(Object.entries(clock).sort())}`).sort(),
      )
    }),
    { numRuns: 60 },
  )
})

it('becomes a recording with lines that end as elsewhere', async () => {
  const dir = await tempDir()
  await writeFile(join(dir, 'ball.log'), LOG.replaceAll('\n', '\r\n'))
  const out = join(dir, 'ball.raftrec')
  const count = await importForeign(join(dir, 'ball.log'), 'shiviz', out)
  const source = await opened(out)
  expect(source.info()).toMatchObject({ clusterName: 'ball', events: count, complete: true })
  expect([...(await source.stateAt(count)).nodes.keys()]).toEqual([1, 2, 3])
})
