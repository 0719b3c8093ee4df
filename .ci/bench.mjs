/**
 * `npm run bench [-- SUITE...] [--json] [--runs N] [--quick]`: bundles the bench and runs it on the built programs, in
 * the Node that the project runs on. See docs/performance.md.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt, ensureDependencies, nodeProgram, root } from './setup.mjs'

ensureDependencies()
ensureBuilt()
const { build } = await import('vite')

const parent = join(root, 'out', 'bench')
mkdirSync(parent, { recursive: true })
const bundle = mkdtempSync(join(parent, 'run-'))
process.on('exit', () => rmSync(bundle, { recursive: true, force: true }))
await build({
  configFile: false,
  root,
  logLevel: 'error',
  build: {
    ssr: true,
    target: 'node24',
    outDir: bundle,
    emptyOutDir: false,
    rolldownOptions: {
      input: {
        bench: join(root, 'test/bench/main.ts'),
        driver: join(root, 'test/bench/load/driver.ts'),
        'idle-server': join(root, 'test/bench/load/idle-server.ts'),
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
})

const program = [join(bundle, 'bench.js'), join(root, 'out', 'main')]
const child = spawn(nodeProgram(), [...program, ...process.argv.slice(2)], { stdio: 'inherit' })
// The child ends what it started before it ends itself; so the signals, and the end of npm's shell, are passed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
const shell = process.ppid
const watch = setInterval(() => {
  if (process.ppid === shell) return
  clearInterval(watch)
  child.kill('SIGTERM')
}, 250)
child.on('exit', (code, signal) => {
  clearInterval(watch)
  process.exitCode = code ?? (signal ? 3 : 0)
})
