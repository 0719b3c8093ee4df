/** Files that break a rule in a way that is easily passed over: what would be lost or changed without a word is refused. */
import { describe, expect, it } from 'vitest'
import { headerLine, linesOf } from '../../../main/timeline'
import { formOf, importFile } from '../../../main/timeline/export/import-file'
import { twiceNamed } from '../../../main/timeline/import/json'
import { textOf } from '../../../main/timeline/import/text'
import { MAX_HEADER_BYTES } from '../../../main/timeline/recording/format'
import { allEvents, codeOf, HEADER, join, opened, readFile, tempDir, writeFile } from '../support/files'

const header = headerLine(HEADER)
/** A block's type, as docs/recording-format.md has it. */
const EVENTS = 1
const noted = (seq: number, change: object = {}) =>
  `${JSON.stringify({ seq, t: seq, node: 0, n: seq + 1, kind: 'note', text: 'x', ...change })}\n`

async function importing(content: string | Uint8Array) {
  const dir = await tempDir()
  const path = join(dir, 'file')
  const out = join(dir, 'out.raftrec')
  await writeFile(path, content)
  const form = await formOf(path)
  if (form === undefined || form === 'recording') throw new Error(`a form expected, not ${form}`)
  await importFile(path, form, out, {})
  return out
}

const refusal = async (content: string | Uint8Array) => {
  const trouble = await importing(content).then(
    () => ({ details: { where: 'nothing', reason: '' } }),
    (error) => error,
  )
  return `${trouble.details.where}: ${trouble.details.reason}`
}

const latin1 = (text: string) => Buffer.from(text, 'latin1')

describe('JSON Lines', () => {
  it.each([
    ['a time without end', `${header}${noted(0, { t: 'Infinity' })}`, 'line 2: t: a finite number expected'],
    ['a time that is none', `${header}${noted(0, { t: 'NaN' })}`, 'line 2: t: a finite number expected'],
    ['a kind in a list', `${header}${noted(0, { kind: ['note'] })}`, 'line 2: kind: ["note"] is none that is known'],
    [
      'a name twice',
      `${header}${noted(0)}{"text":"y",${noted(1).slice(1)}`,
      'line 3: text: only once in an object expected',
    ],
    [
      'half a character',
      `${header}${noted(0).replace('"x"', '"\\ud83d"')}`,
      'line 2: text: text without half a surrogate pair expected',
    ],
    [
      'bytes that are no UTF-8',
      latin1(`${header}${noted(0)}${noted(1, { text: 'é' })}`),
      'line 3: UTF-8 text expected',
    ],
    [
      'a character that the file ends in',
      Buffer.concat([Buffer.from(`${header}${noted(0)}`), Uint8Array.of(0xe2, 0x82)]),
      'line 3: UTF-8 text expected',
    ],
    [
      'a name that no recording has room for',
      `${headerLine({ ...HEADER, clusterName: 'n'.repeat(MAX_HEADER_BYTES) })}${noted(0)}`,
      'line 1: clusterId, clusterName, began and forkedFrom: at most 32768 bytes together expected',
    ],
    [
      'an entry with a field of its own',
      `${header}${JSON.stringify({ seq: 0, t: 0, node: 1, n: 1, kind: 'appended', firstIndex: 1, count: 1, entries: [{ index: 1, term: 1, type: 'noop', more: 1 }], term: 1, bytes: 0 })}\n`,
      'line 2: entries[0].more: no such field of an entry',
    ],
  ])('%s is refused', async (_, content, told) => {
    expect(await refusal(content)).toBe(told)
  })

  it('may come with a byte order mark, lines that end with two characters, and empty lines', async () => {
    const text = `\uFEFF${header}${noted(0)}${noted(1)}`.replaceAll('\n', '\r\n')
    const source = await opened(await importing(`${text}\r\n  \r\n`))
    expect(await allEvents(source)).toMatchObject([{ text: 'x' }, { text: 'x', seq: 1 }])
  })

  it('says what is wrong in a few words, whatever stands there', async () => {
    expect((await refusal(`${header}${noted(0, { kind: 'k'.repeat(100_000) })}`)).length).toBeLessThan(500)
  })

  it('makes blocks of no more than can be read at once', async () => {
    const events = Array.from({ length: 40 }, (_, seq) => noted(seq, { text: 'x'.repeat(100_000) }))
    const bytes = await readFile(await importing(header + events.join('')))
    const lengths: number[] = []
    for (let at = bytes.indexOf('RBLK'); at >= 0; at = bytes.indexOf('RBLK', at + 1)) {
      if (bytes.readUInt32LE(at + 4) === EVENTS) lengths.push(bytes.readUInt32LE(at + 8))
    }
    expect(lengths.length).toBeGreaterThan(3)
    expect(Math.max(...lengths)).toBeLessThan(2 << 20)
  })
})

