import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { build, type Rolldown } from 'vite'

/** Where the exporter puts the data; main/timeline/export/html-pack.ts says the same. */
const MARK = '/*raft-workbench-data*/'
const DATA_ID = 'timeline-data'

/**
 * Builds the page that an HTML export is put into, `offline.html` in `outDir`: the window over an offline host, everything
 * in one file. Its policy allows exactly this script and this style, and no request at all.
 */
export async function buildOfflinePage(root: string, outDir: string): Promise<void> {
  const built = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    plugins: [vue()],
    publicDir: false,
    build: {
      write: false,
      minify: true,
      cssMinify: true,
      cssCodeSplit: false,
      assetsInlineLimit: () => true,
      modulePreload: false,
      rolldownOptions: {
        input: resolve(root, 'main/offline/index.ts'),
        output: { format: 'es', codeSplitting: false },
      },
    },
  })
  const output = (Array.isArray(built) ? built : [built]).flatMap((one) => ('output' in one ? one.output : []))
  await mkdir(outDir, { recursive: true })
  await writeFile(join(outDir, 'offline.html'), page(scriptOf(output), styleOf(output)))
}

type Output = readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[]

function scriptOf(output: Output): string {
  const chunks = output.filter((file) => file.type === 'chunk')
  const [chunk] = chunks
  if (chunk === undefined || chunks.length > 1) throw new Error(`the page has ${chunks.length} scripts, not one`)
  // What would end the element may only stand in texts, where this means the same.
  return chunk.code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')
}

function styleOf(output: Output): string {
  const text = output
    .filter((file) => file.type === 'asset')
    .filter(({ fileName }) => fileName.endsWith('.css'))
    .map(({ source }) => String(source))
    .join('\n')
  if (text === '' || text.includes('</style')) throw new Error('the page has no style that can stand in it')
  return text
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

function page(script: string, style: string): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    'img-src data:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return `<!doctype html>
<html lang="en" data-theme="dark" data-offline>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<meta name="generator" content="Raft Workbench">
<title>Raft Workbench</title>
<style>${style}</style>
</head>
<body>
<div id="app"></div>
<script type="text/plain" id="${DATA_ID}">${MARK}</script>
<script type="module">${script}</script>
</body>
</html>
`
}
