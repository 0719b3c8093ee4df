import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { type Language, UPLOAD_PATH } from '../../preload/contract'
import { type HostServices, Problem, type Workbench } from '../workbench'
import { languageOf } from '../workbench/language'
import { contentSecurityPolicy, PAGE_HEADERS, readPage } from '../workbench/pages'
import { serveDoor } from './door'
import { Downloads, sendDownload } from './downloads'
import { Gate } from './gate'
import { receiveUpload } from './uploads'

export const DEFAULT_PORT = 7420
/** A value of 1 MiB may take six times as much when every character is escaped. */
const MAX_FRAME_BYTES = 8 << 20

export interface BrowserHostOptions {
  /** Folder of the built window. */
  readonly pages: string
  /** Left out: {@link DEFAULT_PORT}, or a free one when that is taken. 0: a free one. */
  readonly port?: number
  /** The language where no tab has said its own. */
  readonly language: Language
  readonly log: HostServices['log']
}

export interface BrowserHost {
  /** What to open: `http://127.0.0.1:<port>/?token=…`. */
  readonly address: string
  readonly port: number
  /** Whether any tab has come. */
  readonly visited: boolean
  /** The same, for one visit within a minute: for a command line, which other people on this machine can read. */
  invite(): string
  readonly services: HostServices
  /** From here on tabs are served; before that they wait. */
  attach(workbench: Workbench): void
  /** Ends every connection. The workbench is closed by who made it. */
  close(): Promise<void>
}

/**
 * Serves the workbench to browser tabs, on the loopback only.
 * @throws {Problem} 'port-in-use'
 */
export async function startBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const { pages, log } = options
  const downloads = new Downloads()
  const token = randomBytes(32).toString('base64url')
  let language = options.language
  let visited = false
  let attached: (workbench: Workbench) => void = () => undefined
  const workbench = new Promise<Workbench>((resolve) => {
    attached = resolve
  })

  const server = createServer((request, response) => {
    answer(request, response).catch((trouble: unknown) => {
      log('error', trouble instanceof Error ? (trouble.stack ?? trouble.message) : String(trouble))
      if (response.headersSent) response.destroy()
      else refuse(response, 500, 'Something broke inside the workbench; its log says what.')
    })
  })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false })
  const port = await listen(server, options.port)
  const gate = new Gate(token, port)
  const policy = contentSecurityPolicy(`ws://127.0.0.1:${port}`, `ws://localhost:${port}`)

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!gate.knowsHost(request)) return refuse(response, 421, 'This workbench answers to 127.0.0.1 only.')
    const url = urlOf(request)
    if (!url) return refuse(response, 400, 'This is not an address.')
    if (request.method === 'POST' && url.pathname === UPLOAD_PATH) {
      // A form of another site could post here, too: our own page says where it is from, and shows the token.
      if (!gate.knowsOrigin(request) || !gate.hasCookie(request) || gate.isForeign(request)) {
        return refuse(response, 403, 'Only the workbench itself may send a file here.')
      }
      return receiveUpload(request, url.searchParams.get('name') ?? '', response, await workbench)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(response, 405, 'Only GET is answered here.')
    const invited = url.pathname === '/' && gate.admits(url)
    if (!invited && !gate.hasCookie(request)) {
      return refuse(
        response,
        403,
        'Open the whole address that the workbench printed, with its token.\n请打开工作台输出的完整地址（含 token）。',
      )
    }
    // Following a link to `/` is how people arrive; everything else is asked for by our own page.
    if (url.pathname !== '/' && gate.isForeign(request)) return refuse(response, 403, 'Another site asked for this.')
    if (url.pathname.startsWith('/downloads/')) {
      const offer = request.method === 'GET' ? downloads.take(url.pathname) : undefined
      if (!offer) return refuse(response, 404, 'This export was fetched already, or is too old. Export again.')
      return sendDownload(offer, response).catch(async (trouble: unknown) => {
        // Who cancelled it in the window knows that.
        if (!(trouble instanceof Error && trouble.name === 'AbortError')) (await workbench).report(trouble)
      })
    }
    const page = await readPage(pages, url.pathname)
    if (!page) return refuse(response, 404, 'There is nothing here.')
    response.writeHead(200, {
      ...PAGE_HEADERS,
      'Content-Security-Policy': policy,
      'Content-Type': page.type,
      'Content-Length': page.body.length,
      'Cache-Control': 'no-store',
      ...(invited ? { 'Set-Cookie': gate.cookie } : {}),
    })
    response.end(request.method === 'HEAD' ? undefined : page.body)
  }

  server.on('upgrade', (request, socket: Duplex, head) => {
    socket.on('error', () => socket.destroy())
    const allowed = gate.knowsOrigin(request) && gate.hasCookie(request) && urlOf(request)?.pathname === '/door'
    if (!allowed) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    language = languageOf(request.headers['accept-language']) ?? language
    visited = true
    sockets.handleUpgrade(request, socket, head, async (tab) => {
      // What a quick tab says before the workbench stands must not be lost.
      tab.pause()
      serveDoor(tab, await workbench)
      tab.resume()
    })
  })

  return {
    address: `http://127.0.0.1:${port}/?token=${token}`,
    port,
    get visited() {
      return visited
    },
    invite: () => `http://127.0.0.1:${port}/?token=${gate.invite()}`,
    services: {
      kind: 'browser',
      systemLanguage: () => language,
      saving: { kind: 'download', offer: (offer) => downloads.offer(offer) },
      log,
    },
    attach: (made) => attached(made),
    close: () =>
      new Promise((resolve) => {
        for (const tab of sockets.clients) tab.close(1001)
        server.close(() => resolve())
        // Tabs get a moment to take the goodbye; then nothing waits for them.
        setTimeout(() => {
          for (const tab of sockets.clients) tab.terminate()
          server.closeAllConnections()
        }, 200)
      }),
  }
}

function urlOf(request: IncomingMessage): URL | undefined {
  const base = 'http://127.0.0.1'
  const url = URL.parse(request.url ?? '/', base)
  // `//host/…` would name another host: a path never does.
  return url?.origin === base ? url : undefined
}

function refuse(response: ServerResponse, status: number, text: string): void {
  const body = `${text}\n`
  response.writeHead(status, {
    ...PAGE_HEADERS,
    'Content-Security-Policy': contentSecurityPolicy(),
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  })
  response.end(body)
}

async function listen(server: Server, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) return listenOn(server, wanted)
  try {
    return await listenOn(server, DEFAULT_PORT)
  } catch (trouble) {
    if (trouble instanceof Problem && trouble.code === 'port-in-use') return listenOn(server, 0)
    throw trouble
  }
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (trouble: NodeJS.ErrnoException): void => {
      const taken = trouble.code === 'EADDRINUSE' || trouble.code === 'EACCES'
      reject(taken ? new Problem('port-in-use', { port }, { cause: trouble }) : trouble)
    }
    server.once('error', failed)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
