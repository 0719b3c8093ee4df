/** Lets Node (24 or later: it strips types by itself) run the sources as they are: their imports name no suffix. */
import { existsSync, statSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

registerHooks({
  resolve(specifier, context, next) {
    const isRelative = specifier.startsWith('.') || specifier.startsWith('file:') || specifier.startsWith('/')
    if (!isRelative) return next(specifier, context)
    const from = context.parentURL ?? pathToFileURL(`${process.cwd()}/`).href
    const url = new URL(specifier.startsWith('/') ? pathToFileURL(specifier) : specifier, from)
    const path = fileURLToPath(url)
    const isFile = existsSync(path) && statSync(path).isFile()
    const found = isFile ? path : [`${path}.ts`, `${path}/index.ts`].find((each) => existsSync(each))
    return found === undefined ? next(specifier, context) : next(pathToFileURL(found).href + url.search, context)
  },
})
