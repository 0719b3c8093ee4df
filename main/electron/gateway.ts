import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron'
import { CHANNELS, STREAMS, type StreamName } from '../../preload/contract'
import type { Workbench } from '../workbench'
import { type PacedSubscription, subscribePaced } from '../workbench/pacing'
import { isOurs } from './security'

/** A window that has not taken this many values yet gets no more live updates until it has taken most of them. */
const CONGESTED = 8
const RELIEVED = 2
const MAX_SUBSCRIPTIONS = 32

interface Subscription {
  readonly paced: PacedSubscription
  readonly flow: { /** Values sent and not taken yet. */ waiting: number }
}

/**
 * The one place where messages of windows arrive. Every sender is checked; what does not come from our own page is
 * dropped without an answer.
 */
export class Gateway {
  readonly #workbench: Workbench
  readonly #windows = new Map<WebContents, Map<number, Subscription>>()

  constructor(workbench: Workbench) {
    this.#workbench = workbench
    ipcMain.handle(CHANNELS.call, (event, name: unknown, input: unknown) => {
      if (!this.#check(event)) throw new Error('refused')
      return workbench.call(String(name), input)
    })
    ipcMain.on(CHANNELS.subscribe, (event, id: unknown, stream: unknown) => {
      if (this.#check(event) && isStream(stream) && typeof id === 'number') this.#subscribe(event.sender, id, stream)
    })
    ipcMain.on(CHANNELS.unsubscribe, (event, id: unknown) => {
      if (this.#check(event) && typeof id === 'number') this.#unsubscribe(event.sender, id)
    })
    ipcMain.on(CHANNELS.taken, (event, id: unknown) => {
      if (this.#check(event) && typeof id === 'number') this.#taken(event.sender, id)
    })
  }

  /** Lets a window's page in, until it is closed. */
  admit(contents: WebContents): void {
    this.#windows.set(contents, new Map())
    // A page that is loaded anew starts from nothing; its old subscriptions would send into the void.
    contents.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) this.#forget(contents)
    })
    contents.on('render-process-gone', () => this.#forget(contents))
    contents.on('destroyed', () => {
      this.#forget(contents)
      this.#windows.delete(contents)
    })
  }

  #check(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
    return isOurs(event.sender, event.senderFrame, new Set(this.#windows.keys()))
  }

  #subscribe(contents: WebContents, id: number, stream: StreamName): void {
    const subscriptions = this.#windows.get(contents)
    if (!subscriptions || subscriptions.has(id) || subscriptions.size >= MAX_SUBSCRIPTIONS) return
    // The first value comes while `subscribePaced` still runs.
    const flow = { waiting: 0 }
    const paced = subscribePaced(
      this.#workbench,
      stream,
      (value) => {
        if (contents.isDestroyed()) return
        flow.waiting++
        contents.send(CHANNELS.value, id, value)
      },
      () => flow.waiting >= CONGESTED,
    )
    subscriptions.set(id, { paced, flow })
  }

  #unsubscribe(contents: WebContents, id: number): void {
    const subscriptions = this.#windows.get(contents)
    subscriptions?.get(id)?.paced.stop()
    subscriptions?.delete(id)
  }

  #taken(contents: WebContents, id: number): void {
    const subscription = this.#windows.get(contents)?.get(id)
    if (!subscription) return
    const { paced, flow } = subscription
    flow.waiting = Math.max(0, flow.waiting - 1)
    if (flow.waiting <= RELIEVED) paced.relieved()
  }

  #forget(contents: WebContents): void {
    const subscriptions = this.#windows.get(contents)
    for (const { paced } of subscriptions?.values() ?? []) paced.stop()
    subscriptions?.clear()
  }
}

function isStream(name: unknown): name is StreamName {
  return STREAMS.some((known) => known === name)
}
