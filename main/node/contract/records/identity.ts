/** `identity.json`: whose directory this is. */
import * as z from 'zod/mini'
import { STORAGE_VERSION } from './segment'

z.config({ ...z.locales.en(), jitless: true })

export interface Identity {
  readonly clusterId: string
  readonly node: number
}

export const IDENTITY_FILE = 'identity.json'

export type ReadIdentity =
  | { readonly kind: 'known'; readonly identity: Identity }
  | { readonly kind: 'other-version'; readonly version: number }
  | { readonly kind: 'unreadable'; readonly reason: string }

const anyVersion = z.object({ format: z.number() })
const identitySchema = z.object({
  clusterId: z.string().check(z.minLength(1)),
  node: z.int().check(z.minimum(1), z.maximum(65535)),
})

export function encodeIdentity({ clusterId, node }: Identity): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ format: STORAGE_VERSION, clusterId, node })}\n`)
}

export function readIdentity(bytes: Uint8Array): ReadIdentity {
  let json: unknown
  try {
    json = JSON.parse(Buffer.from(bytes).toString())
  } catch {
    return { kind: 'unreadable', reason: 'a file that is not JSON' }
  }
  const version = anyVersion.safeParse(json)
  if (version.success && version.data.format !== STORAGE_VERSION) {
    return { kind: 'other-version', version: version.data.format }
  }
  const found = identitySchema.safeParse(json)
  if (!version.success || !found.success) return { kind: 'unreadable', reason: 'a file that names no node' }
  return { kind: 'known', identity: found.data }
}
