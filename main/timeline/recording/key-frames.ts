/** Makes key frames while a recording is written: which entries are new, and each node's log as runs of their ids. */
import type { TimelineEvent } from '../../node/contract/events'
import type { MutableCluster, MutableNode } from '../fold/cluster'
import { encodeState, type Run } from '../fold/codec'
import { sizeOf } from '../fold/entry-log'
import { ByteWriter } from './bytes'
import { writeEntries } from './columns'
import { EntryTable, type NumberRun } from './entry-table'
import { type Block, makeBlock } from './format'

type OpenRun = { -readonly [K in keyof NumberRun]: NumberRun[K] }

/** A node's log as the last key frame told it. */
interface SavedLog {
  runs: OpenRun[]
  length: number
  firstIndex: number
  /** How much of it still stands: truncations since then make it smaller. */
  stable: number
}

export class KeyFrameMaker {
  readonly #table = new EntryTable()
  readonly #logs = new Map<number, SavedLog>()
  #written = 0
  /** Logs have lost entries since the table was cleared of what nobody holds. */
  #hasForgotten = false

  /** Must see every event before it is folded: logs change by these kinds only. */
  note(event: TimelineEvent): void {
    if (event.kind === 'process' && event.state === 'removed') this.#void(event.subject)
    const saved = this.#logs.get(event.node)
    if (saved === undefined) return
    switch (event.kind) {
      case 'started':
        this.#void(event.node)
        return
      case 'snapshot':
        if (event.stage === 'installed' && !event.keepsLog) this.#void(event.node)
        return
      case 'truncated':
        shorten(saved, event.fromIndex - saved.firstIndex)
        return
      case 'appended':
        shorten(saved, event.firstIndex - saved.firstIndex)
        return
    }
  }

  /** The blocks of a key frame of `state`: entries that no frame had before (when there are any), then the state. */
  make(state: MutableCluster): Block[] {
    const runs: Run[] = []
    for (const node of state.nodes.values()) {
      const saved = this.#update(node)
      for (const run of saved.runs) runs.push({ node: node.id, start: run.start, count: run.count })
    }
    const blocks: Block[] = []
    const fresh = this.#table.takeFresh()
    const count = fresh.reduce((sum, stretch) => sum + sizeOf(stretch), 0)
    if (count > 0) {
      const out = new ByteWriter()
      writeEntries(out, fresh)
      blocks.push(makeBlock('entries', out.finish(), { first: this.#written, count }))
      this.#written += count
    }
    blocks.push(makeBlock('state', encodeState(state, runs), { first: state.seq, count: this.#written }))
    if (this.#hasForgotten) this.#forget(state)
    return blocks
  }

  #update(node: MutableNode): SavedLog {
    let saved = this.#logs.get(node.id)
    if (saved !== undefined && saved.firstIndex < node.firstIndex) {
      dropFront(saved, node.firstIndex)
      this.#hasForgotten = true
    }
    if (saved === undefined || saved.firstIndex !== node.firstIndex) {
      saved = { runs: [], length: 0, firstIndex: node.firstIndex, stable: 0 }
      this.#logs.set(node.id, saved)
    }
    keep(saved, Math.min(saved.stable, node.log.length))
    for (const stretch of node.log.stretches(saved.length)) {
      if (stretch.type === 'told') for (const entry of stretch.entries) add(saved, this.#table.idOf(entry), 1)
      else for (const { start, count } of this.#table.idsOf(stretch)) add(saved, start, count)
    }
    saved.length = saved.stable = node.log.length
    return saved
  }

  #void(node: number): void {
    if (this.#logs.delete(node)) this.#hasForgotten = true
  }

  /** What no log holds any more is not remembered: memory follows the logs, not the length of the recording. */
  #forget(state: MutableCluster): void {
    this.#table.keepRanges([...state.nodes.values()])
    this.#hasForgotten = false
  }
}

function add({ runs }: SavedLog, start: number, count: number): void {
  const last = runs.at(-1)
  if (last !== undefined && last.start + last.count === start) last.count += count
  else runs.push({ start, count })
}

function shorten(saved: SavedLog, length: number): void {
  saved.stable = Math.max(0, Math.min(saved.stable, length))
}

/** The log was compacted: it begins at `firstIndex` now. */
function dropFront(saved: SavedLog, firstIndex: number): void {
  const gone = Math.min(firstIndex - saved.firstIndex, saved.length)
  let left = gone
  while (left > 0) {
    const [run] = saved.runs
    if (run === undefined) break
    const cut = Math.min(left, run.count)
    run.start += cut
    run.count -= cut
    left -= cut
    if (run.count === 0) saved.runs.shift()
  }
  saved.length -= gone
  saved.stable = Math.max(0, saved.stable - (firstIndex - saved.firstIndex))
  saved.firstIndex = firstIndex
}

function keep(saved: SavedLog, length: number): void {
  let excess = saved.length - length
  while (excess > 0) {
    const last = saved.runs.at(-1)
    if (last === undefined) break
    const cut = Math.min(excess, last.count)
    last.count -= cut
    excess -= cut
    if (last.count === 0) saved.runs.pop()
  }
  saved.length = length
}
