/** Makes key frames while a recording is written: which entries are new, and each node's log as runs of their ids. */
import type { TimelineEvent } from '../../node/contract/events'
import type { MutableCluster, MutableNode } from '../fold/cluster'
import { encodeState, type Run } from '../fold/codec'
import { ByteWriter } from './bytes'
import { EntryTable, writeEntries } from './columns'
import { type Block, makeBlock } from './format'

interface OpenRun {
  start: number
  count: number
}

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

  /** Must see every event before it is folded: logs change by these kinds only. */
  note(event: TimelineEvent): void {
    const saved = this.#logs.get(event.node)
    if (saved === undefined) return
    if (event.kind === 'started') saved.stable = 0
    else if (event.kind === 'truncated') shorten(saved, event.fromIndex - saved.firstIndex)
    else if (event.kind === 'appended') shorten(saved, event.firstIndex - saved.firstIndex)
  }

  /** The blocks of a key frame of `state`: entries that no frame had before (when there are any), then the state. */
  make(state: MutableCluster): Block[] {
    const runs: Run[] = []
    for (const node of state.nodes.values()) {
      const saved = this.#update(node)
      for (const run of saved.runs) runs.push({ node: node.id, start: run.start, count: run.count })
    }
    const blocks: Block[] = []
    const fresh = this.#table.entries.slice(this.#written)
    if (fresh.length > 0) {
      const out = new ByteWriter()
      writeEntries(out, fresh)
      blocks.push(makeBlock('entries', out.finish(), { first: this.#written, count: fresh.length }))
      this.#written += fresh.length
    }
    blocks.push(makeBlock('state', encodeState(state, runs), { first: state.seq, count: this.#written }))
    return blocks
  }

  #update(node: MutableNode): SavedLog {
    let saved = this.#logs.get(node.id)
    if (saved === undefined || saved.firstIndex !== node.firstIndex) {
      saved = { runs: [], length: 0, firstIndex: node.firstIndex, stable: 0 }
      this.#logs.set(node.id, saved)
    }
    keep(saved, Math.min(saved.stable, node.log.length))
    for (const entry of node.log.slice(saved.length)) {
      const id = this.#table.idOf(entry)
      const last = saved.runs.at(-1)
      if (last !== undefined && last.start + last.count === id) last.count++
      else saved.runs.push({ start: id, count: 1 })
    }
    saved.length = saved.stable = node.log.length
    return saved
  }
}

function shorten(saved: SavedLog, length: number): void {
  saved.stable = Math.max(0, Math.min(saved.stable, length))
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
