/**
 * `npm start`: installs and builds what is missing, then opens the workbench: Electron, else a window of an installed
 * browser, else an address to open. `npm start -- RECORDING` opens a recording.
 */
import { becomeCommandLine, ensureBuilt, ensureDependencies } from './setup.mjs'

ensureDependencies()
ensureBuilt()
becomeCommandLine(['open', ...process.argv.slice(2)])
