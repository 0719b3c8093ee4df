import { app, session, type WebContents, type WebFrameMain } from 'electron'
import { ORIGIN } from './scheme'

/** Nothing that a page could ask of the system is granted, and no page leads anywhere else. */
export function lockDown(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.defaultSession.setPermissionCheckHandler(() => false)
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-navigate', (event) => event.preventDefault())
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
  })
}

/** Whether a message comes from our page, in the main frame of one of our windows. */
export function isOurs(contents: WebContents, frame: WebFrameMain | null, windows: ReadonlySet<WebContents>): boolean {
  return (
    windows.has(contents) &&
    frame !== null &&
    frame.parent === null &&
    frame.origin === ORIGIN &&
    frame.url.startsWith(`${ORIGIN}/`)
  )
}
