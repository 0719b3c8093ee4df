import { readFileSync, writeFileSync } from 'node:fs'
import { type BrowserWindow, screen } from 'electron'
import { z } from 'zod'

z.config({ jitless: true })

const boundsSchema = z.object({
  version: z.literal(1),
  x: z.number(),
  y: z.number(),
  width: z.number().min(320),
  height: z.number().min(240),
  maximized: z.boolean(),
})
type Bounds = z.infer<typeof boundsSchema>

const DEFAULT_SIZE = { width: 1440, height: 900 }

/** Where the window was last; a place on a screen that is not there any more is forgotten. */
export function rememberedBounds(path: string): Partial<Omit<Bounds, 'version'>> {
  try {
    const { x, y, width, height, maximized } = boundsSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
    const visible = screen.getAllDisplays().some(({ workArea: area }) => {
      const middle = x + width / 2
      return middle > area.x && middle < area.x + area.width && y >= area.y - 20 && y < area.y + area.height - 40
    })
    return visible ? { x, y, width, height, maximized } : { width, height, maximized }
  } catch {
    return DEFAULT_SIZE
  }
}

/** Writes down where the window is each time it comes to rest, and when it closes. */
export function rememberBounds(window: BrowserWindow, path: string): void {
  let timer: NodeJS.Timeout | undefined
  const save = (): void => {
    clearTimeout(timer)
    const bounds: Bounds = { version: 1, ...window.getNormalBounds(), maximized: window.isMaximized() }
    try {
      writeFileSync(path, `${JSON.stringify(bounds)}\n`)
    } catch {
      // The place of a window is not worth a message; a home that can't be written says so elsewhere.
    }
  }
  const later = (): void => {
    clearTimeout(timer)
    timer = setTimeout(save, 500)
  }
  window.on('resize', later)
  window.on('move', later)
  window.on('close', save)
}
