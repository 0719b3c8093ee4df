/**
 * When the workbench reads what nodes say. Being woken up costs it more than what it reads, and each node speaks for itself: a
 * busy node of which something was read is read again some moments later, together with all others. What it says meanwhile
 * waits in its socket, and is there also when the node is killed.
 */
import type { Connection } from '../../node/contract/transport'

/** From reading one of them to reading all. */
const REST_MILLIS = 30
/** Who said no more than this is read as it comes: it costs little, and may be what somebody waits for. */
const LITTLE_BYTES = 512
/** Who said so much in one turn has perhaps more to say: a third of what fits into its socket. */
const MUCH_BYTES = 64 << 10

export class Reading {
  readonly #isUrgent: () => boolean
  /** Of which something was read in this turn. */
  readonly #read = new Set<Connection>()
  /** How much had come of each before. */
  readonly #before = new WeakMap<Connection, number>()
  readonly #resting = new Set<Connection>()
  #turn: NodeJS.Immediate | undefined
  #timer: NodeJS.Timeout | undefined

  /** `isUrgent`: everything is to be read as soon as it comes. */
  constructor(isUrgent: () => boolean) {
    this.#isUrgent = isUrgent
  }

  /** Something was read of it: it rests when all that is there is read. */
  rest(connection: Connection): void {
    if (this.#isUrgent()) return
    this.#read.add(connection)
    this.#turn ??= setImmediate(() => this.#turnEnded())
  }

  /** Somebody waits for what comes next, of whomever. */
  now(): void {
    clearImmediate(this.#turn)
    clearTimeout(this.#timer)
    this.#turn = undefined
    this.#timer = undefined
    this.#read.clear()
    for (const connection of this.#resting) connection.pause(false)
    this.#resting.clear()
  }

  #turnEnded(): void {
    this.#turn = undefined
    for (const connection of this.#read) {
      const { bytesRead } = connection
      const bytes = bytesRead - (this.#before.get(connection) ?? 0)
      this.#before.set(connection, bytesRead)
      if (bytes <= LITTLE_BYTES || bytes >= MUCH_BYTES) continue
      connection.pause(true)
      this.#resting.add(connection)
    }
    this.#read.clear()
    if (this.#resting.size > 0) this.#timer ??= setTimeout(() => this.now(), REST_MILLIS)
  }
}
