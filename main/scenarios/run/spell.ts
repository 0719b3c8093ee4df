/** A step or a condition as it stands in a file: YAML on one line. */

/** Needs no quotes. */
const PLAIN = /^[A-Za-z$][\w$ .-]*$/

/** `leader: { isNot: $old }`; the braces around the whole are left out. */
export function spell(value: unknown): string {
  const text = flow(value)
  return text.startsWith('{ ') ? text.slice(2, -2) : text
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined)
    return fields.length === 0 ? '{}' : `{ ${fields.map(([name, field]) => `${name}: ${flow(field)}`).join(', ')} }`
  }
  if (typeof value !== 'string') return String(value)
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", "''")}'`
}
