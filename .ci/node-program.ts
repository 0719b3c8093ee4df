import { resolve } from 'node:path'
import type { InlineConfig } from 'vite'

/**
 * How a node process is bundled: as one CommonJS file with everything it needs. Of all ways to make a Node program it
 * starts soonest (docs/performance.md), and many are started at once. `root`: of the repository; the file is `node.cjs` in `outDir`.
 */
export function nodeProgram(root: string, outDir: string): InlineConfig {
  return {
    configFile: false,
    root,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20',
      outDir,
      emptyOutDir: false,
      rolldownOptions: {
        input: { node: resolve(root, 'main/node/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  }
}
