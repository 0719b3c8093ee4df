/** Makes a recording of a life, by the parts that every recording is made with. */
import { Tail } from '../../../main/timeline/recorder/tail'
import { createFile } from '../../../main/timeline/recorder/write-loop'
import { BlockIndex } from '../../../main/timeline/recording/block-index'
import type { Block } from '../../../main/timeline/recording/format'
import { RecordingWriter } from '../../../main/timeline/recording/writer'
import { type LifePlan, lifeOf } from './life'

export interface Made {
  readonly path: string
  readonly events: number
  readonly bytes: number
  /** Of the longest log. */
  readonly entries: number
  readonly seconds: number
}

export async function makeRecording(path: string, plan: LifePlan, signal: AbortSignal): Promise<Made> {
  const began = performance.now()
  const header = { clusterId: 'bench', clusterName: 'bench', began: new Date(0).toISOString(), origin: '0' }
  const writer = await RecordingWriter.create(await createFile(path), header)
  const blocks: Block[] = []
  const tail = new Tail(
    new BlockIndex(),
    (block) => blocks.push(block),
    () => 0,
  )
  const write = async () => {
    for (const block of blocks.splice(0)) {
      writer.append(block)
      await writer.flush((info) => tail.written(info))
    }
  }
  let events = 0
  let entries = 0
  for (const told of lifeOf(plan)) {
    signal.throwIfAborted()
    tail.add(told)
    await write()
    events += told.length
    for (const event of told) if (event.kind === 'committed') entries = Math.max(entries, event.commitIndex)
  }
  tail.flush()
  await write()
  await writer.finish(() => undefined)
  await writer.close()
  return { path, events, bytes: writer.bytes, entries, seconds: (performance.now() - began) / 1000 }
}
