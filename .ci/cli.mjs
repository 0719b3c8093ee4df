/** `npm run --silent cli -- COMMAND`: the headless command line, installed and built first where that is needed. */
import { becomeCommandLine, ensureBuilt, ensureDependencies } from './setup.mjs'

ensureDependencies()
ensureBuilt()
becomeCommandLine(process.argv.slice(2))
