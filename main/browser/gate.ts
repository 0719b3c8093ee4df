import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const INVITATION_MILLIS = 60_000

/**
 * Decides who may come in. Everything listens on the loopback only, but any web page can make a browser call loopback
 * addresses: so the Host must be ours (a foreign name that was bound to 127.0.0.1 is DNS rebinding), a socket's Origin
 * must be our own page, and everybody must show the token, first in the printed address, then by the cookie.
 */
export class Gate {
  readonly #token: string
  readonly #port: number
  /** Invitation → when it ends (`Date.now()`). */
  readonly #invitations = new Map<string, number>()

  constructor(token: string, port: number) {
    this.#token = token
    this.#port = port
  }

  /** The value of `Set-Cookie` for a browser that came with the right token. */
  get cookie(): string {
    return `${this.#cookieName}=${this.#token}; HttpOnly; SameSite=Strict; Path=/`
  }

  /** Cookies don't know ports: two workbenches on one machine must not overwrite each other's. */
  get #cookieName(): string {
    return `raft-workbench-${this.#port}`
  }

  /** Whether the request was made to an address of ours. */
  knowsHost(request: IncomingMessage): boolean {
    const { host } = request.headers
    return host === `127.0.0.1:${this.#port}` || host === `localhost:${this.#port}`
  }

  /** Whether the page that opens this socket is ours. Browsers always send Origin with a WebSocket. */
  knowsOrigin(request: IncomingMessage): boolean {
    return this.knowsHost(request) && request.headers.origin === `http://${request.headers.host}`
  }

  /** Whether another site's page made this request (an image, a frame, a form): browsers say so since 2020. */
  isForeign(request: IncomingMessage): boolean {
    const site = request.headers['sec-fetch-site']
    return site !== undefined && site !== 'same-origin' && site !== 'none'
  }

  /** A token that is good for one visit within a minute. */
  invite(): string {
    const invitation = randomBytes(32).toString('base64url')
    this.#invitations.set(invitation, Date.now() + INVITATION_MILLIS)
    return invitation
  }

  /** Whether the address carries the token, or an invitation, which is used up by this. */
  admits(url: URL): boolean {
    const given = url.searchParams.get('token') ?? ''
    const until = this.#invitations.get(given)
    this.#invitations.delete(given)
    return this.#matches(given) || (until !== undefined && Date.now() < until)
  }

  hasCookie(request: IncomingMessage): boolean {
    const prefix = `${this.#cookieName}=`
    const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim())
    return cookies.some((cookie) => cookie.startsWith(prefix) && this.#matches(cookie.slice(prefix.length)))
  }

  #matches(given: string): boolean {
    const a = Buffer.from(given)
    const b = Buffer.from(this.#token)
    return a.length === b.length && timingSafeEqual(a, b)
  }
}
