/** When an entry is committed, and what follows from that (§5.3, §5.4.2; §6 for configurations). */
import { settleChange } from './changes'
import type { Core } from './core'
import { agreed } from './quorum'
import { confirmReads } from './reads'

/**
 * Commits what a majority has on disk, if the last such entry is of the leader's own term: counting copies of an older
 * entry proves nothing (§5.4.2, Figure 8); it commits along with the first entry of the own term. The leader counts
 * itself as far as its own disk has come, and only if it has a vote (a leader that is being removed has none, §6).
 */
export function advanceCommit(core: Core): void {
  if (!core.isLeader) return
  const index = agreed(core.configuration, (voter) =>
    voter === core.id ? core.disk.durableIndex : (core.progress.get(voter)?.matchIndex ?? 0),
  )
  if (index <= core.commitIndex) return
  if (core.log.termAt(index) !== core.currentTerm) {
    if (index > core.waitingIndex) {
      core.waitingIndex = index
      core.remark('commit-waits-for-own-term', core.id, index)
    }
    return
  }
  core.commitTo(index, 'counted')
  confirmReads(core)
  settleChange(core)
}
