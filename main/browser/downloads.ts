import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Offer } from '../workbench'
import { PAGE_HEADERS } from '../workbench/pages'

/** Offers that nobody fetched are forgotten after this time, and the oldest when there are more than this many. */
const KEPT_MILLIS = 10 * 60_000
const MAX_OFFERS = 16

interface Kept extends Offer {
  readonly until: number
}

/** Exports that wait to be fetched, each once, under a name that cannot be guessed. */
export class Downloads {
  readonly #offers = new Map<string, Kept>()

  /** @returns the path to fetch */
  offer(offer: Offer): string {
    const now = Date.now()
    for (const [id, { until }] of this.#offers) if (until < now) this.#offers.delete(id)
    const [oldest] = this.#offers.keys()
    if (oldest !== undefined && this.#offers.size >= MAX_OFFERS) this.#offers.delete(oldest)
    const id = randomBytes(16).toString('base64url')
    this.#offers.set(id, { ...offer, until: now + KEPT_MILLIS })
    return `/downloads/${id}`
  }

  /** Takes the offer of a path away; undefined when there is none (any more). */
  take(pathname: string): Offer | undefined {
    const id = pathname.slice('/downloads/'.length)
    const offer = this.#offers.get(id)
    this.#offers.delete(id)
    return offer && offer.until >= Date.now() ? offer : undefined
  }
}

/**
 * Sends an export as it is produced, no faster than the browser takes it. When it fails midway, the connection is cut,
 * so that the browser reports a failed download and keeps no file.
 * @throws whatever producing threw
 */
export async function sendDownload(offer: Offer, response: ServerResponse): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const ascii = offer.name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  response.writeHead(200, {
    ...PAGE_HEADERS,
    'Content-Type': offer.mediaType,
    'Content-Disposition': `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(offer.name)}`,
    'Cache-Control': 'no-store',
  })
  try {
    await offer.produce(async (chunk) => {
      gone.signal.throwIfAborted()
      if (!response.write(chunk)) await once(response, 'drain', { signal: gone.signal })
    }, gone.signal)
    response.end()
  } catch (trouble) {
    response.destroy()
    // A person who cancelled the download knows it.
    if (!gone.signal.aborted) throw trouble
  }
}
