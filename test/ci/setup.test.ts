/** What `npm test` does before anything is installed must not harm what is there. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

test('node_modules that is a link is refused with its target, and the target is as before', () => {
  const home = mkdtempSync(join(tmpdir(), 'raft-setup-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const clone = join(home, 'clone')
  const theirs = join(home, 'theirs')
  mkdirSync(join(clone, '.ci'), { recursive: true })
  mkdirSync(theirs)
  writeFileSync(join(theirs, 'keep'), '')
  for (const name of ['.ci/setup.mjs', 'package.json', 'package-lock.json']) {
    copyFileSync(join(root, name), join(clone, name))
  }
  symlinkSync(theirs, join(clone, 'node_modules'), 'junction')
  const script = `import('./.ci/setup.mjs').then(({ ensureDependencies }) => ensureDependencies())`
  const { status, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: clone, encoding: 'utf8' })
  expect(status).toBe(3)
  expect(stderr).toContain(`is a link to ${theirs}`)
  expect(existsSync(join(theirs, 'keep'))).toBe(true)
})
