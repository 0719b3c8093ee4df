/** Entry of the Electron shell. */
import { join } from 'node:path'
import { version } from '../package.json'
import { startShell } from './electron/shell'

const built = import.meta.dirname

startShell({
  pages: join(built, '../renderer'),
  preload: join(built, '../preload/index.cjs'),
  programs: {
    node: join(built, 'node.cjs'),
    warden: join(built, 'warden.js'),
    recorder: join(built, 'recorder.js'),
    judge: join(built, 'judge.js'),
    page: join(built, 'offline.html'),
  },
  version,
})
