import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.json': 'application/json',
}

/**
 * What a window may do: run our own scripts and styles, show our own images and fonts, and talk to where it came from.
 * `connect` names more places than that one.
 */
export function contentSecurityPolicy(...connect: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    ["connect-src 'self'", ...connect].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ')
}

/** Headers that every page and file of a window carries, beside its policy. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

export interface Page {
  readonly type: string
  readonly body: Buffer<ArrayBuffer>
}

/**
 * One file of the built window, by the path of its address; `/` is `index.html`. Undefined for what is not there, is of
 * no known type, or lies outside `root`, however the path tries to get there (dots, encoding, links).
 */
export async function readPage(root: string, pathname: string): Promise<Page | undefined> {
  let name: string
  try {
    name = decodeURIComponent(pathname)
  } catch {
    return undefined
  }
  if (name.includes('\0') || name.includes('\\')) return undefined
  const type = TYPES[extname(name === '/' ? 'index.html' : name)]
  if (!type) return undefined
  try {
    const base = await realpath(root)
    const path = await realpath(join(base, name === '/' ? 'index.html' : name))
    if (!path.startsWith(base + sep)) return undefined
    return { type, body: await readFile(path) }
  } catch {
    return undefined
  }
}
