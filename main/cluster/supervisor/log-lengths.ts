/** How long the logs are that nodes will read when they start. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { segmentNumber } from '../../node/contract/records'

/** In bytes of segments: some thousand small entries. An empty log takes a sixteenth of it. */
export const LONG_LOG_BYTES = 1 << 20

/** Whether most of these nodes' directories hold a long log. One that is missing holds none. */
export async function areLogsLong(directories: readonly string[]): Promise<boolean> {
  const sizes = await Promise.all(directories.map(logBytes))
  return sizes.filter((size) => size >= LONG_LOG_BYTES).length * 2 > sizes.length
}

async function logBytes(directory: string): Promise<number> {
  const names = await readdir(directory).catch(() => [])
  const segments = names.filter((name) => segmentNumber(name) !== undefined)
  const sizes = segments.map((name) =>
    stat(join(directory, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  )
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
