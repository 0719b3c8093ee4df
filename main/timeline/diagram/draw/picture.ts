/** The whole picture, in the order in which its parts lie over each other: the same for a window, an SVG and a PNG. */
import type { Palette } from '../palette'
import type { DrawScene } from '../scene'
import type { Surface } from '../surface'
import { drawAxis, drawNow } from './axis'
import { drawCausal } from './causal'
import { drawEdges } from './edges'
import { drawCallHeat, drawHeat } from './heat'
import { drawLaneLabels, drawLaneMarks, drawLanes } from './lanes'
import { drawGaps, drawMinimap, drawStops, drawTracks } from './tracks'

export function drawPicture(surface: Surface, scene: DrawScene, palette: Palette): void {
  const { layout } = scene
  drawAxis(surface, scene, palette)
  surface.save()
  surface.beginPath()
  surface.rect(layout.plot.left, layout.lanes.top, layout.width - layout.plot.left, layout.lanes.height)
  surface.clip()
  // What lies in neither past nor future of the chosen event steps back.
  surface.globalAlpha = scene.causal === null ? 1 : 0.45
  drawLanes(surface, scene, palette)
  surface.globalAlpha = 1
  drawHeat(surface, scene, palette)
  drawEdges(surface, scene, palette)
  drawGaps(surface, scene, palette)
  drawStops(surface, scene, palette)
  drawLaneMarks(surface, scene, palette)
  drawCausal(surface, scene, palette)
  surface.restore()
  drawLaneLabels(surface, scene, palette)
  drawTracks(surface, scene, palette)
  drawCallHeat(surface, scene, palette)
  drawNow(surface, scene, palette)
  if (layout.minimap.height > 0) drawMinimap(surface, scene, palette)
}
