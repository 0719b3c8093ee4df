// The module `electron` as the application's main process sees it. No top-level await: it can be required as well.
import { app } from './app.mjs'
import { ipcMain } from './ipc.mjs'
import { protocol } from './schemes.mjs'
import { dialog, Menu, screen, session } from './shell.mjs'
import { BrowserWindow, webContents } from './window.mjs'

export { app, BrowserWindow, dialog, ipcMain, Menu, protocol, screen, session, webContents }
export default { app, BrowserWindow, dialog, ipcMain, Menu, protocol, screen, session, webContents }
