import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { InlineConfig, Plugin } from 'vite'
import { BUGS } from '../main/zoo/bugs'
import { weave } from '../main/zoo/weave'

/**
 * How a node process is bundled: as one CommonJS file with everything it needs. Of all ways to make a Node program it
 * starts soonest (docs/performance.md), and many are started at once. `root`: of the repository; the file is `node.cjs` in `outDir`.
 */
export function nodeProgram(root: string, outDir: string): InlineConfig {
  return program(root, outDir, 'node', [])
}

/** The same node with every bug of the zoo in it, each behind its switch: `node-zoo.cjs`. */
export function zooProgram(root: string, outDir: string): InlineConfig {
  return program(root, outDir, 'node-zoo', [zoo(root)])
}

function program(root: string, outDir: string, name: string, plugins: Plugin[]): InlineConfig {
  return {
    configFile: false,
    root,
    logLevel: 'warn',
    plugins: [localSocketsOnly, ...plugins],
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20',
      outDir,
      emptyOutDir: false,
      rolldownOptions: {
        input: { [name]: resolve(root, 'main/node/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  }
}

/** node-ipc can speak over networks too and loads TLS and UDP for that, which takes as long as a third of this program. */
const localSocketsOnly: Plugin = {
  name: 'local-sockets-only',
  enforce: 'pre',
  resolveId: (id, importer) => {
    // Of node:util it wants one function, for a log that is silent here; all of it loads colours, differences and text codecs.
    const isUnused = id === 'node:tls' || id === 'node:dgram' || (id === 'node:util' && /node-ipc/.test(importer ?? ''))
    return isUnused ? `\0unused:${id}` : undefined
  },
  load: (id) => (id.startsWith('\0unused:') ? 'export default { inspect: String }' : undefined),
}

function zoo(root: string): Plugin {
  const main = resolve(root, 'main')
  const wanted = new Set(BUGS.flatMap(({ places }) => places.map(({ file }) => file)))
  return {
    name: 'zoo',
    enforce: 'pre',
    load(id) {
      const path = id.replace(/\?.*$/, '')
      const file = relative(main, path).replaceAll('\\', '/')
      if (!wanted.delete(file)) return undefined
      const woven = weave(file, readFileSync(path, 'utf8').replaceAll('\r\n', '\n'), BUGS)
      const place = JSON.stringify(resolve(main, 'zoo/switch.ts'))
      return `import { zoo } from ${place}\n${woven}`
    },
    buildEnd(error) {
      if (error !== undefined || wanted.size === 0) return
      this.error(`zoo: the node program does not have ${[...wanted].join(', ')} any more: see main/zoo/bugs`)
    },
  }
}
