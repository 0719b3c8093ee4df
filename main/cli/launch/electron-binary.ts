import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import type { Texts } from '../texts'

/** A download that brings nothing for this long can't be done. */
const STALL_SECONDS = 10
const UNPACK_SECONDS = 120
const LOOK_MILLIS = 250

export type ElectronBinary = { readonly path: string } | { readonly missing: string }

/**
 * Electron's binary: where it is installed, or downloaded now by Electron's own installer. The installer gets its own
 * temporary folder, so that one can see whether anything arrives; when nothing does for ten seconds it is given up.
 * @param say told when a download begins
 */
export async function findElectron(
  app: string,
  texts: Texts,
  say: (line: string) => void,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ElectronBinary> {
  const override = env.ELECTRON_OVERRIDE_DIST_PATH
  if (override) {
    const path = join(resolve(override), installedName(undefined) ?? platformName())
    return existsSync(path) ? { path } : { missing: texts.downloadFailed(path) }
  }
  const folder = packageFolder(app)
  if (folder === undefined) return { missing: texts.downloadFailed('node_modules/electron') }
  const present = (): string | undefined => {
    const name = installedName(folder)
    const path = name && join(folder, 'dist', name)
    return path && existsSync(path) ? path : undefined
  }
  const found = present()
  if (found) return { path: found }
  if (env.ELECTRON_SKIP_BINARY_DOWNLOAD) return { missing: texts.downloadOff }
  say(texts.downloading)
  const failure = await download(join(folder, 'install.js'), texts)
  const path = present()
  return path ? { path } : { missing: failure ?? texts.downloadFailed('path.txt') }
}

function packageFolder(app: string): string | undefined {
  try {
    return dirname(createRequire(join(app, 'package.json')).resolve('electron/package.json'))
  } catch {
    return undefined
  }
}

/** The binary's path inside `dist`, as the installer wrote it down when it was done. */
function installedName(folder: string | undefined): string | undefined {
  try {
    return folder && readFileSync(join(folder, 'path.txt'), 'utf8').trim()
  } catch {
    return undefined
  }
}

function platformName(): string {
  if (process.platform === 'win32') return 'electron.exe'
  return process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron'
}

/** @returns why it failed; undefined when the installer says that it did not */
function download(installer: string, texts: Texts): Promise<string | undefined> {
  const temporary = mkdtempSync(join(tmpdir(), 'raft-workbench-electron-'))
  const child = spawn(process.execPath, [installer], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      TMPDIR: temporary,
      TEMP: temporary,
      TMP: temporary,
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
    },
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000)
  })
  return new Promise((done) => {
    let seen = 0
    let since = Date.now()
    let arrived = false
    const watch = setInterval(() => {
      const bytes = sizeOf(temporary)
      if (bytes !== seen) since = Date.now()
      if (bytes > seen) arrived = true
      seen = bytes
      // When all has arrived it is moved away and unpacked, where this can't look: that takes its time.
      const patience = arrived && bytes === 0 ? UNPACK_SECONDS : STALL_SECONDS
      if (Date.now() - since > patience * 1000) end(texts.downloadStalled(patience))
    }, LOOK_MILLIS)
    const end = (failure: string | undefined): void => {
      clearInterval(watch)
      child.removeAllListeners()
      child.kill('SIGKILL')
      rmSync(temporary, { recursive: true, force: true })
      done(failure)
    }
    child.once('error', (trouble) => end(texts.downloadFailed(trouble.message)))
    child.once('exit', (status) => end(status === 0 ? undefined : texts.downloadFailed(reasonIn(said))))
  })
}

/** The line of a stack trace that says what it was about. */
function reasonIn(said: string): string {
  const lines = said.split('\n').map((line) => line.trim())
  const line = lines.find((one) => /^\w*(Error|Exception)?\b.*: /.test(one) && !one.startsWith('at ')) ?? lines[0] ?? ''
  return line.slice(0, 160)
}

function sizeOf(path: string): number {
  try {
    const stats = statSync(path)
    if (!stats.isDirectory()) return stats.size
    return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
  } catch {
    return 0
  }
}
