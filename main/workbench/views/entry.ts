import type { EntryView } from '../../../preload/contract'
import { decodeCommand } from '../../node/contract/command'
import type { Entry } from '../../raft/types'
import { shownText } from './text'

/**
 * One log entry as people read it. A recording may come from a foreign or damaged place, so a command that cannot be
 * decoded is still shown, with its size and without a reading.
 */
export function entryView(entry: Entry): EntryView {
  const { index, term, type, data } = entry
  const plain = { index, term, type, bytes: data.length }
  if (type !== 'command') return { ...plain, op: '', key: '', value: '' }
  try {
    const { command } = decodeCommand(data)
    const value = command.op === 'put' ? shownText(command.value) : ''
    return { ...plain, op: command.op, key: command.key, value }
  } catch {
    return { ...plain, op: '', key: '', value: '' }
  }
}
