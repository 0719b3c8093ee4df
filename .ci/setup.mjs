/**
 * What `npm start` and `npm test` need before anything else can run. Plain Node 20, no packages: this is what installs
 * them.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')
const bin = join(root, 'node_modules', '.bin')
export const windows = process.platform === 'win32'

/** The Node that programs run on: the one from the lockfile where there is one for this machine, else this one. */
export function nodeProgram() {
  const packaged = join(bin, windows ? 'node.exe' : 'node')
  return existsSync(packaged) ? packaged : process.execPath
}

/** Environment in which the project's own tools, and the project's Node, come first. */
export function toolEnvironment(extra = {}) {
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, ...extra }
}

/** Runs a program with its output shown; answers its exit status. */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    env: toolEnvironment(),
    shell: windows,
    ...options,
  })
  if (result.error) throw result.error
  return result.status ?? 1
}

function newest(path) {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) return 0
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
}

/** `npm ci` empties node_modules before it installs: behind a link that is somebody else's directory. */
function refuseLink(path) {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return
  const target = existsSync(path) ? realpathSync(path) : 'nothing'
  console.error(
    `${path} is a link to ${target}, and its packages are not those of package-lock.json. Installing would empty what ` +
      'it points to. Remove the link (the packages are installed here then), or bring its target up to date yourself.',
  )
  process.exit(3)
}

/** Installs what the lockfile names, when that has not been done for this very lockfile yet. */
export function ensureDependencies() {
  const stamp = join(root, 'node_modules', '.package-lock.json')
  if (newest(stamp) >= newest(join(root, 'package-lock.json'))) return
  refuseLink(join(root, 'node_modules'))
  console.error('Installing the packages of package-lock.json (once)…')
  const status = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { env: process.env })
  if (status !== 0) {
    console.error('npm ci failed: see its message above; is the package registry reachable?')
    process.exit(3)
  }
  // npm keeps the lockfile's own time; the stamp must be newer to be recognised next time.
  const now = new Date()
  writeFileSync(join(root, 'node_modules', '.installed'), now.toISOString())
  run(process.execPath, ['-e', `require('fs').utimesSync(${JSON.stringify(stamp)}, new Date(), new Date())`])
}

const BUILDING = [
  'electron.vite.config.ts',
  '.ci/node-program.ts',
  '.ci/offline-page.ts',
  'package.json',
  'package-lock.json',
]
const SOURCES = ['main', 'preload', 'renderer', ...BUILDING]

/** Builds `out/` when a source is newer than the last build. */
export function ensureBuilt() {
  const stamp = join(root, 'out', '.built')
  const sources = Math.max(...SOURCES.map((path) => newest(join(root, path))))
  if (newest(stamp) >= sources) return
  console.error('Building…')
  const status = run('electron-vite', ['build', '--logLevel', 'warn'])
  if (status !== 0) {
    console.error('The build failed: see the message above.')
    process.exit(3)
  }
  mkdirSync(join(root, 'out'), { recursive: true })
  writeFileSync(stamp, new Date().toISOString())
}

const BROWSERS = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/microsoft-edge'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
}

/** An installed Chromium, Chrome or Edge (`CHROMIUM` names one outright); undefined when there is none. */
export function findBrowser() {
  const candidates = [process.env.CHROMIUM, ...(BROWSERS[process.platform] ?? [])]
  return candidates.find((path) => path && existsSync(path))
}

/** For the tests: a browser, installed by apt where that is possible; else says exactly what to install, and ends. */
export function ensureBrowser() {
  const found = findBrowser()
  if (found) return found
  const mayInstall = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (mayInstall) {
    console.error('Installing Chromium by apt (once)…')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    run('apt-get', ['update', '-qq'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    const packages = ['chromium', 'fonts-noto-cjk']
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const installed = findBrowser()
    if (installed) return installed
  }
  console.error(
    'The tests need a Chromium. Install one (Debian and Ubuntu, as root: apt-get install chromium; macOS: brew install ' +
      '--cask chromium) or set CHROMIUM to the path of an installed Chromium, Chrome or Edge.',
  )
  process.exit(2)
}

/**
 * Runs the built command line in this process's place: its signals go there, its status comes back. npm starts scripts
 * through a shell that passes no signal on; when that shell is gone, the program is asked to end, too.
 */
export function becomeCommandLine(args) {
  const child = spawn(nodeProgram(), [join(root, 'out', 'main', 'cli.js'), ...args], {
    stdio: 'inherit',
    // A person types paths relative to where they stand, not to the project.
    cwd: process.env.INIT_CWD ?? process.cwd(),
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    child.kill('SIGTERM')
  }, 250)
  child.on('exit', (code, signal) => {
    clearInterval(watch)
    process.exitCode = code ?? (signal ? 3 : 0)
  })
}
