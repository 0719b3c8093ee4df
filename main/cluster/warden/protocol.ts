/**
 * The words between workbench and warden: one JSON value per line, on the warden's standard input and output. Pipes keep
 * what was said while the warden's program was still being loaded, also when the workbench is killed meanwhile; a channel
 * of Node's own would lose it. And each direction has its own, so that an answer which nobody can hear any more does not
 * keep the warden from hearing what was said before.
 */
import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'

z.config({ jitless: true })

const token = z.string().regex(/^[\w-]+$/)

const watchedSchema = z.object({
  /** Of the cluster, absolute. */
  directory: z.string().min(1),
  /** Of the lock under which the cluster is open. No two have the same. */
  token,
})
export type Watched = Readonly<z.infer<typeof watchedSchema>>

/** From the workbench: clean up after this cluster if you hear my end; no longer, it was put away in order. */
const askedSchema = z.discriminatedUnion('type', [
  watchedSchema.extend({ type: z.literal('watch') }),
  z.object({ type: z.literal('forget'), token }),
])
export type Asked = Readonly<z.infer<typeof askedSchema>>

/** From the warden: it knows the cluster, and nothing but SIGKILL can take it. */
const watchingSchema = z.object({ type: z.literal('watching'), token })
export type Watching = Readonly<z.infer<typeof watchingSchema>>

export function say(pipe: Writable, words: Asked | Watching): void {
  pipe.write(`${JSON.stringify(words)}\n`)
}

export function hearAsked(pipe: Readable, onAsked: (asked: Asked) => void): void {
  hear(pipe, askedSchema, onAsked)
}

export function hearWatching(pipe: Readable, onWatching: (watching: Watching) => void): void {
  hear(pipe, watchingSchema, onWatching)
}

/** What makes no sense is not answered, and the other side acts on the missing answer. */
function hear<T>(pipe: Readable, schema: z.ZodType<T>, onWords: (words: T) => void): void {
  let rest = ''
  pipe.setEncoding('utf8')
  pipe.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const words = schema.safeParse(tryJson(line))
      if (words.success) onWords(words.data)
    }
  })
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
