/** The bench cannot run here; the message says what to do about it. */
export class Unable extends Error {
  override readonly name = 'Unable'
}

/** What was measured is worth nothing: the system lost what it had answered. */
export class Failed extends Error {
  override readonly name = 'Failed'
}
