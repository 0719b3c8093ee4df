/** A load in a process of its own, seen from the bench. */
import { fork } from 'node:child_process'
import type { LoopOptions, LoopResult } from './closed-loop'
import type { TargetAddress } from './target'

export type Ask =
  | { readonly type: 'open'; readonly address: TargetAddress }
  | { readonly type: 'run'; readonly options: LoopOptions }
  | { readonly type: 'acknowledged' }
  | { readonly type: 'close' }

export type Told =
  | { readonly type: 'opened' }
  | { readonly type: 'ran'; readonly result: LoopResult }
  /** Write numbers and positions in turn. */
  | { readonly type: 'acknowledged'; readonly pairs: Float64Array }
  | { readonly type: 'closed' }
  | { readonly type: 'failed'; readonly reason: string }

export interface RemoteLoad {
  run(options: LoopOptions): Promise<LoopResult>
  /** Every write that was answered so far, by its number: the position it was given. */
  acknowledged(): Promise<ReadonlyMap<number, number>>
  close(): Promise<void>
}

/** Starts the driver and connects it. */
export async function startLoad(program: string, address: TargetAddress, signal: AbortSignal): Promise<RemoteLoad> {
  signal.throwIfAborted()
  const child = fork(program, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const end = () => child.kill('SIGKILL')
  signal.addEventListener('abort', end, { once: true })

  const ask = async (question: Ask): Promise<Told> => {
    const answer = new Promise<Told>((resolve, reject) => {
      const gone = () => reject(signal.aborted ? signal.reason : new Error('the load generator ended by itself'))
      child.once('exit', gone)
      child.once('message', (told) => {
        child.off('exit', gone)
        resolve(told as Told)
      })
    })
    child.send(question)
    const told = await answer
    if (told.type === 'failed') throw new Error(`the load generator: ${told.reason}`)
    return told
  }
  const unexpected = (told: Told) => new Error(`the load generator said ${told.type}`)
  const close = async () => {
    signal.removeEventListener('abort', end)
    if (child.connected) child.disconnect()
    const late = setTimeout(end, 2000)
    await exited
    clearTimeout(late)
  }

  try {
    await ask({ type: 'open', address })
  } catch (error) {
    await close()
    throw error
  }
  return {
    async run(options) {
      const told = await ask({ type: 'run', options })
      if (told.type !== 'ran') throw unexpected(told)
      return told.result
    },
    async acknowledged() {
      const told = await ask({ type: 'acknowledged' })
      if (told.type !== 'acknowledged') throw unexpected(told)
      const positions = new Map<number, number>()
      for (let at = 0; at < told.pairs.length; at += 2) positions.set(told.pairs[at] ?? 0, told.pairs[at + 1] ?? 0)
      return positions
    },
    close,
  }
}
