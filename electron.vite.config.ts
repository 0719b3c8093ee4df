import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { build, type Plugin } from 'vite'
import { nodeProgram, zooProgram } from './.ci/node-program'
import { buildOfflinePage } from './.ci/offline-page'

const at = (path: string) => resolve(import.meta.dirname, path)

const nodeBuild: Plugin = {
  name: 'node-program',
  closeBundle: async () => {
    await build(nodeProgram(import.meta.dirname, at('out/main')))
    await build(zooProgram(import.meta.dirname, at('out/main')))
  },
}

/** What an HTML export is put into. */
const offlinePageBuild: Plugin = {
  name: 'offline-page',
  closeBundle: () => buildOfflinePage(import.meta.dirname, at('out/main')),
}

/**
 * Seven programs come out of `main/`: the Electron shell, one node process, the same with bugs for the zoo, the warden that outlives a
 * killed workbench, the worker thread of the recorder, the process that judges, and the headless command line (which also holds the browser host).
 */
export default defineConfig({
  main: {
    plugins: [nodeBuild, offlinePageBuild],
    build: {
      // A program starts sooner when it need not read zod's many files.
      externalizeDeps: { exclude: ['zod'] },
      rolldownOptions: {
        input: {
          index: at('main/index.ts'),
          warden: at('main/cluster/warden/index.ts'),
          recorder: at('main/timeline/recorder/worker.ts'),
          judge: at('main/workbench/verdicts/live/program.ts'),
          cli: at('main/cli/index.ts'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      isolatedEntries: false,
      rolldownOptions: {
        input: { index: at('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [vue()],
    build: { rolldownOptions: { input: { index: at('renderer/index.html') } } },
  },
})
