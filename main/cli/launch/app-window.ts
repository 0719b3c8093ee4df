import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import { sandboxArguments } from './display'

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
]
const PLACES: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
}

/** An installed Chromium, Chrome or Edge; `CHROMIUM` names one outright. */
export function findBrowser(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const inPath = (env.PATH ?? '').split(delimiter).filter(Boolean)
  const byName = NAMES.flatMap((name) => inPath.map((folder) => join(folder, name)))
  const candidates = [env.CHROMIUM, ...(PLACES[platform] ?? []), ...(platform === 'win32' ? [] : byName)]
  return candidates.find((path) => path !== undefined && existsSync(path))
}

export function browserName(path: string): string {
  const name = basename(path).toLowerCase()
  if (name.includes('edge')) return 'Edge'
  return name.includes('chrome') && !name.includes('chromium') ? 'Chrome' : 'Chromium'
}

export interface AppWindow {
  /** Resolves when the browser has ended: closed by the person, or never really started. */
  readonly ended: Promise<void>
  /** Ends the browser and removes its profile. */
  close(): Promise<void>
}

/** Shows an address in a window of its own, without tabs, with a fresh profile that is removed afterwards. */
export function openAppWindow(browser: string, address: string): AppWindow {
  const profile = mkdtempSync(join(tmpdir(), 'raft-workbench-window-'))
  const child = spawn(
    browser,
    [
      `--app=${address}`,
      `--user-data-dir=${profile}`,
      '--window-size=1440,900',
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...sandboxArguments(),
    ],
    // In a group of its own, so that all of its processes can be ended; Ctrl-C reaches it through us.
    { stdio: 'ignore', detached: process.platform !== 'win32' },
  )
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
  const signal = (name: NodeJS.Signals): void => {
    try {
      if (child.pid === undefined) return
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, name)
    } catch {
      // Gone already.
    }
  }
  return {
    ended,
    async close() {
      signal('SIGTERM')
      const late = setTimeout(() => signal('SIGKILL'), 3_000)
      await ended
      clearTimeout(late)
      // Helpers of the browser may outlive it by a moment and write once more.
      signal('SIGKILL')
      await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}
