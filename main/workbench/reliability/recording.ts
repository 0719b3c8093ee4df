/** What a whole recording must show: one leader per term, and one entry per committed index, the acknowledged ones among them. */
import { crc32 } from 'node:zlib'
import type { TimelineEvent } from '../../node/contract/events'
import type { Entry } from '../../raft/types'
import type { TimelineSource } from '../../timeline'
import type { Finding } from './finding'

/** So many findings of a kind tell enough. */
const MOST = 20

export interface RecordingCounts {
  readonly events: number
  readonly bytes: number
  readonly terms: number
  readonly elections: number
  readonly committed: number
  /** Acknowledged writes that were found at their place. */
  readonly acknowledged: number
}

/** An entry as far as the recording tells; −1: its data is not known. */
interface Known {
  readonly term: number
  readonly sum: number
}

/** A node's log, as it tells it. */
class NodeLog {
  readonly #entries = new Map<number, Known>()
  #last = 0
  /** Compared up to here. */
  committed = 0

  /** @param base the last entry that is gone */
  clear(base: number): void {
    this.#entries.clear()
    this.#last = base
    this.committed = base
  }

  append(firstIndex: number, count: number, term: number, entries: readonly Entry[]): void {
    for (let at = 0; at < count; at++) {
      const entry = entries[at]
      this.#entries.set(firstIndex + at, { term, sum: entry === undefined ? -1 : crc32(entry.data) })
    }
    this.#last = Math.max(this.#last, firstIndex + count - 1)
  }

  truncate(fromIndex: number): void {
    for (let index = fromIndex; index <= this.#last; index++) this.#entries.delete(index)
    this.#last = Math.min(this.#last, fromIndex - 1)
  }

  /** What was compared is known to be the same everywhere: it may go. */
  compareUpTo(index: number, compare: (index: number, entry: Known) => void): void {
    for (let at = this.committed + 1; at <= index; at++) {
      const entry = this.#entries.get(at)
      if (entry !== undefined) compare(at, entry)
      this.#entries.delete(at)
    }
    this.committed = Math.max(this.committed, index)
  }
}

export class RecordingCheck {
  readonly #leaders = new Map<number, number>()
  readonly #logs = new Map<number, NodeLog>()
  /** By index. */
  readonly #committed = new Map<number, Known>()
  /** Calls that write, until they are answered. */
  readonly #writing = new Set<number>()
  /** Places of acknowledged writes that nobody was seen to commit yet: index → term. */
  readonly #promised = new Map<number, number>()
  readonly #findings: Finding[] = []
  #elections = 0
  #acknowledged = 0

  saw(event: TimelineEvent): void {
    switch (event.kind) {
      case 'started':
        this.#log(event.node).clear(event.firstIndex - 1)
        break
      case 'snapshot':
        if (event.stage === 'installed' && !event.keepsLog) this.#log(event.node).clear(event.index)
        break
      case 'appended':
        this.#log(event.node).append(event.firstIndex, event.count, event.term, event.entries)
        break
      case 'truncated': {
        const log = this.#log(event.node)
        if (event.fromIndex <= log.committed) {
          this.#find({
            kind: 'committed',
            index: event.fromIndex,
            detail: `node ${event.node} removed it from its log after it had committed ${log.committed}`,
          })
        }
        log.truncate(event.fromIndex)
        break
      }
      case 'committed':
        this.#log(event.node).compareUpTo(event.commitIndex, (index, entry) => this.#compare(event.node, index, entry))
        break
      case 'role':
        if (event.role === 'leader') this.#leads(event.node, event.term)
        break
      case 'invoke':
        if (event.op !== 'get') this.#writing.add(event.call)
        break
      case 'answer':
        if (this.#writing.delete(event.call) && event.outcome === 'ok') this.#promise(event.index, event.term)
        break
      default:
        break
    }
  }

  end(): { readonly findings: readonly Finding[]; readonly counts: Omit<RecordingCounts, 'events' | 'bytes'> } {
    for (const [index, term] of this.#promised) {
      const detail = `a write was acknowledged for it in term ${term}, and no node was seen to commit it`
      this.#find({ kind: 'committed', index, detail })
    }
    return {
      findings: this.#findings,
      counts: {
        terms: this.#leaders.size,
        elections: this.#elections,
        committed: this.#committed.size,
        acknowledged: this.#acknowledged,
      },
    }
  }

  #log(node: number): NodeLog {
    const log = this.#logs.get(node) ?? new NodeLog()
    this.#logs.set(node, log)
    return log
  }

  #leads(node: number, term: number): void {
    const before = this.#leaders.get(term)
    if (before === undefined) this.#elections++
    else if (before !== node) this.#find({ kind: 'two-leaders', term, nodes: [before, node] })
    this.#leaders.set(term, node)
  }

  #compare(node: number, index: number, entry: Known): void {
    const known = this.#committed.get(index)
    if (known === undefined || known.sum < 0) {
      if (known === undefined || known.term === entry.term) this.#committed.set(index, entry)
    }
    const isSame =
      known === undefined || (known.term === entry.term && (known.sum < 0 || entry.sum < 0 || known.sum === entry.sum))
    if (!isSame) {
      const detail = `node ${node} committed one of term ${entry.term}, another node one of term ${known.term}`
      this.#find({ kind: 'committed', index, detail })
    }
    const promised = this.#promised.get(index)
    if (promised === undefined) return
    this.#promised.delete(index)
    this.#keep(index, promised, entry)
  }

  #promise(index: number, term: number): void {
    const known = this.#committed.get(index)
    if (known === undefined) this.#promised.set(index, term)
    else this.#keep(index, term, known)
  }

  #keep(index: number, promised: number, { term }: Known): void {
    if (promised === term) this.#acknowledged++
    else {
      const detail = `a write was acknowledged for it in term ${promised}, and one of term ${term} was committed`
      this.#find({ kind: 'committed', index, detail })
    }
  }

  #find(finding: Finding): void {
    if (this.#findings.filter(({ kind }) => kind === finding.kind).length < MOST) this.#findings.push(finding)
  }
}

/** Reads it from its first event to its last. */
export async function checkRecording(
  source: TimelineSource,
  signal: AbortSignal,
): Promise<{ readonly findings: readonly Finding[]; readonly counts: RecordingCounts }> {
  const check = new RecordingCheck()
  for await (const events of source.scan({}, signal)) for (const event of events) check.saw(event)
  const { findings, counts } = check.end()
  const { events, bytes, shed, complete, corruptAt } = source.info()
  const wrong: Finding[] = []
  if (shed > 0) wrong.push({ kind: 'recording', detail: `${shed} events were shed` })
  if (!complete || corruptAt !== undefined) wrong.push({ kind: 'recording', detail: 'it is not whole' })
  return { findings: [...findings, ...wrong], counts: { ...counts, events, bytes } }
}
