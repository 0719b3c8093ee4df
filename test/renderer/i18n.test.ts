import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { messages } from '../../renderer/i18n'

type Tree = { readonly [key: string]: string | Tree }

function leaves(tree: Tree, prefix = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(prefix + key, value)
    else for (const [inner, text] of leaves(value, `${prefix}${key}.`)) found.set(inner, text)
  }
  return found
}
const en = leaves(messages.en as Tree)
const zh = leaves(messages.zh as Tree)
const slots = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort()

function sources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((file) => file.isFile() && /\.(vue|ts)$/.test(file.name) && !file.parentPath.includes('i18n'))
    .map((file) => join(file.parentPath, file.name))
}

describe('the two languages', () => {
  it('have the same keys', () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort())
  })
  it('fill in the same values', () => {
    const different = [...en].filter(([key, text]) => String(slots(text)) !== String(slots(zh.get(key) ?? '')))
    expect(different.map(([key]) => key)).toEqual([])
  })
  it('have no empty string', () => {
    expect([...en, ...zh].filter(([, text]) => text.trim() === '')).toEqual([])
  })
  it('never say a bare "commit": it is known committed, commitIndex, leaderCommit', () => {
    const offending = [...en].filter(([, text]) => /\bcommit\b/i.test(text.replace(/\{\w+\}/g, '')))
    expect(offending.map(([key, text]) => `${key}: ${text}`)).toEqual([])
  })
})

describe('every key that the source names', () => {
  const files = sources(join(import.meta.dirname, '../../renderer'))
  const used = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bt\(\s*'([\w.-]+)'/g)].map((match) => ({ file, key: match[1] ?? '' })),
  )
  const labels = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/label: '((?:commands|diagrams)\.[\w.]+)'/g)].map((match) => ({
      file,
      key: match[1] ?? '',
    })),
  )
  it('stands in the catalogue', () => {
    expect(used.length).toBeGreaterThan(100)
    expect([...used, ...labels].filter(({ key }) => !en.has(key))).toEqual([])
  })
})
