/**
 * What a node that starts says of a long log before it tells what is in it. Logs of one cluster are mostly equal (Log Matching,
 * §5.3), so the workbench has most entries from another node, or from this one's last life: by the digest it knows whether they are the same.
 */
import * as z from 'zod/mini'
import type { Entry } from '../../raft/types'
import { crc32cOfWord } from './crc32c'
import { checksumOf } from './records/entries'

z.config({ ...z.locales.en(), jitless: true })

const whole = z.int().check(z.minimum(0))

export const logRunSchema = z.object({
  firstIndex: z.int().check(z.minimum(1)),
  count: z.int().check(z.minimum(1)),
  /** Of all of them. */
  term: whole,
  /** CRC-32C of the checksums of their records. */
  digest: whole,
})
/** Consecutive entries of one term. */
export type LogRun = Readonly<z.infer<typeof logRunSchema>>

/** Of consecutive entries from `firstIndex` on, all of one term, as an `appended` event holds them. */
export function logRunOf(told: {
  readonly firstIndex: number
  readonly term: number
  readonly entries: readonly Entry[]
}): LogRun {
  const { firstIndex, term, entries } = told
  return { firstIndex, count: entries.length, term, digest: digestOf(entries) }
}

/** Whether these entries are the run. */
export function isRun(entries: readonly Entry[], { firstIndex, count, term, digest }: LogRun): boolean {
  const first = entries[0]
  const last = entries.at(-1)
  if (entries.length !== count || first?.index !== firstIndex || first.term !== term) return false
  return last?.index === firstIndex + count - 1 && last.term === term && digestOf(entries) === digest
}

function digestOf(entries: readonly Entry[]): number {
  let digest = 0
  for (let at = 0; at < entries.length; at++) digest = crc32cOfWord(checksumOf(entries[at] as Entry), digest)
  return digest
}
