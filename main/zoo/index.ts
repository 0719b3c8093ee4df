/** The bug zoo: nodes with a classic bug, chosen by the setting `bug`, and the hunts that catch each of them. */
export type { Bug, Place } from './bug'
export { BUGS, bugOf } from './bugs'
export { Field } from './field'
export { type HuntResult, type HuntWish, hunt } from './hunt'
export { BY_HAND, SCRIPTS } from './hunts'
export type { Catch } from './judge'
export { runZoo, type ZooResult, type ZooRow, type ZooWish } from './run'
export { BUG_WORDS, type BugWords } from './words'
