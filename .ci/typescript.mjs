/** Lets Node (24 or later) run the sources as they are: their imports name no suffix, and types have to go. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

// Node says with the first file that this is new.
const warn = process.emitWarning
process.emitWarning = (warning, ...rest) => {
  if (!String(warning).includes('stripTypeScriptTypes')) warn.call(process, warning, ...rest)
}

registerHooks({
  resolve(specifier, context, next) {
    const isRelative = specifier.startsWith('.') || specifier.startsWith('file:') || specifier.startsWith('/')
    if (!isRelative) return next(specifier, context)
    const from = context.parentURL ?? pathToFileURL(`${process.cwd()}/`).href
    const path = fileURLToPath(new URL(specifier.startsWith('/') ? pathToFileURL(specifier) : specifier, from))
    // A whole name needs no help; `require` would not take it as a URL either.
    if (existsSync(path) && statSync(path).isFile()) return next(specifier, context)
    const found = [`${path}.ts`, `${path}/index.ts`].find((each) => existsSync(each))
    return found === undefined ? next(specifier, context) : next(pathToFileURL(found).href, context)
  },
  load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context)
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'), { mode: 'transform' })
    return { format: 'module', source, shortCircuit: true }
  },
})
