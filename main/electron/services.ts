import { extname, join } from 'node:path'
import { app, type BrowserWindow, dialog } from 'electron'
import log from 'electron-log/node'
import type { HostServices } from '../workbench'
import { languageOf } from '../workbench/language'
import type { wordsOf } from './words'

/** The log file of the shell: `<home>/logs/main.log`. */
export function keepLog(home: string): void {
  log.transports.file.resolvePathFn = () => join(home, 'logs', 'main.log')
  log.transports.file.level = 'info'
  log.transports.console.level = 'warn'
}

/** What only Electron can do for the workbench: its dialogs, over the window that is there at that time. */
export function electronServices(
  windowNow: () => BrowserWindow | undefined,
  words: () => ReturnType<typeof wordsOf>,
): HostServices {
  return {
    kind: 'electron',
    systemLanguage: () => languageOf(app.getLocale()) ?? 'en',
    saving: {
      kind: 'dialog',
      async choose(suggestedName) {
        const options = {
          title: words().saveTitle,
          defaultPath: join(app.getPath('downloads'), suggestedName),
          filters: [
            { name: extname(suggestedName).slice(1).toUpperCase(), extensions: [extname(suggestedName).slice(1)] },
          ],
        }
        const window = windowNow()
        const { canceled, filePath } = await (window
          ? dialog.showSaveDialog(window, options)
          : dialog.showSaveDialog(options))
        return canceled || filePath === '' ? null : filePath
      },
    },
    async chooseRecording() {
      const options = {
        title: words().openTitle,
        properties: ['openFile' as const],
        filters: [
          { name: words().recordings, extensions: ['raftrec', 'jsonl', 'edn', 'log', 'txt'] },
          { name: '*', extensions: ['*'] },
        ],
      }
      const window = windowNow()
      const { canceled, filePaths } = await (window
        ? dialog.showOpenDialog(window, options)
        : dialog.showOpenDialog(options))
      return canceled ? null : (filePaths[0] ?? null)
    },
    log: (level, message) => log[level](message),
  }
}
