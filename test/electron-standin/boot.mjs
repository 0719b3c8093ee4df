// Reads the command line as Electron does: switches, then the application's folder, then the application's arguments.
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const given = process.argv.slice(2)
const preloaded = []
const kept = []
for (let at = 0; at < given.length; at++) {
  if (given[at] === '-r' || given[at] === '--require') preloaded.push(given[++at])
  else kept.push(given[at])
}
const folder = resolve(kept.find((argument) => !argument.startsWith('-')) ?? '.')
const main = statSync(folder).isDirectory()
  ? join(folder, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).main ?? 'index.js')
  : folder

process.argv = [process.execPath, ...kept]
process.execArgv = []
// Playwright's loader holds back `ready` until Playwright is attached.
for (const path of preloaded) createRequire(import.meta.url)(resolve(path))
await import(pathToFileURL(main).href)
