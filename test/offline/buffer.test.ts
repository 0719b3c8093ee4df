/** What an exported page has instead of Node's Buffer: everything that people read of a recording is read the same with it. */
import { afterEach, expect, test, vi } from 'vitest'
import { ByteWriter } from '../../main/node/contract/bytes'
import { encodeCommand, type LoggedCommand } from '../../main/node/contract/command'
import { writeMessage } from '../../main/node/contract/frames/messages'
import type { Entry } from '../../main/raft/types'
import { encodeEventBlock } from '../../main/timeline/recording/event-block'
import { lifeOf } from '../timeline/support/traces'

const NODES_BUFFER = globalThis.Buffer
afterEach(() => {
  Object.defineProperty(globalThis, 'Buffer', { value: NODES_BUFFER, configurable: true, writable: true })
})

/** Runs with the page's Buffer, and modules that know no other. */
async function onAPage<T>(work: () => Promise<T>): Promise<T> {
  vi.resetModules()
  await import('../../main/offline/buffer')
  expect(globalThis.Buffer).not.toBe(NODES_BUFFER)
  return work()
}

const text = (value: string) => new TextEncoder().encode(value)
const logged = (command: LoggedCommand['command']): LoggedCommand => ({ client: 7, sequence: 2, time: 1.5e9, command })
const commands: readonly LoggedCommand[] = [
  logged({ op: 'put', key: 'schlüssel', value: text('值 🙂') }),
  logged({ op: 'get', key: 'k' }),
  logged({ op: 'delete', key: '' }),
  logged({ op: 'append', key: 'k', value: new Uint8Array(0) }),
  logged({ op: 'cas', key: 'k', expected: null, value: text('new') }),
  logged({ op: 'cas', key: 'k', expected: text('old'), value: text('new') }),
]

test('commands of entries are read the same', async () => {
  const entries = commands.map(
    (command, at): Entry => ({ index: at + 1, term: 3, type: 'command', data: new Uint8Array(encodeCommand(command)) }),
  )
  const { entryView } = await import('../../main/timeline/views/entry')
  const inNode = entries.map(entryView)
  expect(inNode.map(({ op }) => op)).toEqual(['put', 'get', 'delete', 'append', 'cas', 'cas'])
  const onPage = await onAPage(async () => {
    const { entryView: fresh } = await import('../../main/timeline/views/entry')
    expect(fresh).not.toBe(entryView)
    return entries.map(fresh)
  })
  expect(onPage).toEqual(inNode)
})

test('events of a block are read the same', async () => {
  const events = lifeOf(5)
  const block = encodeEventBlock(events)
  const onPage = await onAPage(async () => {
    const { decodeEventBlock } = await import('../../main/timeline/recording/event-block')
    return decodeEventBlock(block, 0)
  })
  expect(onPage).toEqual(events)
})

test('held messages are read the same', async () => {
  const message = {
    type: 'RequestVote',
    from: 1,
    to: 2,
    term: 5,
    lastLogIndex: 9,
    lastLogTerm: 4,
    transfer: true,
  } as const
  const out = new ByteWriter()
  writeMessage(out, { type: 'message', id: 3, inReplyTo: 0, message })
  const bytes = new Uint8Array(out.finish())
  const held = { peer: 1, id: 3, copyOf: 0, message: 'RequestVote', term: 5, since: 0, bytes } as const
  const { heldDetail } = await import('../../main/workbench/views/held')
  const inNode = heldDetail(2, held)
  expect(inNode.message).not.toBeNull()
  const onPage = await onAPage(async () => (await import('../../main/workbench/views/held')).heldDetail(2, held))
  expect(onPage).toEqual(inNode)
})
