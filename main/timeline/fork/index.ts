/** Branching off: what a moment of a timeline amounts to on the disks of its nodes. */
export { type CommittedOptions, committedEntries } from './committed'
export { planFork } from './plan'
