// Loaded before the application: `import 'electron'` and `require('electron')` give the stand-in.
import { registerHooks } from 'node:module'

const url = new URL('./electron.mjs', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' || specifier === 'electron/main' ? { url, shortCircuit: true } : next(specifier, context),
})
Object.defineProperty(process.versions, 'electron', { value: '45.4.1', enumerable: true })
process.type = 'browser'
