/** The window's one way to the workbench, whatever carries it: Electron's bridge or the browser host's socket. */
import { computed, type Ref, readonly, ref, shallowRef, type WritableComputedRef } from 'vue'
import type {
  CallInput,
  CallName,
  CallOutput,
  ProblemView,
  StreamName,
  Streams,
  WorkbenchDoor,
} from '../../preload/contract'
import { i18n } from '../i18n'
import { SocketDoor } from './socket-door'

declare global {
  interface Window {
    /** Present in Electron only. */
    readonly workbench?: WorkbenchDoor
  }
}

export type Connection = 'connecting' | 'open' | 'lost'

/** A door that can be lost and found again. */
export interface ConnectedDoor extends WorkbenchDoor {
  readonly connection: Readonly<Ref<Connection>>
  /** `performance.now()` of the next attempt while the connection is lost; 0 = now or never. */
  readonly retryAt: Readonly<Ref<number>>
  retryNow(): void
}

/** A call that the workbench answered with a problem. */
export class ProblemError extends Error {
  readonly problem: ProblemView

  constructor(problem: ProblemView) {
    super(problem.message)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

/** A problem's sentence in the language that is shown; told anew when that changes. */
export function problemSentence({ sentences }: ProblemView): string {
  return sentences[i18n.global.locale.value]
}

/** Anything thrown, as the sentence that a person may read, in the language that is shown. */
export function sentenceOf(thrown: unknown): string {
  if (thrown instanceof ProblemError) return problemSentence(thrown.problem)
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** Holds what was thrown, and reads as its sentence; `''` is nothing. */
export function problemRef(): WritableComputedRef<string, unknown> {
  const thrown = shallowRef<unknown>('')
  return computed({
    get: () => sentenceOf(thrown.value),
    set: (next) => {
      thrown.value = next
    },
  })
}

export interface Door {
  /** @throws {ProblemError} on an answer that is not ok. */
  call<C extends CallName>(name: C, input: CallInput<C>): Promise<CallOutput<C>>
  /** Listens until the returned function is called. */
  subscribe<S extends StreamName>(name: S, listener: (value: Streams[S]) => void): () => void
  readonly connection: Readonly<Ref<Connection>>
  readonly retryAt: Readonly<Ref<number>>
  retryNow(): void
}

/** What a call that nobody is there to answer says. */
const lost = (): ProblemView['sentences'] => ({
  en: i18n.global.t('disconnected.call', {}, { locale: 'en' }),
  zh: i18n.global.t('disconnected.call', {}, { locale: 'zh' }),
})

let installed: ConnectedDoor | undefined

/** Replaces the door: for tests and the preview page. */
export function installDoor(door: ConnectedDoor): void {
  installed = door
}

function bridged(bridge: WorkbenchDoor): ConnectedDoor {
  return {
    call: (name, input) => bridge.call(name, input),
    subscribe: (name, listener) => bridge.subscribe(name, listener),
    connection: readonly(ref<Connection>('open')),
    retryAt: readonly(ref(0)),
    retryNow: () => undefined,
  }
}

function door(): ConnectedDoor {
  installed ??= window.workbench
    ? bridged(window.workbench)
    : new SocketDoor(SocketDoor.addressOf(window.location), { lost })
  return installed
}

export function useDoor(): Door {
  const connected = door()
  return {
    async call(name, input) {
      const answer = await connected.call(name, input)
      if (!answer.ok) throw new ProblemError(answer.problem)
      return answer.value
    },
    subscribe: (name, listener) => connected.subscribe(name, listener),
    connection: connected.connection,
    retryAt: connected.retryAt,
    retryNow: () => connected.retryNow(),
  }
}
