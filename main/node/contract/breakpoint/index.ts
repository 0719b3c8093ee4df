/** The language of breakpoints: see `types.ts`. */
export { makeCheck } from './check'
export { complete } from './complete'
export { parse } from './parse'
export * from './types'
