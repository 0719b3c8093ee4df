import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ClientRequest, Command, SessionAction } from '../../../main/node/contract/client'
import { encodeFrame, FrameDecoder } from '../../../main/node/contract/frames'
import { MAX_KEY_BYTES, MAX_VALUE_BYTES } from '../../../main/node/contract/limits'
import { refusal } from '../../../main/node/kv/limits'
import { command, count } from '../contract/arbitraries'
import { del, get } from './support'

const request = { request: 1, client: 1, sequence: 1, consistency: 'log' as const }
const large = new Uint8Array(MAX_VALUE_BYTES + 1)
const largest = new Uint8Array(MAX_VALUE_BYTES)
test.each<readonly [Command | SessionAction, string | undefined]>([
  [get(''), 'key-size'],
  [get('k'.repeat(MAX_KEY_BYTES)), undefined],
  [get('é'.repeat(MAX_KEY_BYTES / 2)), undefined],
  [get('é'.repeat(MAX_KEY_BYTES / 2 + 1)), 'key-size'],
  [del('k'.repeat(MAX_KEY_BYTES + 1)), 'key-size'],
  [{ op: 'put', key: 'k', value: largest }, undefined],
  [{ op: 'put', key: 'k', value: large }, 'value-size'],
  [{ op: 'append', key: 'k', value: large }, 'value-size'],
  [{ op: 'cas', key: 'k', expected: null, value: largest }, undefined],
  [{ op: 'cas', key: 'k', expected: largest, value: largest }, undefined],
  [{ op: 'cas', key: 'k', expected: null, value: large }, 'value-size'],
  [{ op: 'cas', key: 'k', expected: large, value: largest }, 'value-size'],
  [{ op: 'open-session' }, undefined],
  [{ op: 'close-session' }, undefined],
])('a key or value of the limit passes, a larger one is refused by name: %#', (what, code) => {
  expect(refusal({ ...request, command: what })?.code).toBe(code)
})

const arrived = (request: ClientRequest): ClientRequest => {
  const [frame] = new FrameDecoder().push(encodeFrame({ type: 'request', request }))
  if (frame?.type !== 'request') throw new Error('no request arrived')
  return frame.request
}

test('what arrived is judged like what was asked', () => {
  fc.assert(
    fc.property(command, count, (what, client) => {
      const asked = { ...request, client, command: what }
      expect(refusal(arrived(asked))?.code).toBe(refusal(asked)?.code)
    }),
  )
})
