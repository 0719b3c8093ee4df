/** Opens a recording file for reading. */
import { type FileHandle, open } from 'node:fs/promises'
import { asProblem, Problem } from '../../node/contract/problem'
import type { RecordingInfo, TimelineSource } from '../api'
import { TimelineReader } from './reader'
import { scanRecording } from './scan'

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
  const file = await openFile(path)
  try {
    const size = (await file.stat()).size
    const { version, header, index, complete, truncatedBytes, corruptAt } = await scanRecording(file, path)
    const info: RecordingInfo = {
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
    }
    return new TimelineReader({ path, file, header, index, open: () => [], info: () => info, growing: () => false })
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
