import type { WebSocket } from 'ws'
import { z } from 'zod'
import { STREAMS } from '../../preload/contract'
import { Problem, type Workbench } from '../workbench'
import { type PacedSubscription, subscribePaced } from '../workbench/pacing'
import { frameText } from './frame'

z.config({ jitless: true })

/** Above this many waiting bytes a tab gets no live updates; below the other one it gets them again. */
const CONGESTED_BYTES = 1 << 20
const RELIEVED_BYTES = 64 << 10
const LOOK_AGAIN_MILLIS = 100
const MAX_SUBSCRIPTIONS = 32
/** A tab that answers no ping for this long is gone. */
const PING_MILLIS = 20_000

const id = z.number().int().min(0)
const frameSchema = z.union([
  z.strictObject({ id, call: z.string(), input: z.unknown() }),
  z.strictObject({ id, subscribe: z.enum(STREAMS) }),
  z.strictObject({ unsubscribe: id }),
])

/** Speaks the door's protocol with one tab until its socket closes. */
export function serveDoor(socket: WebSocket, workbench: Workbench): void {
  const subscriptions = new Map<number, PacedSubscription>()
  let alive = true

  const send = (frame: unknown): void => {
    if (socket.readyState === socket.OPEN) socket.send(frameText(frame))
  }
  const refuse = (id: number | null, reason: string): void => {
    const problem = workbench.problemView(new Problem('bad-input', { where: '/door', reason }))
    send({ id, answer: { ok: false, problem } })
  }

  const take = async (text: string): Promise<void> => {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      return refuse(null, 'not JSON')
    }
    const checked = frameSchema.safeParse(value)
    if (!checked.success) {
      const given = id.safeParse((value as { id?: unknown } | null)?.id)
      return refuse(given.success ? given.data : null, 'not a frame of the protocol')
    }
    const frame = checked.data
    if ('call' in frame) {
      send({ id: frame.id, answer: await workbench.call(frame.call, frame.input) })
    } else if ('subscribe' in frame) {
      if (subscriptions.has(frame.id)) return refuse(frame.id, 'this subscription exists already')
      if (subscriptions.size >= MAX_SUBSCRIPTIONS) return refuse(frame.id, 'too many subscriptions')
      const { id: stream, subscribe } = frame
      const paced = subscribePaced(
        workbench,
        subscribe,
        (value) => send({ stream, value }),
        () => socket.bufferedAmount > CONGESTED_BYTES,
      )
      subscriptions.set(stream, paced)
    } else {
      subscriptions.get(frame.unsubscribe)?.stop()
      subscriptions.delete(frame.unsubscribe)
    }
  }

  const relief = setInterval(() => {
    if (socket.bufferedAmount <= RELIEVED_BYTES) for (const one of subscriptions.values()) one.relieved()
  }, LOOK_AGAIN_MILLIS)
  const ping = setInterval(() => {
    if (!alive) socket.terminate()
    alive = false
    if (socket.readyState === socket.OPEN) socket.ping()
  }, PING_MILLIS)

  socket.on('pong', () => {
    alive = true
  })
  socket.on('message', (data, binary) => {
    if (binary) refuse(null, 'binary frame')
    else void take(data.toString())
  })
  // What follows an error is always 'close'; without a listener it would end the program.
  socket.on('error', () => undefined)
  socket.on('close', () => {
    clearInterval(relief)
    clearInterval(ping)
    for (const one of subscriptions.values()) one.stop()
    subscriptions.clear()
  })
}
