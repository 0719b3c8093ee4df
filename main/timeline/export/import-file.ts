/** Brings a file of another form in: finds out what it is, and makes a recording of it. */
import { open } from 'node:fs/promises'
import { Problem } from '../../node/contract/problem'
import { type ForeignForm, foreignFormOf, importForeign } from '../import'
import { bad } from '../import/bad'
import type { ImportOptions } from '../import/text'
import { FILE_MAGIC } from '../recording/format'
import { importRecording } from './import'
import { JSONL_FORMAT } from './jsonl'

/** Bytes at the beginning of a file that tell what it is. */
const HEAD_BYTES = 64 << 10

/** How a text begins that editors saved as "Unicode". */
const UTF16_MARKS = [
  [0xff, 0xfe],
  [0xfe, 0xff],
] as const

export type FileForm = 'recording' | 'jsonl' | ForeignForm

/**
 * What a file is, by what it begins with; undefined when it is none that can be read. Throws `unreadable-file`, and `bad-input`
 * for a text that says itself that it is no UTF-8.
 */
export async function formOf(path: string): Promise<FileForm | undefined> {
  const head = await headOf(path)
  if (head.length >= FILE_MAGIC.length && FILE_MAGIC.every((byte, at) => head[at] === byte)) return 'recording'
  if (UTF16_MARKS.some((mark) => mark.every((byte, at) => head[at] === byte))) {
    throw bad(1, 'UTF-8 text expected, not UTF-16')
  }
  const text = new TextDecoder().decode(head)
  const [first = ''] = text.split('\n', 1)
  if (first.startsWith('{') && first.includes(`"${JSONL_FORMAT}"`)) return 'jsonl'
  return text.includes('\0') ? undefined : foreignFormOf(text)
}

async function headOf(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r')
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Problem('unreadable-file', { path, reason }, { cause: error })
  }
}

/**
 * Makes a recording of a file of a foreign form and returns the number of events; nothing is left when it fails.
 * Throws `bad-input` (which line, which rule), `unreadable-file`, `directory-unwritable`, `disk-failed`.
 */
export async function importFile(
  path: string,
  form: Exclude<FileForm, 'recording'>,
  outPath: string,
  options: ImportOptions,
): Promise<number> {
  return form === 'jsonl' ? importRecording(path, outPath, options) : importForeign(path, form, outPath, options)
}
