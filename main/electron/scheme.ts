import { protocol } from 'electron'
import { contentSecurityPolicy, PAGE_HEADERS, readPage } from '../workbench/pages'

/** The window comes from here: `app://workbench/`. No file address, no server, no remote content. */
const SCHEME = 'app'
export const ORIGIN = `${SCHEME}://workbench`
export const START = `${ORIGIN}/index.html`

/** Must run before Electron is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the built window, with its policy, under {@link ORIGIN} only. */
export function serveScheme(pages: string): void {
  const policy = contentSecurityPolicy()
  protocol.handle(SCHEME, async (request) => {
    const url = new URL(request.url)
    const mayRead = url.host === 'workbench' && (request.method === 'GET' || request.method === 'HEAD')
    const page = mayRead ? await readPage(pages, url.pathname) : undefined
    if (!page) return new Response('', { status: 404, headers: { ...PAGE_HEADERS, 'Content-Security-Policy': policy } })
    return new Response(page.body, {
      headers: { ...PAGE_HEADERS, 'Content-Security-Policy': policy, 'Content-Type': page.type },
    })
  })
}
