/** The diagram as a PNG file, at two pixels per CSS pixel: the SVG, rasterized with the workbench's own fonts. */

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import type { Exporter } from '../exporter'
import { fontsFor } from './fonts'
import { drawTimeline } from './picture'

const SCALE = 2

/** Its program is read once, and only when a PNG is wanted. */
let ready: Promise<void> | undefined
function rasterizer(): Promise<void> {
  ready ??= readFile(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')).then((program) =>
    initWasm(program),
  )
  return ready
}

/** @param svg what {@link drawTimeline} wrote */
async function rasterize(svg: string): Promise<Uint8Array> {
  const [fonts] = await Promise.all([fontsFor(svg), rasterizer()])
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: SCALE },
    font: {
      fontBuffers: fonts,
      defaultFontFamily: 'Inter',
      sansSerifFamily: 'Inter',
      monospaceFamily: 'JetBrains Mono',
    },
  })
  try {
    const image = resvg.render()
    try {
      return image.asPng()
    } finally {
      image.free()
    }
  } finally {
    resvg.free()
  }
}

export const pngExporter: Exporter = {
  format: 'png',
  extension: 'png',
  mediaType: 'image/png',
  async write(source, wish, write) {
    // The font that comes along has one weight: bold is drawn as an outline.
    const { svg, exported } = await drawTimeline(source, wish, { boldByOutline: true })
    wish.signal.throwIfAborted()
    await write(await rasterize(svg))
    return exported
  },
}
