/**
 * What can be done to a running node besides ending it: to what arrives on its links, to its clock, to its disk. The
 * workbench keeps what it wants of every node, tells it by control frames (`control-conditions.ts`), and puts it into the
 * launch of the next life: a fault survives a restart of the node that it targets.
 */
import * as z from 'zod/mini'
import { clockSchema, TRUE_CLOCK } from './conditions/clock'
import { armedFaultSchema } from './conditions/faults'
import { linkRulesSchema } from './conditions/links'

export * from './conditions/clock'
export * from './conditions/faults'
export * from './conditions/links'

z.config({ ...z.locales.en(), jitless: true })

/** A breakpoint as a node is told it. `text` has been parsed by the workbench; one that is not for this node is not sent. */
export const nodeBreakpointSchema = z.object({
  id: z.int().check(z.minimum(1)),
  text: z.string().check(z.minLength(1)),
})
export type NodeBreakpoint = Readonly<z.infer<typeof nodeBreakpointSchema>>

/** All that a node is under from the first moment of a life. */
export const conditionsSchema = z.object({
  /** Links into this node; one that is not named is not conditioned. */
  links: z.array(z.object({ from: z.int().check(z.minimum(1), z.maximum(65535)), rules: linkRulesSchema })),
  clock: clockSchema,
  faults: z.array(armedFaultSchema),
  breakpoints: z.array(nodeBreakpointSchema),
})
export type Conditions = Readonly<z.infer<typeof conditionsSchema>>

export const NO_CONDITIONS: Conditions = { links: [], clock: TRUE_CLOCK, faults: [], breakpoints: [] }