describe('a text that says that it is UTF-16', () => {
  it.each([
    ['little', Buffer.from(`\uFEFF${header}`, 'utf16le')],
    ['big', Buffer.from(`\uFEFF${header}`, 'utf16le').swap16()],
  ])('is refused for that (%s end first)', async (_, content) => {
    expect(await refusal(content)).toBe('line 1: UTF-8 text expected, not UTF-16')
  })
})

describe('text', () => {
  const read = async (path: string) => {
    let text = ''
    for await (const part of textOf(path)) text += part
    return text
  }

  it('keeps characters that lie across two pieces of a file', async () => {
    const path = join(await tempDir(), 'file')
    for (const text of ['€', '😀', 'ä']) {
      for (let before = (256 << 10) - 4; before <= 256 << 10; before++) {
        await writeFile(path, 'x'.repeat(before) + text)
        expect((await read(path)).slice(before)).toBe(text)
      }
    }
  })

  it('names the line of a character that breaks off across two pieces of a file', async () => {
    const path = join(await tempDir(), 'file')
    const begin = Buffer.from(`a\n${'x'.repeat((256 << 10) - 3)}`)
    await writeFile(path, Buffer.concat([begin, Uint8Array.of(0xe2), Buffer.from('y\nz\n'.repeat(9))]))
    await expect(read(path)).rejects.toMatchObject({ details: { where: 'line 2', reason: 'UTF-8 text expected' } })
  })
})

describe('lines', () => {
  async function* endless(): AsyncGenerator<string> {
    yield 'a\nb\n'
    for (;;) yield 'x'.repeat(100)
  }

  it('are put together from pieces', async () => {
    async function* pieces() {
      yield* ['a', 'b\nc', '', '\n', '\nd', 'e']
    }
    expect(await Array.fromAsync(linesOf(pieces()))).toEqual(['ab', 'c', '', 'de'])
  })

  it('without an end are refused with their number', async () => {
    const lines = linesOf(endless(), 10_000)
    expect((await lines.next()).value).toBe('a')
    await lines.next()
    await expect(lines.next()).rejects.toMatchObject({
      code: 'bad-input',
      details: { where: 'line 3', reason: 'a line of at most 10000 characters expected' },
    })
  })
})

describe('a name that stands twice', () => {
  it.each([
    ['{"a":1,"b":{"a":1},"c":[{"a":2},{"a":3}]}', undefined],
    ['{"a":"\\":","b":"{\\"a\\":1,\\"a\\":2}"}', undefined],
    ['{"a" : 1, "a": 2}', 'a'],
    ['{"x":[{"b":1},{"b":1,"\\u0062":2}]}', 'b'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('is found in %s: %s', (text, name) => {
    expect(twiceNamed(text, JSON.parse(text))).toBe(name)
  })

  it('is looked for however deep a text goes', () => {
    const text = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)},"a":1}`
    expect(twiceNamed(text, JSON.parse(text))).toBe('a')
  })
})

describe('what a file is', () => {
  it('is found out as fast for one long line', async () => {
    const path = join(await tempDir(), 'file')
    await writeFile(path, `{"clusterName":"${'x'.repeat(70_000)}","format":"raft-workbench-timeline"}`)
    // Looked through from each of its characters, this takes minutes: longer than a test may.
    expect(await formOf(path)).toBeUndefined()
    expect(await codeOf(formOf(`${path}.none`))).toBe('unreadable-file')
  })
})
