import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import { sandboxArguments } from './display'
import { KEEP_WINDOW } from './window-keeper'

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

/**
 * Shows an address in a window of its own, without tabs, with a fresh profile that is removed afterwards, also when this
 * process is killed.
 * @param program the built command line, which keeps the window
 */
export function openAppWindow(program: string, browser: string, address: string): AppWindow {
  const profile = mkdtempSync(join(tmpdir(), 'raft-workbench-window-'))
  const args = [
    `--app=${address}`,
    `--user-data-dir=${profile}`,
    '--window-size=1440,900',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    ...sandboxArguments(),
  ]
  const keeper = spawn(process.execPath, [program, KEEP_WINDOW, profile, browser, ...args], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  // It may be gone before it is told to end.
  keeper.stdin.on('error', () => undefined)
  const ended = new Promise<void>((resolve) => {
    keeper.once('error', () => resolve())
    keeper.once('exit', () => resolve())
  })
  return {
    ended,
    async close() {
      keeper.stdin.end()
      await ended
      await rm(profile, { recursive: true, force: true })
    },
  }
}
