/**
 * The diagram as a PNG file, at two pixels per CSS pixel: the SVG, rasterized with the workbench's own fonts in a thread of
 * its own, because a large picture takes seconds and everybody else goes on meanwhile.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { ResvgRenderOptions } from '@resvg/resvg-wasm'
import type { Exporter } from '../exporter'
import { fontsFor } from './fonts'
import { drawTimeline } from './picture'

const SCALE = 2

/** What the thread is given; `module` and `program` are the rasterizer's two halves. */
interface Work {
  readonly svg: string
  readonly options: ResvgRenderOptions
  readonly module: string
  readonly program: Uint8Array
}

/** All that the thread does: too little for a program that would be built, and found, by itself. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads')
const { svg, options, module: path, program } = workerData
const { initWasm, Resvg } = require(path)
void initWasm(program).then(() => parentPort.postMessage(new Resvg(svg, options).render().asPng()))
`

/** @param svg what {@link drawTimeline} wrote */
async function rasterize(svg: string, signal: AbortSignal): Promise<Uint8Array> {
  const require = createRequire(import.meta.url)
  const [fonts, program] = await Promise.all([
    fontsFor(svg),
    readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')),
  ])
  signal.throwIfAborted()
  const work: Work = {
    svg,
    options: {
      fitTo: { mode: 'zoom', value: SCALE },
      font: {
        fontBuffers: fonts,
        defaultFontFamily: 'Inter',
        sansSerifFamily: 'Inter',
        monospaceFamily: 'JetBrains Mono',
      },
    },
    module: require.resolve('@resvg/resvg-wasm'),
    program,
  }
  const thread = new Worker(THREAD, { eval: true, workerData: work })
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      thread.once('message', resolve)
      thread.once('error', reject)
      thread.once('exit', (status) => reject(new Error(`the thread that draws ended with ${status}`)))
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
  } finally {
    await thread.terminate()
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
    await write(await rasterize(svg, wish.signal))
    return exported
  },
}
