/**
 * One way to start the product for every spec: as a browser tab on the browser host, or as the Electron shell. Each
 * test gets its own empty home, and must leave no process and no socket behind.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, test as base, chromium, _electron as electron, expect, type Page } from '@playwright/test'
import { Window } from './window'

const root = resolve(import.meta.dirname, '../..')
const nodeProgram = join(root, 'node_modules/.bin/node')
const chromiumProgram = process.env.CHROMIUM ?? '/usr/bin/chromium'
const standIn = join(root, 'test/electron-standin/dist')

export type ShellKind = 'browser' | 'electron'

export interface Shell {
  readonly kind: ShellKind
  readonly home: string
  readonly window: Window
  /** What the next save goes to: a dialog's answer in Electron, a download in a browser. Answers the file's text. */
  save(act: () => Promise<void>): Promise<string>
  /** A second look at the same workbench; only the browser host has several windows. */
  secondWindow?(): Promise<Page>
  /** Browser host: SIGKILL while the tab stays open. */
  killHost?(): Promise<void>
  /** Electron: what the next dialog answers. */
  answerOpenDialog?(path: string): Promise<void>
  answerSaveDialog?(path: string): Promise<void>
  close(): Promise<void>
}

/** Whether things move on the page: `reduce` is what somebody's system asks for who does not want that. */
type Motion = 'reduce' | 'no-preference'

async function startBrowser(browser: Browser, home: string, motion: Motion): Promise<Shell> {
  const server = spawn(nodeProgram, ['out/main/cli.js', 'serve', '--port', '0', '--home', home], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const address = await firstAddress(server)
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    acceptDownloads: true,
    reducedMotion: motion,
  })
  const page = await context.newPage()
  await page.goto(address)
  const endHost = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const gone = new Promise((done) => server.once('exit', done))
    server.kill(signal)
    await gone
  }
  return {
    kind: 'browser',
    killHost: () => endHost('SIGKILL'),
    home,
    window: new Window(page),
    async save(act) {
      const waiting = page.waitForEvent('download')
      await act()
      const path = await (await waiting).path()
      return readFileSync(path, 'utf8')
    },
    async secondWindow() {
      const other = await context.newPage()
      await other.goto(address)
      return other
    },
    async close() {
      await context.close()
      await endHost('SIGTERM')
    },
  }
}

function firstAddress(server: ChildProcess): Promise<string> {
  return new Promise((resolveAddress, reject) => {
    let said = ''
    const look = (line: string): void => {
      said += `${line}\n`
      const address = /https?:\/\/\S+token=\S+/.exec(line)?.[0]
      if (address) resolveAddress(address)
    }
    for (const stream of [server.stdout, server.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', look)
    }
    server.once('exit', (code) => reject(new Error(`serve ended with ${code}:\n${said}`)))
  })
}

async function startElectron(home: string, motion: Motion): Promise<Shell> {
  const real = existsSync(join(root, 'node_modules/electron/path.txt'))
  const env: Record<string, string> = {
    ...(process.env as Record<string, string>),
    PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
    CHROMIUM: chromiumProgram,
    RAFT_WORKBENCH_HOME: home,
  }
  const standInProgram = real ? {} : { executablePath: join(standIn, 'electron') }
  const app = await electron.launch({ args: ['.'], cwd: root, env, ...standInProgram })
  const page = await app.firstWindow()
  await page.emulateMedia({ reducedMotion: motion })
  let saves = 0
  const answerSaveDialog = async (filePath: string): Promise<void> => {
    await app.evaluate(({ dialog }, path) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath: path })
    }, filePath)
  }
  return {
    kind: 'electron',
    answerSaveDialog,
    async answerOpenDialog(path) {
      await app.evaluate(({ dialog }, chosen) => {
        dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] })
      }, path)
    },
    home,
    window: new Window(page),
    async save(act) {
      const filePath = join(home, `saved-${++saves}.jsonl`)
      await answerSaveDialog(filePath)
      await act()
      await expect.poll(() => existsSync(filePath)).toBe(true)
      return readFileSync(filePath, 'utf8')
    },
    async close() {
      await app.close()
    },
  }
}

/** Process ids whose command line names this home: hosts, wardens and nodes of this test, or only what runs `program`. */
export function processesOf(home: string, program = ''): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return words.includes(home) && words.includes(program)
      } catch {
        return false
      }
    })
    .map(Number)
}

/**
 * Most specs run without motion: drawing each message on its way, without a graphics processor, takes the time of the
 * cluster that it shows. `test.use({ motion: 'no-preference' })` for those who should see it move.
 */
export const test = base.extend<{ shell: Shell; motion: Motion }, { chrome: Browser | null }>({
  motion: ['reduce', { option: true }],
  // One browser for all specs of a worker; each has its own context, with its own storage.
  chrome: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use, info) => {
      if ((info.project.metadata.shell as ShellKind) === 'electron') return await use(null)
      const browser = await chromium.launch({
        executablePath: chromiumProgram,
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
      })
      await use(browser)
      await browser.close()
    },
    { scope: 'worker' },
  ],
  shell: async ({ chrome, motion }, use) => {
    const home = mkdtempSync(join(tmpdir(), 'rw-e2e-'))
    const shell = chrome === null ? await startElectron(home, motion) : await startBrowser(chrome, home, motion)
    await expect(shell.window.page.getByTestId('state-pill')).toBeVisible()
    await use(shell)
    await shell.close()
    await expect.poll(() => processesOf(home), { message: 'no process outlives the workbench' }).toEqual([])
    rmSync(home, { recursive: true, force: true })
  },
})
export { expect }
