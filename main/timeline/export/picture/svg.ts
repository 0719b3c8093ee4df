/** The diagram as an SVG file: sharp at any size, its texts are texts. */
import type { Exporter } from '../exporter'
import { drawTimeline } from './picture'

export const svgExporter: Exporter = {
  format: 'svg',
  extension: 'svg',
  mediaType: 'image/svg+xml',
  async write(source, wish, write) {
    const { svg, exported } = await drawTimeline(source, wish)
    await write(svg)
    return exported
  },
}
