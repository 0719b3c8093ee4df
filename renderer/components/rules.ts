/** Rules of links as people read them: in words, and as the short sign in a cell of the matrix. Pure. */
import type { LinkRule, LinkView, Shape } from '../../preload/contract'
import { rulesText, ruleText, SHAPE_FIELDS } from '../../preload/contract/diagram'

export { rulesText, ruleText, SHAPE_FIELDS }
export type ShapeField = (typeof SHAPE_FIELDS)[number]

export const NO_SHAPE: Shape = {
  type: 'shape',
  dropPercent: 0,
  delayMs: 0,
  jitterMs: 0,
  duplicatePercent: 0,
  reorderPercent: 0,
  bytesPerSecond: 0,
}

/** What a link does to messages, coarsest first. `cut` and `hold` concern every message that no earlier rule takes. */
export type LinkKind = 'open' | 'cut' | 'hold' | 'shaped'

export interface LinkSign {
  readonly kind: LinkKind
  /** × cut · ‖ hold · otherwise its strongest number. A filter adds *, more rules add +. */
  readonly sign: string
}
const OPEN: LinkSign = { kind: 'open', sign: '·' }

/** A delay in few characters: 20, 120, 1.5s. */
const short = (ms: number) => (ms < 1000 ? `${Math.round(ms)}ms` : `${Number((ms / 1000).toFixed(1))}s`)

function shapeSign(shape: Shape): string {
  if (shape.dropPercent > 0) return `−${Math.round(shape.dropPercent)}%`
  if (shape.delayMs > 0 || shape.jitterMs > 0) return short(Math.max(shape.delayMs, shape.jitterMs))
  if (shape.duplicatePercent > 0) return `×2`
  if (shape.reorderPercent > 0) return '⇄'
  return shape.bytesPerSecond > 0 ? '≤' : '→'
}

export function signOf(blocked: boolean, rules: readonly LinkRule[]): LinkSign {
  if (blocked) return { kind: 'cut', sign: '×' }
  const [first] = rules
  if (first === undefined) return OPEN
  const more = `${first.messages.length > 0 ? '*' : ''}${rules.length > 1 ? '+' : ''}`
  switch (first.action.type) {
    case 'block':
      return { kind: first.messages.length > 0 ? 'shaped' : 'cut', sign: `×${more}` }
    case 'hold':
      return { kind: 'hold', sign: `‖${more}` }
    case 'shape':
      return { kind: 'shaped', sign: `${shapeSign(first.action)}${more}` }
  }
}

/** Nothing passes: a cut of the link itself, or a rule that blocks every message. */
export const blocksAll = (rules: readonly LinkRule[]): boolean =>
  rules[0]?.action.type === 'block' && rules[0].messages.length === 0

/** Links over which nothing passes, whoever cut them. */
export function cutLinks(moment: {
  readonly blocked: readonly (readonly [from: number, to: number])[]
  readonly links: readonly LinkView[]
}): readonly (readonly [from: number, to: number])[] {
  const ruled = moment.links.filter((link) => blocksAll(link.rules))
  if (ruled.length === 0) return moment.blocked
  const known = new Set(moment.blocked.map(([from, to]) => `${from}>${to}`))
  const more = ruled.filter(({ from, to }) => !known.has(`${from}>${to}`))
  return [...moment.blocked, ...more.map(({ from, to }) => [from, to] as const)]
}

/** Whether a link may hold messages. */
export const holds = (link: Pick<LinkView, 'rules'>): boolean => link.rules.some((rule) => rule.action.type === 'hold')

/** Links that are cut or have rules. */
export function conditionedCount(
  moment: { readonly blocked: readonly (readonly [number, number])[]; readonly links: readonly LinkView[] } | null,
): number {
  if (moment === null) return 0
  const ruled = new Set(moment.links.map(({ from, to }) => `${from}>${to}`))
  return moment.links.length + moment.blocked.filter(([from, to]) => !ruled.has(`${from}>${to}`)).length
}
