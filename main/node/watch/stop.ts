/** Where a node stands at a breakpoint: `contract/breakpoint/orders.ts` tells the whole of it. */
import { fstatSync, readSync, writeSync } from 'node:fs'
import { type Notice, ORDERS_FD, type Order, orderSchema, type StopNotice } from '../contract/breakpoint/orders'
import { EXIT_ORPHANED } from '../supervision'

const hasSignals = process.platform !== 'win32'
/** Where the system does not let a read wait. */
const READ_AGAIN_MILLIS = 1
const MAX_ORDER_BYTES = 1024

export interface Stood {
  readonly order: Order
  readonly nanos: number
}

export class Stop {
  readonly #pipe: number

  /** `pipe`: a descriptor. */
  constructor(pipe: number) {
    this.#pipe = pipe
  }

  /** Returns when the node was told to go on; ends the process when there is nobody who could. */
  stand(notice: StopNotice): Stood {
    const since = process.hrtime.bigint()
    this.#say(notice)
    // All threads stop, those of the disk too. Where that is not possible, reading the order is the stop.
    if (hasSignals) process.kill(process.pid, 'SIGSTOP')
    const order = orderSchema.parse(JSON.parse(this.#readLine()))
    const nanos = Number(process.hrtime.bigint() - since)
    this.#say({ type: 'going' })
    return { order, nanos }
  }

  #say(notice: Notice): void {
    try {
      writeSync(this.#pipe, `${JSON.stringify(notice)}\n`)
    } catch {
      process.exit(EXIT_ORPHANED)
    }
  }

  /** There is never more than one order in the pipe. */
  #readLine(): string {
    const bytes = Buffer.alloc(MAX_ORDER_BYTES)
    let length = 0
    while (length < bytes.length) {
      const count = this.#read(bytes, length)
      if (count === 0) process.exit(EXIT_ORPHANED)
      length += count
      const end = bytes.subarray(0, length).indexOf('\n')
      if (end !== -1) return bytes.toString('utf8', 0, end)
    }
    throw new TypeError(`an order of more than ${MAX_ORDER_BYTES} bytes`)
  }

  #read(bytes: Buffer, from: number): number {
    for (;;) {
      try {
        return readSync(this.#pipe, bytes, from, bytes.length - from, null)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'EOF') return 0
        if (code !== 'EAGAIN' && code !== 'EINTR') throw error
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, READ_AGAIN_MILLIS)
      }
    }
  }
}

/** Undefined when whoever started the process has no pipe to it: then nobody could tell it to go on, and it never stops. */
export function openStop(): Stop | undefined {
  try {
    const stats = fstatSync(ORDERS_FD)
    return stats.isSocket() || (!hasSignals && stats.isFIFO()) ? new Stop(ORDERS_FD) : undefined
  } catch {
    return undefined
  }
}
