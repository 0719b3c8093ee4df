// `BrowserWindow` and the lookup of `webContents`.
import { EventEmitter } from 'node:events'
import { app } from './app.mjs'
import { WebContents } from './contents.mjs'

export class BrowserWindow extends EventEmitter {
  static getAllWindows() {
    return [...app.windows]
  }

  static fromWebContents(contents) {
    return BrowserWindow.getAllWindows().find((window) => window.webContents === contents) ?? null
  }

  static getFocusedWindow() {
    return BrowserWindow.getAllWindows()[0] ?? null
  }

  webContents
  #bounds
  #visible
  #maximized = false
  #closed = false
  #opened

  constructor({ x = 0, y = 0, width = 800, height = 600, show = true, webPreferences = {} } = {}) {
    super()
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
    this.#bounds = { x, y, width, height }
    this.#visible = show
    app.windows.add(this)
    this.webContents = new WebContents(this)
    this.#opened = this.webContents.open(webPreferences, { width, height })
    this.#opened.catch((trouble) => process.stderr.write(`${trouble.stack}\n`))
  }

  async loadURL(address) {
    await this.#opened
    await this.webContents.load(address)
    this.emit('ready-to-show')
  }

  show() {
    this.#visible = true
    this.emit('show')
  }

  isVisible() {
    return this.#visible
  }

  focus() {}

  isMinimized() {
    return false
  }

  restore() {}

  maximize() {
    this.#maximized = true
  }

  isMaximized() {
    return this.#maximized
  }

  getBounds() {
    return { ...this.#bounds }
  }

  getNormalBounds() {
    return { ...this.#bounds }
  }

  isDestroyed() {
    return this.#closed
  }

  close() {
    let held = false
    this.emit('close', {
      preventDefault() {
        held = true
      },
    })
    if (held) return
    this.webContents.page?.close().catch(() => undefined)
    this.closed()
  }

  /** The page is gone, by us or by somebody else. */
  closed() {
    if (this.#closed) return
    this.#closed = true
    this.webContents.destroyed()
    app.windows.delete(this)
    this.emit('closed')
    if (app.windows.size > 0) return
    setImmediate(() => {
      if (app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed')
      else app.quit()
    })
  }
}

export const webContents = {
  getAllWebContents: () => BrowserWindow.getAllWindows().map((window) => window.webContents),
  fromId: (id) => webContents.getAllWebContents().find((contents) => contents.id === id),
  fromDevToolsTargetId: (id) => webContents.getAllWebContents().find((contents) => contents.targetId === id),
}
