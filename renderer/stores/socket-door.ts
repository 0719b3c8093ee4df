/**
 * The browser host's door: JSON text frames over one WebSocket. Calls are numbered; streams are subscribed again after
 * each reconnect, so their first value tells the whole truth anew. Calls under way when the socket is lost fail at once:
 * nobody knows whether they took effect.
 */
import { ref } from 'vue'
import type { Answer, CallInput, CallName, CallOutput, ProblemView, StreamName, Streams } from '../../preload/contract'
import type { ConnectedDoor, Connection } from './door'

const RETRY_MIN_MS = 500
const RETRY_MAX_MS = 5_000

type Listener = (value: never) => void

interface Incoming {
  readonly id?: number
  readonly answer?: Answer<never>
  readonly stream?: number
  readonly value?: unknown
}

interface Subscription {
  readonly name: StreamName
  readonly listener: Listener
}

export interface SocketDoorOptions {
  readonly open?: (address: string) => WebSocket
  /** The sentence for a call that cannot be made because nobody is there. */
  readonly lost: () => ProblemView['sentences']
}

export class SocketDoor implements ConnectedDoor {
  readonly connection = ref<Connection>('connecting')
  readonly retryAt = ref(0)

  readonly #address: string
  readonly #open: (address: string) => WebSocket
  readonly #sentences: () => ProblemView['sentences']
  readonly #calls = new Map<number, (answer: Answer<never>) => void>()
  readonly #subscriptions = new Map<number, Subscription>()
  readonly #waiting: string[] = []
  #socket: WebSocket | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #nextId = 1
  #attempts = 0
  #wasOpen = false

  constructor(address: string, options: SocketDoorOptions) {
    this.#address = address
    this.#open = options.open ?? ((to) => new WebSocket(to))
    this.#sentences = options.lost
    this.#connect()
  }

  /** `/door` on the page's own host. */
  static addressOf(location: Pick<Location, 'protocol' | 'host'>): string {
    return `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/door`
  }

  call<C extends CallName>(name: C, input: CallInput<C>): Promise<Answer<CallOutput<C>>> {
    if (this.connection.value === 'lost') return Promise.resolve(this.#lost())
    const id = this.#nextId++
    return new Promise((resolve) => {
      this.#calls.set(id, resolve as (answer: Answer<never>) => void)
      this.#send(JSON.stringify({ id, call: name, input }))
    })
  }

  subscribe<S extends StreamName>(name: S, listener: (value: Streams[S]) => void): () => void {
    const id = this.#nextId++
    this.#subscriptions.set(id, { name, listener: listener as Listener })
    if (this.connection.value === 'open') this.#send(JSON.stringify({ subscribe: name, id }))
    return () => {
      if (this.#subscriptions.delete(id) && this.connection.value === 'open') {
        this.#send(JSON.stringify({ unsubscribe: id }))
      }
    }
  }

  retryNow(): void {
    if (this.connection.value !== 'lost') return
    clearTimeout(this.#timer)
    this.#connect()
  }

  #connect(): void {
    this.retryAt.value = 0
    const socket = this.#open(this.#address)
    this.#socket = socket
    socket.addEventListener('open', () => this.#opened())
    socket.addEventListener('message', (event) => this.#received(String(event.data)))
    socket.addEventListener('close', () => {
      if (this.#socket === socket) this.#closed()
    })
  }

  #opened(): void {
    this.#attempts = 0
    this.#wasOpen = true
    this.connection.value = 'open'
    for (const [id, { name }] of this.#subscriptions) this.#send(JSON.stringify({ subscribe: name, id }))
    for (const frame of this.#waiting.splice(0)) this.#send(frame)
  }

  #closed(): void {
    this.#socket = undefined
    this.connection.value = 'lost'
    this.#waiting.length = 0
    for (const resolve of this.#calls.values()) resolve(this.#lost())
    this.#calls.clear()
    const wait = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** this.#attempts++)
    this.retryAt.value = performance.now() + wait
    this.#timer = setTimeout(() => this.#connect(), wait)
  }

  #received(text: string): void {
    const frame = JSON.parse(text) as Incoming
    if (frame.answer !== undefined && frame.id !== undefined) {
      const resolve = this.#calls.get(frame.id)
      this.#calls.delete(frame.id)
      resolve?.(frame.answer)
    } else if (frame.stream !== undefined) {
      this.#subscriptions.get(frame.stream)?.listener(frame.value as never)
    }
  }

  #send(frame: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(frame)
    else if (!this.#wasOpen) this.#waiting.push(frame)
  }

  #lost(): Answer<never> {
    const sentences = this.#sentences()
    return {
      ok: false,
      problem: { code: 'internal', details: { reason: 'disconnected' }, message: sentences.en, sentences },
    }
  }
}
