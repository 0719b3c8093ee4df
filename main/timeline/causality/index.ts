/** What happened because of what. */
export { coneOf } from './cone'
export { pathOf } from './path'
export { type Because, type ChainStep, type Cone, type Direction, RELATIONS, type Relation } from './types'
export { whyOf } from './why'
