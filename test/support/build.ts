/**
 * The built programs for tests that start real processes. After `npm test` or `npm run build` they are those of
 * `out/main`; while sources change, only the programs that run by themselves are bundled, quickly, into `out/test`,
 * under a name made from the sources' times, so that test files may run at the same time as other edits and builds.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { build } from 'vite'
import { nodeProgram, zooProgram } from '../../.ci/node-program'

export const root = resolve(import.meta.dirname, '../..')
const out = join(root, 'out')

export interface BuiltPrograms {
  /** The directory that holds the programs. */
  readonly directory: string
  readonly node: string
  readonly warden: string
  readonly recorder: string
  readonly judge: string
}

const ENTRIES = {
  warden: 'main/cluster/warden/index.ts',
  recorder: 'main/timeline/recorder/worker.ts',
  judge: 'main/workbench/verdicts/live/program.ts',
} as const
/** What the programs are made of, and what the whole product is made of. */
const PROGRAM_BUILDING = ['.ci/node-program.ts', 'package-lock.json']
const PROGRAM_SOURCES = [
  ...['raft', 'node', 'cluster', 'timeline', 'checks', 'zoo', 'workbench'].map((room) => `main/${room}`),
  'preload/contract',
  ...PROGRAM_BUILDING,
]
const BUILDING = ['electron.vite.config.ts', '.ci/offline-page.ts', 'package.json', ...PROGRAM_BUILDING]
const ALL_SOURCES = ['main', 'preload', 'renderer', ...BUILDING]

const ONE_DAY_MS = 24 * 3600_000

/** The files under a path of the repository, with the time of their last change. */
function* files(path: string): Generator<{ readonly path: string; readonly time: number }> {
  const stats = statSync(join(root, path), { throwIfNoEntry: false })
  if (stats === undefined) return
  if (!stats.isDirectory()) yield { path, time: stats.mtimeMs }
  else for (const name of readdirSync(join(root, path)).sort()) yield* files(join(path, name))
}

function isNewerThanSources(stamp: string): boolean {
  const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0
  for (const path of ALL_SOURCES) for (const file of files(path)) if (file.time > built) return false
  return built > 0
}

function programsIn(directory: string): BuiltPrograms {
  const at = (name: string) => join(directory, `${name}.js`)
  const node = join(directory, 'node.cjs')
  return { directory, node, warden: at('warden'), recorder: at('recorder'), judge: at('judge') }
}

/** The programs, built from the sources as they are now. */
export async function ensureBuilt(): Promise<BuiltPrograms> {
  if (isNewerThanSources(join(out, '.built'))) return programsIn(join(out, 'main'))
  return programsIn(
    await bundled(ENTRIES, async (directory) => {
      await build(nodeProgram(root, directory))
      await build(zooProgram(root, directory))
    }),
  )
}

/** A TypeScript program of the tests' own (a path in the repository), bundled so that plain Node runs it. */
export async function ensureScript(path: string): Promise<string> {
  return join(await bundled({ script: path }), 'script.js')
}

/** A directory with these programs, bundled unless that was done for the very same sources before; `more` adds to it. */
async function bundled(
  entries: Readonly<Record<string, string>>,
  more?: (directory: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(entries))
  for (const path of [...PROGRAM_SOURCES, ...Object.values(entries)]) {
    for (const file of files(path)) hash.update(`${file.path} ${file.time}\n`)
  }
  const parent = join(out, 'test')
  const directory = join(parent, hash.digest('hex').slice(0, 12))
  if (existsSync(directory)) return directory
  mkdirSync(parent, { recursive: true })
  forgetOld(parent)
  const half = mkdtempSync(join(parent, '.half-'))
  await bundle(entries, half)
  await more?.(half)
  try {
    renameSync(half, directory)
  } catch (error) {
    // Another worker was quicker, with the same result.
    rmSync(half, { recursive: true, force: true })
    if (!existsSync(directory)) throw error
  }
  return directory
}

async function bundle(entries: Readonly<Record<string, string>>, directory: string): Promise<void> {
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    // As in the product: programs start sooner when they need not read zod's many files.
    ssr: { noExternal: ['zod'] },
    build: {
      ssr: true,
      target: 'node24',
      outDir: directory,
      emptyOutDir: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, path)])),
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  })
}

function forgetOld(parent: string): void {
  for (const name of readdirSync(parent)) {
    const path = join(parent, name)
    if (Date.now() - statSync(path).mtimeMs > ONE_DAY_MS) rmSync(path, { recursive: true, force: true })
  }
}

/** Builds the whole product into `out/` when a source is newer than the last build. Returns `out/`. */
export function ensureWholeBuild(): string {
  const stamp = join(out, '.built')
  if (isNewerThanSources(stamp)) return out
  // The project's own script keeps the stamp; it ends with an error message and a status when the build fails.
  const script = `import('./.ci/setup.mjs').then(({ ensureBuilt }) => ensureBuilt())`
  const bin = join(root, 'node_modules', '.bin')
  const result = spawnSync(process.execPath, ['-e', script], {
    cwd: root,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (result.status !== 0) throw new Error('The build failed: see its messages above.')
  return out
}
