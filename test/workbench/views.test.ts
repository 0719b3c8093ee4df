import { describe, expect, test } from 'vitest'
import type { Command, SessionAction } from '../../main/node/contract/client'
import { encodeCommand } from '../../main/node/contract/command'
import { encodeConfiguration } from '../../main/node/contract/configuration'
import { DEFAULT_SETTINGS } from '../../main/node/contract/settings'
import type { Entry } from '../../main/raft/types'
import { entryView } from '../../main/timeline/views/entry'
import { SETTING_NAMES, settingsFromText, settingsOf } from '../../main/workbench/cluster-settings'

const value = new TextEncoder().encode('v')
const entry = (type: Entry['type'], data: Uint8Array = new Uint8Array(0)): Entry => ({ index: 5, term: 2, type, data })
const logged = (command: Command | SessionAction) =>
  entry('command', encodeCommand({ client: 1, sequence: 1, time: 0, command }))

describe('an entry as people read it', () => {
  test.each<[Command | SessionAction, object]>([
    [
      { op: 'put', key: 'k', value },
      { op: 'put', key: 'k', value: 'v' },
    ],
    [
      { op: 'get', key: 'k' },
      { op: 'get', key: 'k', value: '' },
    ],
    [
      { op: 'delete', key: 'k' },
      { op: 'delete', key: 'k', value: '' },
    ],
    [
      { op: 'cas', key: 'k', expected: null, value },
      { op: 'cas', key: 'k', value: 'v' },
    ],
    [
      { op: 'append', key: 'k', value },
      { op: 'append', key: 'k', value: 'v' },
    ],
    [{ op: 'open-session' }, { op: 'open-session', key: '', value: '' }],
    [{ op: 'close-session' }, { op: 'close-session', key: '', value: '' }],
  ])('%j', (command, seen) => {
    const { data } = logged(command)
    expect(entryView(logged(command))).toEqual({ index: 5, term: 2, type: 'command', bytes: data.length, ...seen })
  })

  test('a configuration is read, with all its lists', () => {
    const configuration = { voters: [1, 2], outgoing: [1], learners: [4], learnersNext: [], witnesses: [2] }
    const data = encodeConfiguration(configuration)
    expect(entryView(entry('config', data))).toMatchObject({ type: 'config', op: '', configuration })
  })

  test.each<[string, Entry]>([
    ['a command whose data was not recorded', entry('command')],
    ['a command that is none', entry('command', Uint8Array.of(1, 2, 3))],
    ['a configuration that is none', entry('config', Uint8Array.of(9))],
    ['what a witness holds', entry('metadata')],
    ['a no-op', entry('noop')],
  ])('%s is shown by place, term and size', (_, given) => {
    const { index, term, type, data } = given
    expect(entryView(given)).toEqual({ index, term, type, op: '', key: '', value: '', bytes: data.length })
  })
})

describe('settings that somebody gave', () => {
  test('are taken one by one, and nothing is added', () => {
    expect(settingsOf({ preVote: false, heartbeatMs: 20 })).toEqual({ preVote: false, heartbeatMs: 20 })
    expect(settingsOf({})).toEqual({})
    expect(settingsOf({ ...DEFAULT_SETTINGS })).toEqual(DEFAULT_SETTINGS)
  })

  test.each([
    [{ preVote: 'no' }, 'preVote'],
    [{ preVote: false, maxInFlight: 0 }, 'maxInFlight'],
    [{ priorities: { '1': 500 } }, 'priorities.1'],
    [{ telemetry: 'much' }, 'telemetry'],
    [{ toString: 1 }, 'toString'],
    [{ '': true }, ''],
  ])('%j is refused by name', (given, setting) => {
    expect(() => settingsOf(given)).toThrow(
      expect.objectContaining({ code: 'settings-invalid', details: { setting, reason: expect.stringMatching(/./) } }),
    )
  })

  test('are all known by name', () => {
    expect(SETTING_NAMES).toContain('quiescence')
    expect(SETTING_NAMES.length).toBeGreaterThan(20)
  })
})

test.each(['', 'nonsense', '[]', '{"preVote":7}'])('settings of a recording that say nothing: %j', (text) => {
  expect(settingsFromText(text)).toEqual(DEFAULT_SETTINGS)
})
