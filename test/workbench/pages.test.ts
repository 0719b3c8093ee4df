import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contentSecurityPolicy, readPage } from '../../main/workbench/pages'

let outside: string
let root: string
beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'rw-pages-'))
  root = join(outside, 'renderer')
  await mkdir(join(root, 'assets'), { recursive: true })
  await writeFile(join(root, 'index.html'), '<!doctype html>')
  await writeFile(join(root, 'assets', 'a b.js'), '1')
  await writeFile(join(root, 'assets', 'notes.txt'), 'no known type')
  await writeFile(join(outside, 'secret.js'), 'secret')
  await mkdir(join(outside, 'renderer-other'))
  await writeFile(join(outside, 'renderer-other', 'x.js'), 'secret')
  await symlink(join(outside, 'secret.js'), join(root, 'link.js'))
})
afterAll(() => rm(outside, { recursive: true, force: true }))

describe('files of the window', () => {
  test('the page and its files are found', async () => {
    expect((await readPage(root, '/'))?.type).toMatch(/^text\/html/)
    expect((await readPage(root, '/assets/a%20b.js'))?.body.toString()).toBe('1')
  })

  test.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/%2e%2e/secret.js',
    '/%2e%2e%2fsecret.js',
    '/..%5csecret.js',
    '/assets/..%2f..%2frenderer-other/x.js',
    '/../renderer-other/x.js',
    '/link.js',
    '/secret.js%00.html',
    '/%zz.js',
    '/assets',
    '/assets/notes.txt',
    '/nothing.js',
  ])('%s is not', async (path) => {
    expect(await readPage(root, path)).toBeUndefined()
  })

  test('the policy allows no inline script or style, and nothing from elsewhere', () => {
    const policy = contentSecurityPolicy()
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
  })
})
