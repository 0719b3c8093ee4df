/** The shapes of roles: the ring and the timeline have the same. */
export { rolePath, termDoubled, termHue } from '../../../preload/contract/diagram'
