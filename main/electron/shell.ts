import { join } from 'node:path'
import { app, BrowserWindow, dialog } from 'electron'
import log from 'electron-log/node'
import { createWorkbench, DEFAULT_NODES, type Programs, type Workbench } from '../workbench'
import { homeDirectory } from '../workbench/home'
import { parseArguments } from './arguments'
import { rememberBounds, rememberedBounds } from './bounds'
import { Gateway } from './gateway'
import { keepMenu } from './menu'
import { declareScheme, START, serveScheme } from './scheme'
import { lockDown } from './security'
import { electronServices, keepLog } from './services'
import { wordsOf } from './words'

export interface ShellOptions {
  /** Folder of the built window. */
  readonly pages: string
  /** The built preload script. */
  readonly preload: string
  readonly programs: Programs
  readonly version: string
}

/** Runs the desktop application until it is quit. */
export function startShell(options: ShellOptions): void {
  const wish = parseArguments(process.argv)
  const home = homeDirectory(wish.home)
  // Cookies, caches and the instance lock belong to the home: two homes are two applications.
  app.setPath('userData', join(home, 'electron'))
  keepLog(home)
  declareScheme()
  app.enableSandbox()
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }

  let window: BrowserWindow | undefined
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })

  const run = async (): Promise<void> => {
    await app.whenReady()
    lockDown()
    serveScheme(options.pages)
    let workbench: Workbench | undefined
    const words = () => wordsOf(workbench?.language() ?? 'en')
    workbench = await createWorkbench({
      home,
      host: electronServices(() => window, words),
      programs: options.programs,
      version: options.version,
    })
    quitInOrder(workbench)
    keepMenu(workbench)
    const gateway = new Gateway(workbench)
    window = openWindow(join(home, 'window.json'), options.preload, gateway)
    const shown = window.loadURL(START)
    if (wish.open) await workbench.openRecording(wish.open)
    else if (wish.resume) await workbench.resume({ nodes: DEFAULT_NODES, exactly: false })
    await shown
  }

  app.on('window-all-closed', () => app.quit())
  run().catch((trouble: unknown) => {
    const text = trouble instanceof Error ? (trouble.stack ?? trouble.message) : String(trouble)
    log.error(text)
    dialog.showErrorBox('Raft Workbench', trouble instanceof Error ? trouble.message : text)
    app.exit(3)
  })
}

/** Quitting waits until every process of the cluster has ended and the recording is complete. */
function quitInOrder(workbench: Workbench): void {
  let closed = false
  let closing = false
  app.on('before-quit', (event) => {
    if (closed) return
    event.preventDefault()
    if (closing) return
    closing = true
    void workbench.close().finally(() => {
      closed = true
      app.quit()
    })
  })
}

function openWindow(boundsPath: string, preload: string, gateway: Gateway): BrowserWindow {
  const { maximized, ...bounds } = rememberedBounds(boundsPath)
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Raft Workbench',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  gateway.admit(window.webContents)
  rememberBounds(window, boundsPath)
  window.once('ready-to-show', () => {
    if (maximized) window.maximize()
    window.show()
  })
  return window
}
