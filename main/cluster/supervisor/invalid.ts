/** What is out of range, as a problem that names the field. */
import * as z from 'zod/mini'
import { Problem } from '../../node/contract/problem'

/** The value as its schema has it. Problem: `fault-invalid`. */
export function checked<S extends z.ZodMiniType>(schema: S, value: unknown, where = ''): z.infer<S> {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const path = [...(where === '' ? [] : [where]), ...(issue?.path ?? [])]
  throw new Problem('fault-invalid', { where: path.join('.'), reason: issue?.message ?? z.prettifyError(read.error) })
}
