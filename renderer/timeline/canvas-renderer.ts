/** The timeline on two canvases: the picture, and over it what follows the pointer. */
import {
  type DrawScene,
  drawOverlay,
  drawPicture,
  type OverlayScene,
  type TimelineRenderer,
} from '../../preload/contract/diagram'
import { readPalette } from './palette'

/** @throws when the browser has no 2D canvas */
export function createCanvasRenderer(base: HTMLCanvasElement, over: HTMLCanvasElement): TimelineRenderer {
  const picture = contextOf(base)
  const overlay = contextOf(over)
  let palette = readPalette(base)
  let size = { width: 0, height: 0, ratio: 1 }

  function clear(context: CanvasRenderingContext2D): void {
    context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0)
    context.clearRect(0, 0, size.width, size.height)
  }

  return {
    resize(width, height, ratio) {
      size = { width, height, ratio }
      for (const canvas of [base, over]) {
        canvas.width = Math.max(1, Math.round(width * ratio))
        canvas.height = Math.max(1, Math.round(height * ratio))
      }
    },
    retheme() {
      palette = readPalette(base)
    },
    draw(scene: DrawScene) {
      clear(picture)
      drawPicture(picture, scene, palette)
    },
    drawOverlay(scene: OverlayScene) {
      clear(overlay)
      drawOverlay(overlay, scene, palette)
    },
  }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('This browser has no 2D canvas')
  return context
}
