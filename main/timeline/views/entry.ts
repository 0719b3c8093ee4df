import type { Command, SessionAction } from '../../node/contract/client'
import { decodeCommand } from '../../node/contract/command'
import { decodeConfiguration } from '../../node/contract/configuration'
import type { Entry } from '../../raft/types'
import { shownText } from './text'
import type { EntryView } from './types'

/**
 * One log entry as people read it. A recording may come from a foreign or damaged place, or know no data at all, so an
 * entry that cannot be decoded is still shown, with its size and without a reading.
 */
export function entryView(entry: Entry): EntryView {
  const { index, term, type, data } = entry
  const plain = { index, term, type, op: '', key: '', value: '', bytes: data.length } as const
  switch (type) {
    case 'noop':
    case 'metadata':
      return plain
    case 'config': {
      const configuration = decodeConfiguration(data)
      return configuration === undefined ? plain : { ...plain, configuration }
    }
    case 'command': {
      const command = commandOf(data)
      return command === undefined ? plain : { ...plain, ...reading(command) }
    }
  }
}

function commandOf(data: Uint8Array): Command | SessionAction | undefined {
  if (data.length === 0) return undefined
  try {
    return decodeCommand(data).command
  } catch {
    return undefined
  }
}

function reading(command: Command | SessionAction): Pick<EntryView, 'op' | 'key' | 'value'> {
  switch (command.op) {
    case 'put':
    case 'cas':
    case 'append':
      return { op: command.op, key: command.key, value: shownText(command.value) }
    case 'get':
    case 'delete':
      return { op: command.op, key: command.key, value: '' }
    case 'open-session':
    case 'close-session':
      return { op: command.op, key: '', value: '' }
  }
}
