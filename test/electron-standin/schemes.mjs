// `protocol`: a custom scheme's address stands on the page as `http://<host>.<scheme>.localhost`, which Chromium treats
// as secure and which nobody else can serve; the application sees its own address only.
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

/** Lets the application answer what a page asks of its schemes. @returns false for other addresses */
export async function answer(route) {
  const request = route.request()
  const address = toApplication(request.url())
  const handler = handlers.get(new URL(address).protocol.slice(0, -1))
  if (!handler) return false
  const response = await handler(new Request(address, { method: request.method(), headers: request.headers() }))
  await route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  })
  return true
}
