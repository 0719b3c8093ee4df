/**
 * Thrown when the core finds that its own state, or its caller, broke a rule that Raft's safety rests on. There is no
 * recovery: the process must stop before it tells anybody anything built on that state.
 */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation'
}

/** For loops over entries, where the text of a rule is made only when it is broken. */
export function broken(rule: string): never {
  throw new InvariantViolation(rule)
}

/** @throws InvariantViolation when `holds` is false */
export function invariant(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new InvariantViolation(rule)
}
