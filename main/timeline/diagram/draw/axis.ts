/** The time axis with its ticks, and the line of now. */
import { ticksOf, xOf } from '../camera'
import type { Palette } from '../palette'
import type { DrawScene } from '../scene'
import type { Surface } from '../surface'
import { formatMoment } from '../time'

export function drawAxis(context: Surface, scene: DrawScene, palette: Palette): void {
  const { layout, camera } = scene
  const { step, at } = ticksOf(camera, layout.plot)
  context.fillStyle = palette.borderSubtle
  context.fillRect(0, layout.axis.height - 1, layout.width, 1)
  context.font = `400 11px ${palette.fontMono}`
  context.textAlign = 'center'
  context.textBaseline = 'alphabetic'
  for (const t of at) {
    const x = xOf(camera, layout.plot, t)
    if (x < layout.plot.left) continue
    context.fillStyle = palette.borderSubtle
    context.fillRect(Math.round(x), layout.axis.height, 1, layout.minimap.top - layout.axis.height)
    if (x > layout.width - 24 || x < layout.plot.left + 12) continue
    context.fillStyle = palette.text3
    context.fillText(formatMoment(t, step), x, layout.axis.height - 6)
  }
}

export function drawNow(context: Surface, scene: DrawScene, palette: Palette): void {
  const { layout, camera, now } = scene
  const x = xOf(camera, layout.plot, now)
  if (x < layout.plot.left || x > layout.width) return
  const top = layout.axis.height
  const bottom = layout.minimap.top
  context.globalAlpha = 0.5
  context.fillStyle = palette.canvas
  context.fillRect(x, top, layout.width - x, bottom - top)
  context.globalAlpha = 1
  context.fillStyle = scene.live ? palette.ok : palette.text3
  context.fillRect(x - 0.75, top - 4, 1.5, bottom - top + 4)
  context.beginPath()
  context.moveTo(x - 4, top - 6)
  context.lineTo(x + 4, top - 6)
  context.lineTo(x, top)
  context.fill()
}
