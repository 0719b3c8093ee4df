/**
 * `npm run reliability -- [--minutes N] [--seeds a,b] [--nodes N] [--json]`: clusters under random faults and load, and what must
 * hold afterwards. See docs/reliability.md.
 */
import { becomeCommandLine, ensureBuilt, ensureDependencies } from './setup.mjs'

ensureDependencies()
ensureBuilt()
becomeCommandLine(['reliability', ...process.argv.slice(2)])
