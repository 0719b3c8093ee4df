import { openDisk, type WriteRequest } from '../../../main/node/disk'
import type { Entry, HardState, Restored } from '../../../main/raft/types'
import { IDENTITY } from './helpers'
import { DIRECTORY, type SimulatedFiles, seeded } from './simulated-files'

export interface Script {
  readonly requests: readonly WriteRequest[]
  /** `states[n]` is what the first n requests amount to; no two are the same. */
  readonly states: readonly string[]
}

/** Appends, overwrites of a tail, votes and terms, as a busy follower sees them. */
export function makeScript(seed: number, length: number): Script {
  const random = seeded(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  let hardState: HardState = { currentTerm: 0, votedFor: 0 }
  let entries: Entry[] = []
  const requests: WriteRequest[] = []
  const states = [spell({ hardState, entries })]
  for (let number = 0; number < length; number++) {
    const newTerm = random() < 0.3
    if (newTerm) hardState = { currentTerm: hardState.currentTerm + 1, votedFor: below(6) }
    const truncate = !newTerm || random() < 0.5 ? entries.length > 0 && random() < 0.2 : false
    const truncateFrom = truncate ? Math.max(1, entries.length - below(4)) : undefined
    if (truncateFrom !== undefined) entries = entries.slice(0, truncateFrom - 1)
    const count = newTerm && random() < 0.5 ? 0 : 1 + below(4)
    const added = Array.from({ length: count }, (_, at): Entry => {
      const data = Uint8Array.from({ length: 4 + below(random() < 0.2 ? 1500 : 60) }, () => 1 + below(255))
      data[0] = number
      return { index: entries.length + at + 1, term: hardState.currentTerm, type: 'command', data }
    })
    entries = [...entries, ...added]
    requests.push({
      ...(truncateFrom === undefined ? {} : { truncateFrom }),
      entries: added,
      ...(newTerm || random() < 0.1 ? { hardState } : {}),
    })
    states.push(spell({ hardState, entries }))
  }
  return { requests, states }
}

export function spell({ hardState, entries }: Restored): string {
  const log = entries.map(
    ({ index, term, type, data }) => `${index}:${term}:${type}:${Buffer.from(data).toString('hex')}`,
  )
  return `${hardState.currentTerm}/${hardState.votedFor} ${log.join(' ')}`
}

export interface Life {
  /** The state that the start brought back, as a number of requests; undefined when it did not come so far. */
  readonly found: number | undefined
  /** Requests that were answered, of all that there are; at least `found`. */
  readonly answered: number
  /** Requests that were handed over. */
  readonly asked: number
  /** What ended it: the rejection of the start or of the first request that failed. */
  readonly failure: unknown
  /** The disk went on answering after it failed. */
  readonly revived: boolean
}

export const SEGMENT_BYTES = 3000

/** Starts a disk and writes what the script has after the state that is found, several at a time as `seed` has it. */
export async function live(files: SimulatedFiles, script: Script, seed: number, limit = script.requests.length) {
  const random = seeded(seed)
  const salt = () => Math.floor(random() * 2 ** 32)
  let opened: Awaited<ReturnType<typeof openDisk>>
  try {
    opened = await openDisk(DIRECTORY, IDENTITY, { files, segmentBytes: SEGMENT_BYTES, salt })
  } catch (failure) {
    return { found: undefined, answered: 0, asked: 0, failure, revived: false } satisfies Life
  }
  const found = script.states.indexOf(spell(opened.restored))
  if (found === -1) throw new Error(`a state that never was: ${spell(opened.restored)}`)
  let answered = found
  let asked = found
  let failure: unknown
  let revived = false
  while (asked < limit && failure === undefined) {
    const together = script.requests.slice(asked, Math.min(limit, asked + 1 + Math.floor(random() * 4)))
    asked += together.length
    await Promise.all(
      together.map(async (request) => {
        try {
          await opened.disk.write(request)
          revived ||= failure !== undefined
          answered++
        } catch (error) {
          failure ??= error
        }
      }),
    )
  }
  if (failure !== undefined) {
    const later = opened.disk.write({ entries: [] })
    revived ||= await later.then(
      () => true,
      () => false,
    )
  }
  await opened.disk.close()
  return { found, answered, asked, failure, revived } satisfies Life
}
