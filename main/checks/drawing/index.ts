/** Counterexamples as pictures and tables. Pure: a window draws them with the same code as a report does. */
export { attributesOf } from './attributes'
export { type Colour, type Drawing, type DrawOptions, drawCounterexample, type Shape } from './draw'
export { escaped, svgOf } from './svg'
export { type CallTable, type TableRow, tableOf } from './table'
export type { Band, Bilingual, Counterexample, DrawnCall, Standing } from './types'
export { bilingual, standingWords } from './words'
