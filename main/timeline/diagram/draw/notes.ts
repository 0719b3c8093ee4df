/**
 * What people wrote down: a flag at its moment, with its text; a note's flag is filled, a bookmark's is an outline. Where something
 * broke stands a crossed-out lozenge.
 */
import { xOf } from '../camera'
import type { Scene } from '../hit-test'
import type { Palette } from '../palette'
import type { DrawScene } from '../scene'
import type { Surface } from '../surface'
import type { Flag } from '../tracks'
import { cross, fitText } from './strokes'

/** Notes and bookmarks in one row, by time. */
export function flagsOf(scene: Pick<Scene, 'model' | 'bookmarks'>): readonly Flag[] {
  if (scene.bookmarks.length === 0) return scene.model.tracks.notes
  return [...scene.model.tracks.notes, ...scene.bookmarks].sort((a, b) => a.t - b.t)
}

function drawBroken(context: Surface, x: number, y: number, palette: Palette): void {
  context.fillStyle = palette.dangerFill
  context.beginPath()
  context.moveTo(x, y - 6.5)
  context.lineTo(x + 6.5, y)
  context.lineTo(x, y + 6.5)
  context.lineTo(x - 6.5, y)
  context.closePath()
  context.fill()
  context.strokeStyle = palette.inkInverse
  context.beginPath()
  cross(context, x, y, 2.5)
  context.stroke()
}

export function drawNotes(context: Surface, scene: DrawScene, palette: Palette): void {
  const { camera, layout } = scene
  const { top, height } = layout.notes
  if (height === 0) return
  const flags = flagsOf(scene).filter(({ t }) => t >= camera.from && t <= camera.to)
  const places = flags.map(({ t }) => xOf(camera, layout.plot, t))
  context.font = `400 11px ${palette.fontUi}`
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.lineWidth = 1.25
  context.lineJoin = 'round'
  // At the axis there is no room for words, and little for the flag.
  const small = height < 14
  context.save()
  context.beginPath()
  context.rect(layout.plot.left, top, layout.width - layout.plot.left, height)
  context.clip()
  flags.forEach((flag, i) => {
    const x = places[i] ?? 0
    const isBroken = flag.kind === 'violation'
    context.strokeStyle = isBroken ? palette.danger : palette.text
    context.beginPath()
    context.moveTo(x, top + 2)
    context.lineTo(x, top + height - (small ? 0 : 2))
    context.stroke()
    if (isBroken) drawBroken(context, x, top + 7, palette)
    else {
      context.beginPath()
      context.moveTo(x, top + 2)
      context.lineTo(x + 9, top + 5.5)
      context.lineTo(x, top + 9)
      context.closePath()
      context.fillStyle = flag.kind === 'note' ? palette.text : palette.canvas
      context.fill()
      context.stroke()
    }
    // A text gives way to the next flag, not the other way round.
    const room = Math.min(280, (places[i + 1] ?? layout.width) - x - 18)
    context.fillStyle = isBroken ? palette.danger : palette.text2
    if (room > 16 && !small) context.fillText(fitText(context, flag.text, room), x + 13, top + height / 2)
  })
  context.restore()
  context.lineJoin = 'miter'
}
