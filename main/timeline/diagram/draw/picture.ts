/** The whole picture, in the order in which its parts lie over each other: the same for a window, an SVG and a PNG. */
import type { Palette } from '../palette'
import type { DrawScene } from '../scene'
import type { Surface } from '../surface'
import { drawAxis, drawNow } from './axis'
import { drawEdges } from './edges'
import { drawLaneLabels, drawLaneMarks, drawLanes } from './lanes'
import { drawGaps, drawMinimap, drawStops, drawTracks } from './tracks'

export function drawPicture(surface: Surface, scene: DrawScene, palette: Palette): void {
  const { layout } = scene
  drawAxis(surface, scene, palette)
  surface.save()
  surface.beginPath()
  surface.rect(layout.plot.left, layout.lanes.top, layout.width - layout.plot.left, layout.lanes.height)
  surface.clip()
  drawLanes(surface, scene, palette)
  drawEdges(surface, scene, palette)
  drawGaps(surface, scene, palette)
  drawStops(surface, scene, palette)
  drawLaneMarks(surface, scene, palette)
  surface.restore()
  drawLaneLabels(surface, scene, palette)
  drawTracks(surface, scene, palette)
  drawNow(surface, scene, palette)
  drawMinimap(surface, scene, palette)
}
