/**
 * What the user does to a running cluster besides faults and calls: nodes come, go and are rebuilt, memberships change,
 * leadership moves, snapshots are taken. Each stands on the timeline with its beginning and its end. One that is refused
 * leaves the cluster as it was.
 */
import { mkdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FieldsOf } from '../../node/contract/events'
import { MAX_NODES } from '../../node/contract/limits'
import { asProblem, Problem } from '../../node/contract/problem'
import type { ChangeMode, MemberRole, MembershipChange, Position } from '../../raft/types'
import { removeDirectory, writing } from '../files'
import { type Admin, Membership } from './membership'
import type { SupervisedNode } from './node'
import type { NodeRecords } from './records'
import type { Reporter } from './reporter'

export interface OperationsContext {
  readonly reporter: Reporter
  readonly records: NodeRecords
  readonly admin: Admin
  /** The clock of time limits, in milliseconds: it stands while the cluster is stopped. */
  now(): number
  /** Problem: `node-unknown`, also when it was removed. */
  present(node: number): SupervisedNode
  isRunning(node: number): boolean
  /** A place in the log that is committed after this was called. Problem: `no-leader`. */
  committedPosition(node: number): Promise<Position>
  dataDir(node: number): string
  /** Makes the supervised node of a new record and tells the others where it will listen. Problem: `no-cluster`. */
  admit(node: number): SupervisedNode
  /** A node has gone: its links and its address go too. */
  dismiss(node: number): void
  /** Its files were emptied: nothing that was done to them is there any more. */
  emptied(node: number): void
  /** Nothing tells any more that it ever was. */
  forget(node: number): void
}

type OperationType = FieldsOf<'operation'>['type']

const MAX_NODE_ID = 65535
const TRANSFER_WITHIN_MS = 5000
const LAGGING_WITHIN_MS = 1000
const PAUSE_MS = 30
const SNAPSHOT_WITHIN_MS = 60_000

export class Operations {
  readonly #context: OperationsContext
  readonly #closing = new AbortController()
  readonly membership: Membership
  readonly #underWay = new Set<Promise<unknown>>()
  /** Nodes that come or go just now. */
  readonly #busy = new Map<number, 'starting' | 'stopping'>()
  #count = 0

  constructor(context: OperationsContext) {
    this.#context = context
    this.membership = new Membership({
      admin: context.admin,
      now: () => context.now(),
      isRunning: context.isRunning,
      closing: this.#closing.signal,
    })
  }

