import type { IncomingMessage, ServerResponse } from 'node:http'
import { MAX_UPLOAD_BYTES, type UploadAnswer } from '../../preload/contract'
import { Problem, type Workbench } from '../workbench'
import { bytesText } from '../workbench/headless'
import { PAGE_HEADERS } from '../workbench/pages'

/**
 * Takes a file that was dropped into a tab, no faster than the disk does. The answer is data either way, so that the tab
 * can show the sentence.
 */
export async function receiveUpload(
  request: IncomingMessage,
  name: string,
  response: ServerResponse,
  workbench: Workbench,
): Promise<void> {
  try {
    const declared = Number(request.headers['content-length'] ?? 0)
    if (declared > MAX_UPLOAD_BYTES) {
      throw new Problem('bad-input', { where: name, reason: `at most ${bytesText(MAX_UPLOAD_BYTES)}` })
    }
    // Who stops reading in the middle still wants to answer.
    const chunks = request.iterator({ destroyOnReturn: false })
    say(response, { ok: true, path: await workbench.receive(name, chunks, declared) })
  } catch (trouble) {
    // A tab that was closed midway is told nothing, and nothing of its file is left.
    if (request.destroyed && !request.complete) return
    say(response, { ok: false, problem: workbench.problemView(trouble) })
  }
}

function say(response: ServerResponse, answer: UploadAnswer): void {
  const body = JSON.stringify(answer)
  response.writeHead(200, {
    ...PAGE_HEADERS,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    // What was not read of a refused file must not be taken for the next request.
    Connection: 'close',
  })
  response.end(body)
}
