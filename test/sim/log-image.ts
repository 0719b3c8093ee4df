/** A log as plain data: what a node's writes amount to, or what its disk holds. */
import type { Configuration, Entry, Index, Position, SnapshotMeta, Term } from '../../main/raft'
import { decodeConfiguration, EMPTY_CONFIGURATION } from '../../main/raft/configuration'

interface Standing {
  readonly index: Index
  readonly configuration: Configuration
}

export class LogImage {
  #base: Position
  #entries: Entry[]
  /** Which configurations stand in it, the one it begins with first. */
  #configurations: Standing[]

  constructor(
    base: Position = { index: 0, term: 0 },
    entries: readonly Entry[] = [],
    configuration = EMPTY_CONFIGURATION,
    configurationIndex = base.index,
  ) {
    this.#base = base
    this.#entries = [...entries]
    this.#configurations = [{ index: configurationIndex, configuration }]
    for (const entry of entries) if (entry.index > configurationIndex) this.#note(entry)
  }

  /** The position before the first entry. */
  get base(): Position {
    return this.#base
  }

  get lastIndex(): Index {
    return this.#base.index + this.#entries.length
  }

  get last(): Entry | undefined {
    return this.#entries.at(-1)
  }

  get entries(): readonly Entry[] {
    return this.#entries
  }

  /** The newest configuration in it, committed or not: the one in force (§6). */
  get configuration(): Configuration {
    return this.#configurations.at(-1)!.configuration
  }

  at(index: Index): Entry | undefined {
    return this.#entries[index - this.#base.index - 1]
  }

  /** Undefined outside the log. */
  termAt(index: Index): Term | undefined {
    return index === this.#base.index ? this.#base.term : this.at(index)?.term
  }

  copy(): LogImage {
    const copy = new LogImage(this.#base, [])
    copy.#entries = [...this.#entries]
    copy.#configurations = [...this.#configurations]
    return copy
  }

  /** Returns what went and is not covered by the snapshot. */
  install(snapshot: SnapshotMeta, keepsLog: boolean): readonly Entry[] {
    const later = this.#entries.filter(({ index }) => index > snapshot.index)
    const behind = keepsLog ? later : []
    this.#entries = behind
    this.#base = { index: snapshot.index, term: snapshot.term }
    this.#configurations = [{ index: snapshot.index, configuration: snapshot.configuration }]
    for (const entry of behind) this.#note(entry)
    return keepsLog ? [] : later
  }

  /** Returns what went. */
  truncate(from: Index): readonly Entry[] {
    const gone = this.#entries.splice(Math.max(0, from - this.#base.index - 1))
    while (this.#configurations.length > 1 && this.#configurations.at(-1)!.index >= from) this.#configurations.pop()
    return gone
  }

  append(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.index !== this.lastIndex + 1) throw new Error(`entry ${entry.index} cannot follow ${this.lastIndex}`)
      this.#entries.push(entry)
      this.#note(entry)
    }
  }

  compact({ index, term }: Position): void {
    if (index <= this.#base.index) return
    this.#entries.splice(0, index - this.#base.index)
    this.#base = { index, term }
    while (this.#configurations.length > 1 && this.#configurations[1]!.index <= index) this.#configurations.shift()
  }

  #note({ index, type, data }: Entry): void {
    if (type !== 'config') return
    const configuration = decodeConfiguration(data)
    if (!configuration) throw new Error(`entry ${index} holds no configuration`)
    this.#configurations.push({ index, configuration })
  }
}
