/** The workbench's end of the pipe over which a node says that it stopped, and hears when to go on. */
import type { ChildProcess } from 'node:child_process'
import type { Duplex } from 'node:stream'
import { type Notice, noticeSchema, ORDERS_FD, type Order } from '../../node/contract/breakpoint/orders'
import { Problem } from '../../node/contract/problem'
import { readLines } from '../launcher'

export class OrdersPipe {
  readonly #pipe: Duplex | undefined
  #onNotice: (notice: Notice) => void = () => undefined

  constructor(child: ChildProcess, onProblem: (problem: Problem) => void) {
    // A child that could not be spawned has no pipes.
    const pipe = child.stdio?.[ORDERS_FD]
    if (pipe === null || pipe === undefined) return
    this.#pipe = pipe as Duplex
    // The end of the process is heard elsewhere; what cannot be written any more has nobody to read it.
    pipe.on('error', () => undefined)
    readLines(this.#pipe, (line) => {
      const notice = noticeSchema.safeParse(tryJson(line))
      if (notice.success) this.#onNotice(notice.data)
      else onProblem(new Problem('frame-malformed', { peer: 'orders', reason: 'a line that is no notice' }))
    })
  }

  /** One listener. */
  onNotice(listener: (notice: Notice) => void): void {
    this.#onNotice = listener
  }

  send(order: Order): void {
    this.#pipe?.write(`${JSON.stringify(order)}\n`)
  }
}

function tryJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
