/** The rules of a Jepsen history, over what an EDN reader that is not ours makes of it. */
import { parseEDNString } from 'edn-data'
import { z } from 'zod'

const keyword = z.string()
const op = z.strictObject({
  index: z.int().nonnegative(),
  time: z.int().nonnegative(),
  process: z.union([z.int().nonnegative(), z.literal('nemesis')]),
  type: z.enum(['invoke', 'ok', 'fail', 'info']),
  f: keyword,
  key: z.string().optional(),
  value: z.unknown(),
  consistency: keyword.optional(),
  error: keyword.optional(),
  fault: z.int().positive().optional(),
})
export type JepsenOp = z.infer<typeof op>

const tagHandlers = { 'raft/base64': (text: unknown) => ({ base64: text }) }

export function checkJepsen(text: string): readonly JepsenOp[] {
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new Error('the last line has no end')
  const open = new Map<number, JepsenOp>()
  const crashed = new Set<number>()
  let time = 0
  return lines.map((line, index) => {
    const read = parseEDNString(line, { mapAs: 'object', listAs: 'array', keywordAs: 'string', tagHandlers })
    const one = op.parse(read)
    const rule = (holds: boolean, what: string) => {
      if (!holds) throw new Error(`${what}: ${line}`)
    }
    rule(one.index === index, 'an index out of order')
    rule(one.time >= time, 'a time that goes back')
    time = one.time
    if (one.process === 'nemesis') {
      rule(one.type === 'info' && /^(start|stop)-/.test(one.f), 'a nemesis that is a client')
      return one
    }
    rule(['read', 'write', 'cas', 'append', 'delete'].includes(one.f) && one.key !== undefined, 'no such function')
    const before = open.get(one.process)
    if (one.type === 'invoke') {
      rule(before === undefined, 'a process that does two things at once')
      rule(!crashed.has(one.process), 'a process that is back')
      rule(one.f !== 'read' || one.value === null, 'a read that knows its value')
      open.set(one.process, one)
      return one
    }
    rule(before !== undefined && before.f === one.f && before.key === one.key, 'an answer without its call')
    open.delete(one.process)
    if (one.type === 'info') crashed.add(one.process)
    rule((one.error === undefined) === (one.type === 'ok'), 'an error that is none, or none where one is')
    if (one.f !== 'read')
      rule(JSON.stringify(one.value) === JSON.stringify(before?.value), 'another value than was asked')
    return one
  })
}
