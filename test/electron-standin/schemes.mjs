// `protocol`: a custom scheme's address stands on the page as `http://<host>.<scheme>.localhost`, which Chromium treats
// as secure, and for which it asks the server below; the application sees its own address only.
import { createServer } from 'node:http'

const declared = new Set()
const handlers = new Map()

export const protocol = {
  registerSchemesAsPrivileged(schemes) {
    for (const { scheme } of schemes) declared.add(scheme)
  },
  handle(scheme, handler) {
    if (!declared.has(scheme)) throw new Error(`${scheme} was not declared before the application was ready`)
    handlers.set(scheme, handler)
  },
  unhandle: (scheme) => handlers.delete(scheme),
}

/** `app://host/path` → `http://host.app.localhost/path`. Other addresses stay. */
export function toPage(address) {
  const [, scheme, host, rest] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(address) ?? []
  return scheme && handlers.has(scheme) ? `http://${host}.${scheme}.localhost${rest}` : address
}

/** The way back. */
export function toApplication(address) {
  const [, host, scheme, rest] = /^http:\/\/(.+)\.([a-z0-9+-]+)\.localhost(?:[/?#]|$)(.*)$/i.exec(address) ?? []
  return scheme && handlers.has(scheme) ? `${scheme}://${host}/${rest}` : address
}

/** The origin as Chromium has it for a standard scheme. */
export function originOf(applicationAddress) {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(applicationAddress)?.[0] ?? 'null'
}

/** Whether the application answers what is asked of this page's address. */
export function isServed(address) {
  return toApplication(address) !== address
}

/**
 * A server on the loopback for what pages ask of the application's schemes; the browser is told to find their hosts there.
 * To intercept the requests does not do: in a few of some hundred starts one that was taken, and answered, was sent to the
 * network all the same, and the page stayed empty.
 * @returns its port
 */
export async function serve() {
  const server = createServer((request, response) => {
    answer(request, response).catch((trouble) => {
      process.stderr.write(`${trouble.stack}\n`)
      response.destroy()
    })
  })
  server.unref()
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  return server.address().port
}

async function answer(request, response) {
  const address = toApplication(`http://${request.headers.host}${request.url}`)
  const handler = handlers.get(new URL(address).protocol.slice(0, -1))
  if (!handler) {
    response.writeHead(404).end()
    return
  }
  const answered = await handler(new Request(address, { method: request.method, headers: request.headers }))
  response.writeHead(answered.status, Object.fromEntries(answered.headers))
  response.end(Buffer.from(await answered.arrayBuffer()))
}
