/** Clusters under random faults and load, and what must hold nevertheless. */
export type { Finding } from './finding'
export type { RoundResult, RoundState } from './round'
export { type ReliabilityResult, type ReliabilityWish, runReliability } from './run'
