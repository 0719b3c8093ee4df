/** What waits in a node for its moment, and what then happens. */
import { mulberry32 } from '../conditioning/generator'
import type { ArmedFault, CrashPoint, NodeFault, NodeFaultType } from '../contract/conditions'
import type { NamedMessage } from '../contract/frames'
import type { Files } from '../disk'
import { type DiskFaults, type FailingOperation, FaultyFiles, type LogBatch } from '../disk/files-faulty'
import type { Torn } from '../disk/unsynced'
import type { Armed, Process } from './api'
import { SlowDisk } from './slow'

/** `left` of a fault that strikes until it is healed. */
const ALWAYS = 0xffff_ffff

const SENTENCES = { EIO: 'i/o error', ENOSPC: 'no space left on device' } as const

type FaultOf<T extends NodeFaultType> = Extract<NodeFault, { type: T }>

interface Waiting<F extends NodeFault = NodeFault> {
  readonly id: number
  readonly fault: F
  /** How often its occasion has come. */
  met: number
}

export class Faults implements Armed, DiskFaults {
  readonly #process: Process
  readonly #waiting = new Map<number, Waiting>()
  readonly #slow = new Map<number, SlowDisk>()
  #files: FaultyFiles | undefined
  #isEnding = false
  /** Nothing waits for the disk. */
  #isIdle = true
  /** Something waits for a message to leave. */
  #watchesMessages = false

  constructor(process: Process) {
    this.#process = process
  }

  get isIdle(): boolean {
    return this.#isIdle
  }

  files(real: Files): Files {
    this.#files = new FaultyFiles(real, this)
    return this.#files
  }

  arm({ id, fault }: ArmedFault): void {
    this.disarm(id)
    const waiting = { id, fault, met: 0 }
    this.#waiting.set(id, waiting)
    if (fault.type === 'slow-disk') this.#slow.set(id, new SlowDisk(fault, mulberry32(fault.seed)))
    this.#weigh()
    if (fault.type === 'power-loss' && fault.at === 'now') void this.#losePower(waiting, fault)
  }

  disarm(id: number): void {
    this.#waiting.delete(id)
    this.#slow.get(id)?.heal()
    this.#slow.delete(id)
    this.#weigh()
  }

  sending(frame: NamedMessage): boolean {
    return !this.#watchesMessages || this.#mayLeave(frame)
  }

  sent(frame: NamedMessage): void {
    if (!this.#watchesMessages || this.#isEnding) return
    const point = this.#reached('after-send', frame)
    if (point !== undefined) void this.#end(point, named(frame))
  }

  async pass(): Promise<void> {
    if (this.#isEnding) await never()
  }

  async before(operation: FailingOperation, path: string): Promise<void> {
    if (operation === 'sync' || operation === 'sync-directory') await this.#slowly()
    await this.pass()
    this.#fail(operation, path)
  }

  async write(batch: LogBatch): Promise<void> {
    const { path, bytes, put, tear } = batch
    await this.#slowly()
    await this.pass()
    this.#fail('write', path)
    const early = this.#reached('before-write')
    if (early !== undefined) return await this.#end(early, { path, bytes: bytes.length })
    const torn = this.#next('torn-write')
    if (torn !== undefined) return await this.#tear(torn, batch)
    const power = this.#next('power-loss')
    if (power !== undefined) return await this.#losePower(power, power.fault, tear())
    await put(bytes.length)
    await this.pass()
    const late = this.#reached('after-write')
    if (late !== undefined) await this.#end(late, { path, bytes: bytes.length })
  }

  #mayLeave(frame: NamedMessage): boolean {
    if (this.#isEnding) return false
    const point = this.#reached('before-send', frame)
    if (point === undefined) return true
    void this.#end(point, named(frame))
    return false
  }

  /** Whoever waits for this point has met it once more; the first whose turn it is. */
  #reached(point: CrashPoint, frame?: NamedMessage): Waiting | undefined {
    let first: Waiting | undefined
    for (const waiting of this.#all('crash-point')) {
      const { fault } = waiting
      if (fault.point !== point) continue
      if (frame !== undefined && fault.messages.length > 0 && !fault.messages.includes(frame.message.type)) continue
      waiting.met += 1
      if (waiting.met >= fault.nth) first ??= waiting
    }
    return first
  }

  #fail(operation: FailingOperation, path: string): void {
    const waiting = this.#next('disk-error')
    if (waiting === undefined) return
    const { code, count } = waiting.fault
    waiting.met += 1
    const left = count === null ? ALWAYS : count - waiting.met
    this.#tell(waiting, { path, operation, code }, left)
    if (left === 0) this.disarm(waiting.id)
    const syscall = operation === 'truncate' ? 'ftruncate' : operation === 'write' ? 'write' : 'fsync'
    throw Object.assign(new Error(`${code}: ${SENTENCES[code]}, ${syscall}`), { code, syscall, path })
  }

