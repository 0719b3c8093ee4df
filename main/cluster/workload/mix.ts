/** What a client of a workload does next. */
import type { Command, CommandOp } from '../../node/contract/client'
import { MAX_VALUE_BYTES } from '../../node/contract/limits'
import type { CallResult } from '../api'
import { type Random, randomFrom } from '../random'
import { type DrawKey, keyName } from './keys'
import type { WorkloadPlan } from './types'

/** A value that was appended to is deleted, rather than appended to further, above this and 16 values' worth. */
const FULL_BYTES = 8 << 10
/** Keys of which a client remembers what it saw. */
const REMEMBERED = 256

type Mix = WorkloadPlan['mix']

/** Draws operations by their weights. */
export function operations(mix: Mix): (random: Random) => CommandOp {
  const shares = (Object.entries(mix) as [CommandOp, number][]).filter(([, share]) => share > 0)
  const total = shares.reduce((sum, [, share]) => sum + share, 0)
  return (random) => {
    let left = random.next() * total
    for (const [op, share] of shares) {
      left -= share
      if (left < 0) return op
    }
    return shares.at(-1)?.[0] ?? 'get'
  }
}

/** How long the values of keys can be by now, at most, as far as appends and what replaces them were asked for. */
export class Lengths {
  readonly #bytes = new Map<number, number>()
  readonly #full: number

  constructor(valueBytes: number) {
    this.#full = Math.min(MAX_VALUE_BYTES / 2, Math.max(FULL_BYTES, 16 * valueBytes))
  }

  isFull(key: number): boolean {
    return (this.#bytes.get(key) ?? 0) >= this.#full
  }

  asked(key: number, command: Command): void {
    if (command.op === 'append') this.#bytes.set(key, (this.#bytes.get(key) ?? 0) + command.value.length)
  }

  answered(key: number, { op }: Command, { outcome, found }: CallResult): void {
    const isNew = op === 'put' || op === 'delete' || (op === 'cas' && found)
    if (outcome === 'ok' && isNew) this.#bytes.delete(key)
  }
}

export interface MixOptions {
  readonly plan: WorkloadPlan
  /** The workload's number. */
  readonly workload: number
  /** Shared by all clients of the workload. */
  readonly drawKey: DrawKey
  readonly drawOp: (random: Random) => CommandOp
  readonly lengths: Lengths
}

/** One client: it has one call at a time. Its choices follow from the plan's seed and its number. */
export class MixClient {
  readonly number: number
  readonly #options: MixOptions
  readonly #random: Random
  readonly #seen = new Map<number, Uint8Array | null>()
  #calls = 0
  #key = 0

  constructor(number: number, options: MixOptions) {
    this.number = number
    this.#options = options
    this.#random = randomFrom(options.plan.seed, `client ${number}`)
  }

  next(): Command {
    const { drawKey, drawOp, lengths, workload } = this.#options
    const drawn = drawOp(this.#random)
    this.#key = drawKey(this.#random)
    const key = keyName(workload, this.#key)
    const command = this.#command(drawn === 'append' && lengths.isFull(this.#key) ? 'delete' : drawn, key)
    lengths.asked(this.#key, command)
    return command
  }

  /** Of the command that was drawn last. */
  answered(command: Command, result: CallResult): void {
    this.#options.lengths.answered(this.#key, command, result)
    if (result.outcome !== 'ok') {
      // A comparison that is known to be wrong would only be repeated.
      if (command.op === 'cas') this.#seen.delete(this.#key)
      return
    }
    switch (command.op) {
      case 'get':
        this.#remember(result.found ? result.value : null)
        break
      case 'put':
        this.#remember(command.value)
        break
      case 'delete':
        this.#remember(null)
        break
      case 'cas':
        if (result.found) this.#remember(command.value)
        else this.#seen.delete(this.#key)
        break
      case 'append':
        // What it was added to is not known.
        this.#seen.delete(this.#key)
        break
    }
  }

  #command(op: CommandOp, key: string): Command {
    switch (op) {
      case 'get':
      case 'delete':
        return { op, key }
      case 'put':
      case 'append':
        return { op, key, value: this.#value() }
      case 'cas':
        return { op, key, expected: this.#seen.get(this.#key) ?? null, value: this.#value() }
    }
  }

  /** Begins with who wrote it and as which of its calls, as far as there is room: so values are different. */
  #value(): Uint8Array {
    const { valueBytes } = this.#options.plan
    this.#calls++
    const name = `${this.#options.workload}.${this.number}.${this.#calls};`
    const filler = String.fromCharCode(97 + this.#random.below(26))
    return Buffer.from(name.slice(0, valueBytes).padEnd(valueBytes, filler), 'latin1')
  }

  #remember(value: Uint8Array | null): void {
    this.#seen.delete(this.#key)
    this.#seen.set(this.#key, value)
    if (this.#seen.size <= REMEMBERED) return
    const [oldest] = this.#seen.keys()
    if (oldest !== undefined) this.#seen.delete(oldest)
  }
}
