/** What is wrong with a file that is read: which line, which rule, what was expected. */
import { Problem } from '../../node/contract/problem'

/** A reason may quote what stands in the file, which may be anything. Characters. */
const LONGEST_REASON = 400

export function bad(line: number, reason: string): Problem<'bad-input'> {
  const short = reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON).toWellFormed()}…` : reason
  return new Problem('bad-input', { where: `line ${line}`, reason: short })
}
