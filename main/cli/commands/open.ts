import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { DEFAULT_NODES } from '../../workbench'
import { Ending } from '../ending'
import { type Hosting, host, type Places } from '../hosting'
import { browserName, findBrowser, openAppWindow } from '../launch/app-window'
import { hasDisplay, sandboxArguments } from '../launch/display'
import { findElectron } from '../launch/electron-binary'
import { EXIT, type Terminal } from '../terminal'

export interface OpenOptions {
  readonly home: string
  readonly port?: number
  readonly recording?: string
}

/** An Electron that ends this soon with trouble did not start (a library is missing, the display refuses). */
const STARTED_MILLIS = 5_000

/**
 * Opens the workbench the best way that this machine has: Electron, a window of an installed browser, or an address.
 * Says which, and why, in one line.
 */
export async function open(options: OpenOptions, places: Places, terminal: Terminal): Promise<number> {
  const { texts } = terminal
  if (!hasDisplay()) return serveAddress(options, places, terminal, texts.noDisplay)
  const electron = await findElectron(places.app, texts, terminal.say)
  let why: string
  if ('path' in electron) {
    terminal.say(texts.inElectron())
    const ended = await runElectron(electron.path, options, places)
    if (ended.started) return ended.status
    why = texts.electronFailed(ended.reason)
  } else {
    why = electron.missing
  }
  const browser = findBrowser()
  if (browser === undefined) return serveAddress(options, places, terminal, texts.noBrowser)
  return showWindow(browser, why, options, places, terminal)
}

type ElectronEnd =
  | { readonly started: true; readonly status: number }
  | { readonly started: false; readonly reason: string }

async function runElectron(binary: string, { home, recording }: OpenOptions, places: Places): Promise<ElectronEnd> {
  const wish = recording === undefined ? '--resume' : `--open=${resolve(recording)}`
  const began = Date.now()
  const child = spawn(binary, [...sandboxArguments(), places.app, `--home=${home}`, wish], { stdio: 'inherit' })
  const pass = (signal: NodeJS.Signals): void => {
    child.kill(signal)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, pass)
  try {
    const [status, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    if (status === 0) return { started: true, status: EXIT.ok }
    if (Date.now() - began > STARTED_MILLIS) return { started: true, status: EXIT.broken }
    return { started: false, reason: signal ?? String(status) }
  } catch (trouble) {
    return { started: false, reason: trouble instanceof Error ? trouble.message : String(trouble) }
  } finally {
    for (const signal of signals) process.off(signal, pass)
  }
}

async function serveAddress(options: OpenOptions, places: Places, terminal: Terminal, why: string): Promise<number> {
  return hosted(options, places, terminal, async (hosting, ending) => {
    terminal.say(terminal.texts.asAddress(why))
    terminal.print(hosting.browser.address)
    await begin(hosting, options)
    await ending.wait()
  })
}

async function showWindow(
  browser: string,
  why: string,
  options: OpenOptions,
  places: Places,
  terminal: Terminal,
): Promise<number> {
  const { texts } = terminal
  return hosted(options, places, terminal, async (hosting, ending) => {
    const name = browserName(browser)
    terminal.say(texts.inBrowser(name, why))
    const began = Date.now()
    const window = openAppWindow(places.cli, browser, hosting.browser.invite())
    try {
      const beginning = begin(hosting, options)
      await Promise.race([window.ended, ending.wait()])
      await beginning
      if (!ending.signal.aborted && Date.now() - began < STARTED_MILLIS && !hosting.browser.visited) {
        terminal.say(texts.asAddress(texts.browserFailed(name)))
        terminal.print(hosting.browser.address)
        await ending.wait()
      }
    } finally {
      await window.close()
    }
  })
}

/** Shows what was asked for; without a wish what a person left, or a first cluster. */
async function begin({ workbench }: Hosting, { recording }: OpenOptions): Promise<void> {
  if (recording === undefined) return workbench.resume({ nodes: DEFAULT_NODES, exactly: false })
  await workbench.openRecording(resolve(recording))
}

async function hosted(
  options: OpenOptions,
  places: Places,
  terminal: Terminal,
  work: (hosting: Hosting, ending: Ending) => Promise<void>,
): Promise<number> {
  const ending = new Ending()
  try {
    const hosting = await host(options, places, terminal)
    try {
      await work(hosting, ending)
      terminal.say(terminal.texts.closing)
      return EXIT.ok
    } finally {
      await hosting.close()
    }
  } finally {
    ending.release()
  }
}
