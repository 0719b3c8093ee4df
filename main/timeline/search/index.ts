/** The filter language, and where on a timeline something is. The language itself is pure, and the window uses it too. */
export { type Counted, countEvents, type Found, findEvent } from './find'
export { isStep, STEPS, type Step } from './steps'
