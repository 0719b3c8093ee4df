/** The rules of the Chrome Trace Event format that a viewer relies on. */
import { z } from 'zod'

const args = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
const common = { name: z.string(), ts: z.number().nonnegative(), pid: z.int().positive(), tid: z.int().positive() }
const event = z.discriminatedUnion('ph', [
  z.strictObject({ ...common, ph: z.literal('M'), args }),
  z.strictObject({ ...common, ph: z.literal('X'), cat: z.string(), dur: z.number().nonnegative(), args }),
  z.strictObject({ ...common, ph: z.literal('i'), cat: z.string(), s: z.enum(['t', 'p', 'g']), args }),
  z.strictObject({ ...common, ph: z.literal('C'), args: z.record(z.string(), z.number()) }),
  z.strictObject({ ...common, ph: z.literal('s'), cat: z.string(), id: z.string() }),
  z.strictObject({ ...common, ph: z.literal('f'), cat: z.string(), id: z.string(), bp: z.literal('e') }),
  z.strictObject({ ...common, ph: z.literal('b'), cat: z.string(), id: z.string(), args }),
  z.strictObject({ ...common, ph: z.literal('e'), cat: z.string(), id: z.string(), args }),
])
const file = z.strictObject({
  displayTimeUnit: z.enum(['ms', 'ns']),
  otherData: z.record(z.string(), z.string()),
  traceEvents: z.array(event),
})
type Event = z.infer<typeof event>

/** Throws where a rule is broken; returns the events. */
export function checkPerfetto(text: string): readonly Event[] {
  const { traceEvents: events } = file.parse(JSON.parse(text))
  const rule = (holds: boolean, what: string, event: Event) => {
    if (!holds) throw new Error(`${what}: ${JSON.stringify(event)}`)
  }
  const of = <P extends Event['ph']>(ph: P) => events.filter((one): one is Event & { ph: P } => one.ph === ph)
  const names = (name: string) =>
    new Set(
      of('M')
        .filter((one) => one.name === name)
        .map(({ pid, tid }) => `${pid}/${tid}`),
    )
  const threads = names('thread_name')
  const processes = new Set([...names('process_name')].map((one) => one.split('/')[0]))
  const pidOf = new Map<number, number>()
  for (const event of events) {
    rule(threads.has(`${event.pid}/${event.tid}`), 'a thread without a name', event)
    rule(processes.has(String(event.pid)), 'a process without a name', event)
    rule((pidOf.get(event.tid) ?? event.pid) === event.pid, 'a thread of two processes', event)
    pidOf.set(event.tid, event.pid)
  }
  // Slices of a thread come in order and one does not begin before the other ends.
  const ends = new Map<number, number>()
  const spans = new Map<number, (Event & { ph: 'X' })[]>()
  for (const slice of of('X')) {
    rule(slice.ts >= (ends.get(slice.tid) ?? 0) - 0.0005, 'a slice that overlaps another', slice)
    ends.set(slice.tid, slice.ts + slice.dur)
    spans.set(slice.tid, [...(spans.get(slice.tid) ?? []), slice])
  }
  const instants = new Map<number, number>()
  for (const instant of of('i')) {
    rule(instant.ts >= (instants.get(instant.tid) ?? 0), 'an instant that goes back', instant)
    instants.set(instant.tid, instant.ts)
  }
  // Both ends of a flow are bound to slices; each end has its one beginning, before it.
  const starts = new Map<string, Event>()
  for (const start of of('s')) {
    rule(!starts.has(start.id), 'a flow that begins twice', start)
    starts.set(start.id, start)
  }
  const ended = new Set<string>()
  for (const finish of of('f')) {
    const start = starts.get(finish.id)
    rule(start !== undefined && start.ts <= finish.ts, 'a flow that ends without a beginning', finish)
    rule(!ended.has(finish.id), 'a flow that ends twice', finish)
    ended.add(finish.id)
  }
  for (const flow of [...of('s'), ...of('f')]) {
    const bound = spans.get(flow.tid)?.some(({ ts, dur }) => ts <= flow.ts && flow.ts <= ts + dur)
    rule(bound === true, 'a flow that is bound to no slice', flow)
  }
  const open = new Set<string>()
  for (const one of events) {
    if (one.ph === 'b') {
      rule(!open.has(`${one.cat} ${one.id}`), 'an asynchronous slice that begins twice', one)
      open.add(`${one.cat} ${one.id}`)
    } else if (one.ph === 'e') {
      rule(open.delete(`${one.cat} ${one.id}`), 'an asynchronous slice that ends without a beginning', one)
    }
  }
  return events
}