  /** See `Cluster.add`. */
  async add(role: MemberRole, wanted?: number): Promise<number> {
    const { records, admit, dataDir } = this.#context
    return await this.#told('add-node', { role, ...(wanted === undefined ? {} : { node: wanted }) }, async (tell) => {
      const node = this.#newNumber(wanted)
      tell({ node })
      this.membership.checkMajority([])
      await this.#occupying(node, 'starting', async () => {
        const supervised = admit(node)
        let isMember = false
        try {
          await records.add({ id: node, starts: 0, removed: false, joined: true, role })
          await supervised.start()
          await this.membership.bring(node, role === 'witness' ? 'witness' : 'learner')
          isMember = true
          if (role === 'voter') await this.membership.promote(node, dataDir(node))
        } catch (error) {
          // It may be a member, or become one: it has to stay.
          if (asProblem(error).code === 'call-unknown') throw error
          await this.#undoAdding(node, isMember)
          throw error
        }
      })
      return node
    })
  }

  /** See `Cluster.remove`. */
  async remove(node: number): Promise<void> {
    await this.#told('remove-node', { node }, async () => {
      this.#context.present(node)
      if (this.#context.records.present.length === 1)
        throw new Problem('node-count', { given: 0, min: 1, max: MAX_NODES })
      await this.#occupying(node, 'stopping', async () => {
        await this.#leave(node)
        await this.#dismantle(node, true)
      })
    })
  }

  /** See `Cluster.rebuild`. */
  async rebuild(node: number): Promise<void> {
    const { records, present, dataDir } = this.#context
    await this.#told('rebuild', { node }, async (tell) => {
      const supervised = present(node)
      const role = records.find(node)?.role ?? 'voter'
      tell({ role })
      await this.#occupying(node, 'starting', async () => {
        await this.#leave(node)
        // From here on it must never again believe in the first configuration, nor in anything from before its removal: with
        // its disk it forgets its votes and what it acknowledged.
        const joinsAfter = await this.#context.committedPosition(node)
        await records.change(node, { joined: true, joinsAfter })
        this.membership.forget(node)
        await supervised.whileDown(() => emptyDirectory(dataDir(node)))
        this.#context.emptied(node)
        await supervised.start()
        await this.membership.bring(node, role === 'witness' ? 'witness' : 'learner')
        if (role === 'voter') await this.membership.promote(node, dataDir(node))
        else await this.membership.reaches(node, joinsAfter.index)
      })
    })
  }

  /** See `Cluster.changeMembership`. */
  async changeMembership(changes: readonly MembershipChange[], mode: ChangeMode): Promise<number> {
    const { records, present } = this.#context
    return await this.#told('change', { changes, mode }, async (tell) => {
      if (changes.length === 0) throw new Problem('change-refused', { reason: 'already-so', node: 0 })
      for (const { node, role } of changes) {
        // One without a process may still be a member: of a cluster from before memberships could change.
        if (role !== 'removed' || records.find(node) === undefined) present(node)
      }
      const index = await this.membership.change(changes, mode)
      tell({ index })
      for (const { node, role } of changes) if (role !== 'removed') await records.change(node, { role })
      return index
    })
  }

  /** See `Cluster.transferLeadership`. */
  async transferLeadership(target?: number): Promise<void> {
    const { present } = this.#context
    await this.#told('transfer', target === undefined ? {} : { target }, async () => {
      if (target !== undefined && present(target).standing !== 'running') {
        throw new Problem('transfer-refused', { reason: 'target-unreachable', node: target })
      }
      await this.#transfer(target ?? 0)
    })
  }

  /** See `Cluster.snapshot`. */
  async snapshot(node: number): Promise<number> {
    const { admin, present } = this.#context
    return await this.#told('snapshot', { node }, async (tell) => {
      const { standing } = present(node)
      if (standing !== 'running') {
        throw new Problem('node-state', { node: String(node), state: standing, wanted: 'running' })
      }
      const index = await admin({ type: 'snapshot' }, { via: node, timeoutMs: SNAPSHOT_WITHIN_MS })
      tell({ index })
      return index
    })
  }

  /** What is under way is given up as soon as it can be. */
  close(): void {
    this.#closing.abort()
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#underWay])
  }

  /** Does it, with its beginning and its end on the timeline; `tell` adds to the detail what is known only later. */
  async #told<T>(type: OperationType, given: object, action: (tell: (more: object) => void) => Promise<T>): Promise<T> {
    const { reporter } = this.#context
    const id = ++this.#count
    let detail = given
    const report = (step: 'begin' | 'done' | 'failed', problem = '') =>
      reporter.report('operation', { action: step, id, type, detail: JSON.stringify(detail), problem })
    report('begin')
    const work = action((more) => {
      detail = { ...detail, ...more }
    })
    this.#underWay.add(work)
    try {
      const result = await work
      report('done')
      return result
    } catch (error) {
      const problem = asProblem(error)
      detail = { ...detail, refusal: problem.details }
      report('failed', problem.code)
      throw error
    } finally {
      this.#underWay.delete(work)
    }
  }

  /** One at a time for each node. Problem: `node-state`. */
  async #occupying(node: number, state: 'starting' | 'stopping', action: () => Promise<void>): Promise<void> {
    const before = this.#busy.get(node)
    if (before !== undefined) throw new Problem('node-state', { node: String(node), state: before, wanted: 'running' })
    this.#busy.set(node, state)
    try {
      await action()
    } finally {
      this.#busy.delete(node)
    }
  }

  #newNumber(wanted: number | undefined): number {
    const { records } = this.#context
    const given = records.present.length + 1
    if (given > MAX_NODES) throw new Problem('node-count', { given, min: 1, max: MAX_NODES })
    const isFree = (node: number) => records.find(node) === undefined
    if (wanted !== undefined) {
      if (!isFree(wanted)) throw new Problem('node-exists', { node: String(wanted) })
      if (!Number.isInteger(wanted) || wanted < 1 || wanted > MAX_NODE_ID) {
        throw new Problem('bad-input', { where: 'node', reason: `a whole number from 1 to ${MAX_NODE_ID} is wanted` })
      }
      return wanted
    }
    let node = 1
    while (!isFree(node)) node++
    return node
  }

  /**
   * Takes it out of the membership. A leader lets another one lead before it goes; when nobody can take over, it goes all
   * the same (§6).
   */
  async #leave(node: number): Promise<void> {
    this.membership.checkMajority([{ node, role: 'removed' }])
    if (this.#context.isRunning(node)) await this.#transfer(0, node).catch(() => undefined)
    await this.membership.bring(node, 'removed')
  }

  /** A leader that has just been elected does not know yet how far the others are. */
  async #transfer(target: number, via = 0): Promise<void> {
    const deadline = this.#context.now() + LAGGING_WITHIN_MS
    // The core gives a transfer up after an election timeout.
    const timeoutMs = Math.max(TRANSFER_WITHIN_MS, 4 * this.#context.records.settings.electionTimeoutMs)
    for (;;) {
      try {
        await this.#context.admin({ type: 'transfer', target }, { via, timeoutMs })
        return
      } catch (error) {
        const { details } = asProblem(error)
        const isLagging = 'reason' in details && details.reason === 'target-behind'
        if (!isLagging || this.#closing.signal.aborted || this.#context.now() > deadline) throw error
      }
      await sleep(PAUSE_MS)
    }
  }

  async #undoAdding(node: number, isMember: boolean): Promise<void> {
    if (isMember) {
      try {
        await this.membership.bring(node, 'removed')
      } catch (error) {
        throw new Problem('call-unknown', { millis: 0 }, { cause: error })
      }
    }
    await this.#dismantle(node, isMember)
  }

  /** Of a node that is no member (any more): its process, links, address, record and files. */
  async #dismantle(node: number, wasMember: boolean): Promise<void> {
    const { records, present, dismiss, forget, dataDir } = this.#context
    await present(node).remove()
    this.membership.forget(node)
    dismiss(node)
    // The record before the files: a node that lost only these would believe in the first configuration again.
    if (wasMember) await records.retire(node)
    else {
      forget(node)
      await records.drop(node)
    }
    await removeDirectory(dataDir(node))
  }
}

async function emptyDirectory(path: string): Promise<void> {
  await writing(path, async () => {
    await removeDirectory(path)
    await mkdir(path, { recursive: true })
  })
}
