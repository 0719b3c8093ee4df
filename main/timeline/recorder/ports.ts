/** Where a recorder's blocks go. */
import { Worker } from 'node:worker_threads'
import type { FromWriter, ToWriter, WriterPort, WriterStart } from './protocol'
import { problemData } from './write-loop'

/** A worker thread that runs `program` (the built recorder.js). A worker that dies counts as closed with a problem. */
export function workerPort(program: string, start: WriterStart): WriterPort {
  const worker = new Worker(program, { workerData: start })
  const listeners: ((message: FromWriter) => void)[] = []
  let closed: FromWriter | undefined
  const tell = (message: FromWriter) => {
    if (closed !== undefined) return
    if (message.type === 'closed') closed = message
    for (const listener of listeners) listener(message)
  }
  worker.on('message', tell)
  worker.on('error', (error) => tell({ type: 'closed', problem: problemData(error, start.path) }))
  worker.on('exit', (status) =>
    tell({ type: 'closed', problem: problemData(new Error(`the recorder's thread ended (${status})`), start.path) }),
  )
  return {
    post: (message: ToWriter) => worker.postMessage(message),
    onMessage: (listener) => {
      listeners.push(listener)
      if (closed !== undefined) listener(closed)
    },
    end: async () => {
      await worker.terminate()
    },
  }
}
