/** The recorder's writer in the test's own thread, over files that fail when told to. */
import type { FromWriter, ToWriter, WriterPort } from '../../../main/timeline/recorder/protocol'
import { createFile, WriteLoop } from '../../../main/timeline/recorder/write-loop'
import type { RecordingHeader } from '../../../main/timeline/recording/format'
import type { RecordingFile } from '../../../main/timeline/recording/writer'

/** A disk with a switch: full, or so slow that nothing ends before it is let go. */
export class MoodyDisk {
  full = false
  writes = 0
  #held: Promise<void> = Promise.resolve()
  #letGo: () => void = () => undefined

  hold(): void {
    this.#held = new Promise((resolve) => {
      this.#letGo = resolve
    })
  }

  letGo(): void {
    this.#letGo()
  }

  over(file: RecordingFile): RecordingFile {
    return {
      write: async (bytes, position) => {
        this.writes++
        await this.#held
        if (this.full) {
          // A full disk takes what still fits.
          await file.write(bytes.subarray(0, bytes.length >> 1), position)
          throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
        }
        await file.write(bytes, position)
      },
      sync: () => file.sync(),
      close: () => file.close(),
    }
  }
}

export function threadPort(path: string, header: RecordingHeader, disk: MoodyDisk): WriterPort {
  const listeners: ((message: FromWriter) => void)[] = []
  const say = (message: FromWriter) => {
    for (const listener of listeners) listener(message)
  }
  const loop = createFile(path).then((file) => WriteLoop.start(path, disk.over(file), header, say, 20))
  return {
    post: (message: ToWriter) => void loop.then((started) => started.take(structuredClone(message))),
    onMessage: (listener) => listeners.push(listener),
    end: async () => undefined,
  }
}
