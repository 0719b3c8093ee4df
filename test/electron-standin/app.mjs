// `app`: paths, readiness, the lock, and the order of quitting.
import { EventEmitter } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { removeTemporary, startBrowser, stopBrowser, temporary } from './chromium.mjs'

class App extends EventEmitter {
  isPackaged = false
  commandLine = { appendSwitch() {} }
  /** Open windows; `window.mjs` keeps it. */
  windows = new Set()
  #isReady = false
  #ready
  #paths = new Map()
  #lock

  constructor() {
    super()
    this.#ready = startBrowser().then(() => {
      this.#isReady = true
      this.emit('ready', {})
    })
    this.#ready.catch((trouble) => {
      process.stderr.write(`${trouble.stack}\n`)
      this.exit(1)
    })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => this.quit())
  }

  whenReady() {
    return this.#ready
  }

  isReady() {
    return this.#isReady
  }

  enableSandbox() {}

  getLocale() {
    const { LC_ALL, LANG } = process.env
    return (LC_ALL || LANG || 'en_US').split('.')[0].replace('_', '-')
  }

  getPath(name) {
    return this.#paths.get(name) ?? join(temporary, name)
  }

  setPath(name, path) {
    this.#paths.set(name, resolve(path))
  }

  requestSingleInstanceLock() {
    const folder = this.getPath('userData')
    const path = join(folder, 'standin.lock')
    mkdirSync(folder, { recursive: true })
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' })
    } catch {
      if (isAlive(Number(readFileSync(path, 'utf8')))) return false
      writeFileSync(path, String(process.pid))
    }
    this.#lock = path
    return true
  }

  /** `before-quit`, then the windows, then `will-quit`; each may hold it up. */
  async quit() {
    if (this.#held('before-quit')) return
    for (const window of [...this.windows]) window.close()
    if (this.windows.size > 0 || this.#held('will-quit')) return
    this.emit('quit', {}, 0)
    await stopBrowser()
    this.#end(0)
  }

  exit(status = 0) {
    stopBrowser().finally(() => this.#end(status))
  }

  #held(name) {
    let held = false
    this.emit(name, {
      preventDefault() {
        held = true
      },
    })
    return held
  }

  #end(status) {
    removeTemporary()
    if (this.#lock) rmSync(this.#lock, { force: true })
    process.exit(status)
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

export const app = new App()
