/** Names of clusters. A name is also the name of a directory, so it must be one on every system. */
import { Problem } from '../node/contract/problem'

const MAX_NAME_LENGTH = 64
/** File systems count bytes; 64 rare characters can take 256 of them. */
const MAX_NAME_BYTES = 240
const ALLOWED = /^[\p{L}\p{M}\p{N} _.-]+$/u
/** Devices of Windows, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i

/** The name as it is kept (Unicode NFC), or the problem `cluster-name`. */
export function checkName(given: string): string {
  const name = given.normalize('NFC')
  const fits =
    [...name].length <= MAX_NAME_LENGTH &&
    Buffer.byteLength(name) <= MAX_NAME_BYTES &&
    ALLOWED.test(name) &&
    // Windows drops a dot or a space at the end; a dot at the start hides the directory (and is `.` or `..`).
    !/^[ .]|[ .]$/.test(name) &&
    !RESERVED.test(name)
  if (!fits) throw new Problem('cluster-name', { given: given.slice(0, 200) })
  return name
}

/** `cluster-1`, `cluster-2`, …: the first that is not taken (compared without case, as macOS and Windows do). */
export function freeName(taken: readonly string[]): string {
  const lower = new Set(taken.map((name) => name.toLowerCase()))
  let number = 1
  while (lower.has(`cluster-${number}`)) number++
  return `cluster-${number}`
}
