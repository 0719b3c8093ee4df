// The browser in which the application's windows are pages.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { serve } from './schemes.mjs'

const SWITCHES = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
]

/** Folder of everything temporary; gone when the application is. */
export const temporary = mkdtempSync(join(tmpdir(), 'electron-standin-'))
const profile = join(temporary, 'profile')

/** Playwright's browser context, once the application is ready. */
export let context

/** Starts the browser, and says where its debugger listens, as Electron does: Playwright waits for that line. */
export async function startBrowser() {
  context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: process.env.ELECTRON_STANDIN_HEADED !== '1',
    chromiumSandbox: false,
    viewport: null,
    args: [...SWITCHES, `--host-resolver-rules=MAP *.localhost 127.0.0.1:${await serve()}`],
    // Signals are for the application, which then quits in its own order.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
  const [port, path] = await debuggerAddress()
  process.stderr.write(`DevTools listening on ws://127.0.0.1:${port}${path}\n`)
}

/** Port and path, two lines of a file that may be there before they are in it. */
async function debuggerAddress() {
  const file = join(profile, 'DevToolsActivePort')
  for (;;) {
    const [port, path] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
    if (path) return [port, path]
    await sleep(10)
  }
}

/** Ends the browser and removes everything temporary. */
export async function stopBrowser() {
  await Promise.race([context?.close(), sleep(3_000)]).catch(() => undefined)
  removeTemporary()
}

export function removeTemporary() {
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}
