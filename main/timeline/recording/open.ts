/** Opens a recording file for reading. */
import { type FileHandle, open } from 'node:fs/promises'
import { asProblem, Problem } from '../../node/contract/problem'
import type { RecordingInfo, TimelineSource } from '../api'
import { type ReaderParts, TimelineReader } from './reader'
import { readBlocks, scanRecording, type Walked } from './scan'

/** Decoded blocks of a recording that is read once: a few. */
const ONCE_BYTES = 4 << 20

/** The extension of recording files. */
export const RECORDING_EXTENSION = '.raftrec'

/**
 * Opens a recording, complete or not. What was written after opening is not seen. An unfinished last block is left out
 * (`truncatedBytes`); behind a damaged block header nothing is read (`corruptAt`). A damaged block elsewhere is found
 * when it is read: `recording-corrupt` then names its offset, and everything else stays readable.
 *
 * Throws `recording-unknown` (no such file), `unreadable-file`, `recording-foreign`, `recording-version`,
 * `recording-truncated` (ends within its header), `recording-corrupt` (its header is damaged).
 */
export async function openRecording(path: string): Promise<TimelineSource> {
  return (await opened(path, { growing: () => false })).source
}

/** A recording that somebody else still writes. */
export interface FollowedRecording {
  readonly source: TimelineSource
  /**
   * Takes in the blocks that were written since. Not to be called while it still does. Throws `unreadable-file`, or
   * `recording-corrupt` where blocks stand behind a damaged header.
   */
  readOn(): Promise<void>
}

/**
 * The same, and what is written after opening can be seen as well; for one who reads on and on, and seldom back. Throws what
 * {@link openRecording} throws.
 */
export function followRecording(path: string): Promise<FollowedRecording> {
  return opened(path, { growing: () => true, cacheBytes: ONCE_BYTES })
}

type Manner = Pick<ReaderParts, 'growing' | 'cacheBytes'>

async function opened(path: string, manner: Manner): Promise<FollowedRecording> {
  const file = await openFile(path)
  try {
    const { version, header, index, complete, ...found } = await scanRecording(file, path)
    const infoOf = ({ size, truncatedBytes, corruptAt }: Walked): RecordingInfo => ({
      path,
      version,
      clusterId: header.clusterId,
      clusterName: header.clusterName,
      began: header.began,
      events: index.count,
      end: index.end,
      bytes: size,
      complete,
      truncatedBytes,
      shed: index.shed,
      ...(header.forkedFrom === undefined ? {} : { forkedFrom: header.forkedFrom }),
      ...(corruptAt === undefined ? {} : { corruptAt }),
    })
    let walked: Walked = found
    let info = infoOf(walked)
    return {
      source: new TimelineReader({
        path,
        file,
        header,
        index,
        open: () => [],
        info: () => info,
        ...manner,
      }),
      readOn: async () => {
        walked = await readBlocks(file, index, walked.end).catch((error) => {
          throw unreadable(path, error)
        })
        info = infoOf(walked)
        if (walked.corruptAt !== undefined) throw new Problem('recording-corrupt', { path, offset: walked.corruptAt })
      },
    }
  } catch (error) {
    await file.close()
    throw unreadable(path, error)
  }
}

/** What {@link openRecording} would say about it; the file is closed again. */
export async function readRecordingInfo(path: string): Promise<RecordingInfo> {
  const source = await openRecording(path)
  await source.close()
  return source.info()
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Problem('recording-unknown', { path }, { cause: error })
    }
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem('unreadable-file', { path, reason: asProblem(error).message }, { cause: error })
}
