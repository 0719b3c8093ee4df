/**
 * Wants the lock of a directory: `contender.js DIRECTORY`. For every line on stdin it tries
 * once and prints `won` or `lost`; a winner keeps the lock until the line `release`.
 */
import { createInterface } from 'node:readline'
import { acquireLock, type Lock } from '../../../main/cluster/lock'

const [directory = ''] = process.argv.slice(2)
let lock: Lock | undefined

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'release') {
    lock?.release()
    lock = undefined
    process.stdout.write('released\n')
    continue
  }
  try {
    lock = await acquireLock(directory, 0)
    process.stdout.write('won\n')
  } catch {
    process.stdout.write('lost\n')
  }
}
