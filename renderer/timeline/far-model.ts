/** The timeline's model made from counts and landmarks: the same lanes, marks and tracks, and no messages. */
import type { OverviewView } from '../../preload/contract'
import { type TermStep, TimelineModel } from '../../preload/contract/diagram'

export function farModel(view: OverviewView): TimelineModel {
  const model = new TimelineModel()
  model.sync(view.landmarks)
  const part = (view.to - view.from) / view.buckets
  let index = 0
  for (const [place, commit] of view.commits.entries()) {
    if (commit <= index) continue
    index = commit
    model.tracks.commits.push({ t: view.from + (place + 1) * part, seq: -1, index })
  }
  model.known = view.to
  model.afar = { counts: view, strength: 1 }
  return model
}

/** The minimap of a recording that is not in memory as a whole. */
export function wholeOf(view: OverviewView): Pick<TimelineModel, 'terms' | 'faults'> {
  const model = new TimelineModel()
  model.sync(view.landmarks)
  const terms: readonly TermStep[] = model.terms
  const faults = model.tracks.faults.map(({ from, to }) => ({ from, to }))
  return { terms: [...terms], faults }
}
