import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { launchNode } from '../../main/cluster/launcher'
import { NO_CONDITIONS } from '../../main/node/contract/conditions'
import { settingsSchema } from '../../main/node/contract/settings'
import { listen } from '../../main/node/contract/transport'
import { EXIT_ORPHANED } from '../../main/node/supervision'
import { ensureBuilt } from '../support/build'

test('a node ends with its lifeline, also while its supervisor still listens', async () => {
  const programs = await ensureBuilt()
  const directory = await mkdtemp(join(tmpdir(), 'rw-launch-'))
  const dataDir = join(directory, 'data')
  await mkdir(dataDir)
  const supervisor = join(directory, 'up.sock')
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>()
  const server = await listen(supervisor, (connection) => {
    connection.onFrame((frame) => {
      if (frame.type === 'ready') isReady()
    })
  })
  const child = launchNode(
    { program: programs.node, execPath: process.execPath, launches: directory },
    {
      clusterId: 'lifeline',
      node: 1,
      peers: [{ node: 1, address: join(directory, 'n1.sock') }],
      firstVoters: [1],
      firstWitnesses: [],
      supervisor,
      dataDir,
      incarnation: 0,
      origin: String(process.hrtime.bigint()),
      settings: settingsSchema.parse({}),
      conditions: NO_CONDITIONS,
    },
  )
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await server.close()
    await rm(directory, { recursive: true })
  })
  const ended = once(child, 'exit')
  await Promise.race([ready, ended])
  expect(child.exitCode).toBeNull()
  expect(existsSync(join(directory, 'n1.sock'))).toBe(true)
  child.stdin?.destroy()
  expect(await ended).toEqual([EXIT_ORPHANED, null])
})
