/** What is wrong with a file that is read: which line, which rule, what was expected. */
import { Problem } from '../../node/contract/problem'

export function bad(line: number, reason: string): Problem<'bad-input'> {
  return new Problem('bad-input', { where: `line ${line}`, reason })
}
