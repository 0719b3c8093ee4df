import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { bench } from '../../main/cli/bench'
import { createTerminal, EXIT } from '../../main/cli/terminal'
import { findEtcd } from './systems/etcd'
import { Unable } from './unable'

test.each([
  ['en', /run from the source tree, and .* is none: clone the repository/],
  ['zh', /要在源码树中运行/],
] as const)('where there are no sources, the command says so (%s)', async (language, words) => {
  const app = mkdtempSync(join(tmpdir(), 'raft-workbench-test-'))
  try {
    const [out, err] = [new PassThrough(), new PassThrough()]
    const none = { node: '', warden: '', recorder: '', judge: '' }
    const places = { app, cli: '', pages: '', programs: none, version: '0' }
    const status = await bench(['etcd'], { json: true, quick: false }, places, createTerminal(language, out, err))
    expect(status).toBe(EXIT.usage)
    expect(String(err.read())).toMatch(words)
    expect(out.read()).toBeNull()
  } finally {
    rmSync(app, { recursive: true })
  }
})

test('where there is no etcd, the bench says what to install', () => {
  expect(() => findEtcd([join(tmpdir(), 'nothing-here')])).toThrow(Unable)
  expect(() => findEtcd([])).toThrow(/apt-get install etcd-server/)
})