  /** As much longer as all slow disks together take. */
  async #slowly(): Promise<void> {
    for (const slow of this.#slow.values()) await slow.wait()
  }

  async #tear(waiting: Waiting<FaultOf<'torn-write'>>, { path, bytes, put }: LogBatch): Promise<never> {
    this.#freeze()
    const { keepBytes, seed } = waiting.fault
    const most = lastByte(bytes)
    const kept = keepBytes === null ? Math.floor(mulberry32(seed)() * (most + 1)) : Math.min(keepBytes, most)
    // A disk that fails as well leaves less.
    await put(kept).catch(() => undefined)
    return await this.#end(waiting, { path, bytes: kept, of: bytes.length })
  }

  /** `torn`: the write that would come now. */
  async #losePower(waiting: Waiting, { seed }: FaultOf<'power-loss'>, torn?: Torn): Promise<never> {
    this.#freeze()
    const files = this.#files
    if (files === undefined) return await this.#end(waiting, { names: 0, files: 0 })
    const underWay = (await files.settled()) ?? torn
    const { unsynced } = files
    const lost = unsynced.extent
    try {
      const bytes = await unsynced.lose(underWay, mulberry32(seed))
      const write = underWay === undefined ? {} : { path: underWay.inode.path, bytes, of: underWay.write.bytes.length }
      return await this.#end(waiting, { ...lost, ...write })
    } catch (error) {
      // Its files are whatever they are now; that it ends is the better half of what was asked for.
      process.stderr.write(`the power loss left files behind that were not synced: ${String(error)}\n`)
      return await this.#end(waiting, lost)
    }
  }

  /** Tells what struck, and that is the last thing this process does. */
  async #end(waiting: Waiting, detail: object): Promise<never> {
    this.#freeze()
    this.#tell(waiting, detail, 0)
    if (!this.#process.flush()) {
      await this.#process.said()
      this.#process.flush()
    }
    this.#process.kill()
    return await never()
  }

  #tell({ id, fault }: Waiting, detail: object, left: number): void {
    this.#process.tell({ kind: 'struck', fault: id, type: fault.type, left, detail: JSON.stringify(detail) })
  }

  /** Nothing begins any more: no operation of the disk, no message. */
  #freeze(): void {
    this.#isEnding = true
    this.#weigh()
    this.#process.halt()
  }

  #weigh(): void {
    let disk = 0
    let messages = 0
    for (const { fault } of this.#waiting.values()) {
      if (fault.type === 'crash-point' && fault.point.endsWith('send')) messages += 1
      else disk += 1
    }
    this.#isIdle = disk === 0 && !this.#isEnding
    this.#watchesMessages = messages > 0 || this.#isEnding
  }

  #next<T extends NodeFaultType>(type: T): Waiting<FaultOf<T>> | undefined {
    return this.#all(type)[0]
  }

  /** In the order in which they were armed. */
  #all<T extends NodeFaultType>(type: T): Waiting<FaultOf<T>>[] {
    return [...this.#waiting.values()].filter((waiting): waiting is Waiting<FaultOf<T>> => waiting.fault.type === type)
  }
}

/** The place of the last one that is not zero: where it goes there are zeros already, so without this one it is not whole. */
function lastByte(bytes: Uint8Array): number {
  return Math.max(
    0,
    bytes.findLastIndex((byte) => byte !== 0),
  )
}

/** What happens after the end of the process. */
function never(): Promise<never> {
  return new Promise(() => undefined)
}

function named({ id, message: { type, to } }: NamedMessage): object {
  return { message: type, id, peer: to }
}
