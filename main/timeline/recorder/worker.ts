/** Entry of the recorder's worker thread: everything about the file happens here, away from the window and the nodes. */
import { parentPort, workerData } from 'node:worker_threads'
import type { FromWriter, ToWriter, WriterStart } from './protocol'
import { createFile, problemData, WriteLoop } from './write-loop'

async function main(port: NonNullable<typeof parentPort>, { path, header }: WriterStart): Promise<void> {
  const say = (message: FromWriter) => {
    port.postMessage(message)
    if (message.type === 'closed') port.close()
  }
  try {
    const loop = await WriteLoop.start(path, await createFile(path), header, say)
    port.on('message', (message: ToWriter) => loop.take(message))
  } catch (error) {
    say({ type: 'closed', problem: problemData(error, path) })
  }
}

if (parentPort === null) throw new Error('the recorder runs as a worker thread')
void main(parentPort, workerData as WriterStart)
