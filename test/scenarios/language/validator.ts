/**
 * As much of JSON Schema (draft 7) as `docs/scenario.schema.json` uses; anything else in a schema is an error, so that nothing is
 * passed over.
 */
type Schema = Readonly<Record<string, unknown>>

const SAID_ELSEWHERE = new Set(['$schema', 'title', 'description', 'default', 'examples', 'definitions'])

/** Where `value` does not keep to `schema`, with a keyword each; none = it does. */
export function violations(root: Schema, schema: Schema, value: unknown, path = ''): readonly string[] {
  const found: string[] = []
  const fail = (keyword: string): void => {
    found.push(`${path}: ${keyword}`)
  }
  const fits = (other: unknown, each = value): boolean => violations(root, other as Schema, each).length === 0
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value)
  for (const [keyword, wanted] of Object.entries(schema)) {
    if (SAID_ELSEWHERE.has(keyword)) continue
    switch (keyword) {
      case '$ref': {
        const name = String(wanted).replace('#/definitions/', '')
        const target = (root.definitions as Readonly<Record<string, Schema>>)[name]
        if (target === undefined) throw new Error(`no definition ${name}`)
        found.push(...violations(root, target, value, path))
        break
      }
      case 'type':
        if (![wanted].flat().some((type) => hasType(value, String(type)))) fail(keyword)
        break
      case 'const':
        if (value !== wanted) fail(keyword)
        break
      case 'enum':
        if (!(wanted as unknown[]).includes(value)) fail(keyword)
        break
      case 'anyOf':
        if (!(wanted as unknown[]).some((each) => fits(each))) fail(keyword)
        break
      case 'oneOf':
        if ((wanted as unknown[]).filter((each) => fits(each)).length !== 1) fail(keyword)
        break
      case 'allOf':
        for (const each of wanted as Schema[]) found.push(...violations(root, each, value, path))
        break
      case 'required':
        for (const key of wanted as string[]) if (isMapping && !Object.hasOwn(value, key)) fail(`${keyword} ${key}`)
        break
      case 'properties':
        for (const [key, each] of Object.entries(wanted as Readonly<Record<string, Schema>>)) {
          if (isMapping && Object.hasOwn(value, key)) {
            found.push(...violations(root, each, (value as Schema)[key], `${path}/${key}`))
          }
        }
        break
      case 'additionalProperties':
        for (const [key, each] of Object.entries(isMapping ? value : {})) {
          if (Object.hasOwn((schema.properties ?? {}) as object, key)) continue
          if (wanted === false || !fits(wanted, each)) fail(`${keyword} ${key}`)
        }
        break
      case 'propertyNames':
        for (const key of Object.keys(isMapping ? value : {})) if (!fits(wanted, key)) fail(`${keyword} ${key}`)
        break
      case 'items':
        if (Array.isArray(value)) {
          for (const [at, each] of value.entries())
            found.push(...violations(root, wanted as Schema, each, `${path}/${at}`))
        }
        break
      case 'minItems':
        if (Array.isArray(value) && value.length < Number(wanted)) fail(keyword)
        break
      case 'maxItems':
        if (Array.isArray(value) && value.length > Number(wanted)) fail(keyword)
        break
      case 'minLength':
        if (typeof value === 'string' && value.length < Number(wanted)) fail(keyword)
        break
      case 'maxLength':
        if (typeof value === 'string' && value.length > Number(wanted)) fail(keyword)
        break
      case 'pattern':
        if (typeof value === 'string' && !new RegExp(String(wanted)).test(value)) fail(keyword)
        break
      case 'minimum':
        if (typeof value === 'number' && value < Number(wanted)) fail(keyword)
        break
      case 'maximum':
        if (typeof value === 'number' && value > Number(wanted)) fail(keyword)
        break
      default:
        throw new Error(`the schema uses ${keyword}, which this test does not know`)
    }
  }
  return found
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value)
    case 'array':
      return Array.isArray(value)
    case 'null':
      return value === null
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type
    default:
      throw new Error(`no type ${type}`)
  }
}
