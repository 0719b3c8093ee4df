/** What a disk durably holds besides the snapshots' data: the writes it acknowledged, one after another. */
import type { Entry, HardState, SnapshotMeta, Write } from '../../../main/raft'
import { LogImage } from '../log-image'

export class DiskImage {
  hardState: HardState = { currentTerm: 0, votedFor: 0 }
  log = new LogImage()
  /** The snapshot that a start would begin with. */
  snapshot: SnapshotMeta | undefined

  /** In the order of the contract (`main/raft/types.ts`, Write). Returns the entries that were cut away. */
  apply({ install, truncateFrom, entries, hardState, compactTo }: Write): readonly Entry[] {
    const gone: Entry[] = []
    if (install) {
      this.snapshot = install.snapshot
      gone.push(...this.log.install(install.snapshot, install.keepsLog))
    }
    if (truncateFrom !== undefined) gone.push(...this.log.truncate(truncateFrom))
    this.log.append(entries)
    if (hardState) this.hardState = hardState
    if (compactTo) this.log.compact(compactTo)
    return gone
  }

  copy(): DiskImage {
    const copy = new DiskImage()
    copy.hardState = this.hardState
    copy.log = this.log.copy()
    copy.snapshot = this.snapshot
    return copy
  }
}
