import type { ExportWishInput } from '../../preload/contract'
import type { Shown } from '../timeline'

/** How a window shows the diagram, as a picture takes it: what crosses as lists are sets there. */
export function shownOf(given: ExportWishInput['shown']): Shown | undefined {
  if (given === undefined) return undefined
  const { causal, ...plain } = given
  const rest = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)) as Shown
  if (causal === undefined) return rest
  const { origin, past, future, path } = causal
  return { ...rest, causal: { origin, past: new Set(past), future: new Set(future), path } }
}
