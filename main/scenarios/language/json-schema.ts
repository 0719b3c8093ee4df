/** The language as a JSON Schema, for editors that complete and check YAML by one. */
import { z } from 'zod'
import { settingsSchema } from '../../node/contract/settings'
import { CONDITIONS } from './conditions'
import { CONDITION_DESCRIPTIONS, STEP_DESCRIPTIONS } from './descriptions'
import { scenarioSchema } from './schema'
import { STEPS } from './steps'

type JsonSchema = z.core.JSONSchema.BaseSchema

// Draft 7 is what the YAML language server of most editors knows best.
const OPTIONS = { target: 'draft-7', io: 'input', unrepresentable: 'any' } as const

/** The content of `docs/scenario.schema.json`. What a schema can't say (names, times, nodes) only `parse.ts` says. */
export function scenarioJsonSchema(): string {
  const { $schema: _draft, ...settings } = z.toJSONSchema(settingsSchema, OPTIONS)
  const described = describedShapes()
  const { $schema, ...schema } = z.toJSONSchema(scenarioSchema, {
    ...OPTIONS,
    override: ({ zodSchema, jsonSchema }) => {
      const { properties } = jsonSchema
      if (properties === undefined) return
      for (const key of ['settings', 'configure']) {
        const setting = properties[key]
        if (typeof setting === 'object') {
          properties[key] = {
            ...('default' in setting ? { default: {} } : {}),
            ...settings,
            additionalProperties: false,
          }
        }
      }
      const [key, description] = described.get(zodSchema) ?? []
      const property = key === undefined ? undefined : properties[key]
      if (key !== undefined && typeof property === 'object') properties[key] = withDescription(property, description)
    },
  })
  return `${JSON.stringify({ $schema, title: 'Raft Workbench scenario', ...schema }, null, 2)}\n`
}

/** Beside a `$ref`, draft 7 hears nothing else. */
function withDescription({ $ref, ...rest }: JsonSchema, description: string | undefined): JsonSchema {
  const property = $ref === undefined ? rest : { allOf: [{ $ref }], ...rest }
  return description === undefined ? property : { description, ...property }
}

/** The key that says what a step or a condition is, and what an editor shows of it. */
function describedShapes(): ReadonlyMap<z.core.$ZodType, readonly [key: string, description: string]> {
  const shapes = { ...STEPS, ...CONDITIONS } as Readonly<Record<string, z.core.$ZodType>>
  const words: Readonly<Record<string, string>> = { ...STEP_DESCRIPTIONS, ...CONDITION_DESCRIPTIONS }
  return new Map(
    Object.entries(shapes).flatMap(([key, shape]) => {
      const description = words[key]
      return description === undefined ? [] : [[shape, [key, description]] as const]
    }),
  )
}
