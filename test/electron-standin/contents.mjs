// `webContents`: one page of the browser, with the application's preload script in an isolated world.
import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { app } from './app.mjs'
import { context } from './chromium.mjs'
import { makeCodec } from './codec.mjs'
import { codec, receive } from './ipc.mjs'
import { isolatedWorld, mainWorld } from './page.mjs'
import { isServed, originOf, toApplication, toPage } from './schemes.mjs'
import { session } from './shell.mjs'

const WORLD = 'Electron Isolated Context'
const BINDING = '__ipc'
let lastId = 0

export class WebContents extends EventEmitter {
  id = ++lastId
  session = session.defaultSession
  page
  targetId
  #window
  #devtools
  #world
  #waiting = []
  #destroyed = false
  #openHandler = () => ({ action: 'allow' })

  constructor(window) {
    super()
    this.#window = window
  }

  /** Makes the page. Nothing of the application runs in it before `load`. */
  async open({ preload }, { width, height }) {
    const blank = context.pages().find((page) => page.url() === 'about:blank' && !WebContents.#taken.has(page))
    this.page = blank ?? (await context.newPage())
    WebContents.#taken.add(this.page)
    await this.page.setViewportSize({ width, height })
    this.#devtools = await context.newCDPSession(this.page)
    await this.#devtools.send('Page.enable')
    await this.#devtools.send('Runtime.enable')
    this.targetId = (await this.#devtools.send('Target.getTargetInfo')).targetInfo.targetId
    await this.#installBridge(preload ? readFileSync(preload, 'utf8') : '')
    await this.page.route('**/*', (route) => this.#answer(route))
    this.page.on('request', (request) => this.#noticeNavigation(request))
    this.page.on('popup', (popup) => {
      this.#openHandler({ url: popup.url() })
      popup.close().catch(() => undefined)
    })
    this.page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 }))
    this.page.on('close', () => this.#window.closed())
    app.emit('web-contents-created', {}, this)
  }

  static #taken = new WeakSet()

  async load(address) {
    await this.page.goto(toPage(address), { waitUntil: 'load' })
    this.emit('did-finish-load')
  }

  send(name, ...given) {
    this.#deliver({ kind: 'message', name, arguments: codec.encode(given) })
  }

  setWindowOpenHandler(handler) {
    this.#openHandler = handler
  }

  getURL() {
    return toApplication(this.page.url())
  }

  isDestroyed() {
    return this.#destroyed
  }

  close() {
    this.#window.close()
  }

  destroyed() {
    this.#destroyed = true
    this.emit('destroyed')
  }

  async #installBridge(preload) {
    const devtools = this.#devtools
    const channel = `bridge-${randomBytes(12).toString('hex')}`
    devtools.on('Runtime.executionContextCreated', ({ context: created }) => {
      if (created.name !== WORLD || !created.auxData?.frameId) return
      this.#world = created.id
      for (const message of this.#waiting.splice(0)) this.#deliver(message)
    })
    devtools.on('Runtime.executionContextsCleared', () => {
      this.#world = undefined
    })
    devtools.on('Runtime.bindingCalled', ({ name, executionContextId, payload }) => {
      if (name !== BINDING || executionContextId !== this.#world) return
      const url = this.getURL()
      const frame = { url, origin: originOf(url), parent: null }
      void receive(JSON.parse(payload), this, frame, (message) => this.#deliver(message))
    })
    await devtools.send('Runtime.addBinding', { name: BINDING, executionContextName: WORLD })
    const processInfo = { platform: process.platform, arch: process.arch, versions: { ...process.versions } }
    const isolated = [channel, BINDING].map((text) => JSON.stringify(text)).join(',')
    await devtools.send('Page.addScriptToEvaluateOnNewDocument', {
      source: inTopFrame(`(${mainWorld})(${JSON.stringify(channel)})`),
    })
    await devtools.send('Page.addScriptToEvaluateOnNewDocument', {
      worldName: WORLD,
      source: inTopFrame(
        `(${isolatedWorld})(${isolated},(${makeCodec})(),${JSON.stringify(preload)},${JSON.stringify(processInfo)})`,
      ),
    })
  }

  #deliver(message) {
    if (this.#destroyed) return
    if (this.#world === undefined) {
      this.#waiting.push(message)
      return
    }
    const expression = `__deliver(${JSON.stringify(message)})`
    // The page may go while this is on its way.
    this.#devtools.send('Runtime.evaluate', { contextId: this.#world, expression }).catch(() => undefined)
  }

  /** The pages of custom schemes are the application's; where else a page may go is the application's to decide. */
  async #answer(route) {
    try {
      const request = route.request()
      const isLeading = request.isNavigationRequest() && !isServed(request.url())
      if (isLeading && this.#isHeld('will-navigate', request.url())) {
        await route.abort('aborted')
        return
      }
      await route.continue()
    } catch {
      // The page was closed meanwhile.
    }
  }

  #isHeld(name, url) {
    let held = false
    this.emit(name, {
      url,
      preventDefault() {
        held = true
      },
    })
    return held
  }

  #noticeNavigation(request) {
    if (!request.isNavigationRequest() || request.frame() !== this.page.mainFrame()) return
    const url = toApplication(request.url())
    this.emit('did-start-navigation', { url, isMainFrame: true, isSameDocument: false })
  }
}

function inTopFrame(statement) {
  return `if (self === top) { ${statement} }`
}
