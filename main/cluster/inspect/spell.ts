/** What records say, in words that are the same in every language: names of the paper and numbers. */
import { decodeCommand } from '../../node/contract/command'
import { decodeConfiguration, hex, type LogRecord, type SegmentHeader } from '../../node/contract/records'
import type { Configuration, Entry } from '../../raft/types'

export function spellHeader(header: SegmentHeader | undefined): string {
  if (header === undefined) return ''
  const { version, node, segment, clusterHash: cluster, salt, firstSequence } = header
  return `format ${version} node ${node} segment ${segment} cluster ${hex(cluster)} salt ${hex(salt)} from write ${firstSequence}`
}

export function spellRecord(record: LogRecord): string {
  switch (record.type) {
    case 'write':
      return `write ${record.head.sequence}: ${record.head.records} records, ${record.head.bytes} bytes`
    case 'hardState':
      return `currentTerm ${record.hardState.currentTerm} votedFor ${record.hardState.votedFor || '–'}`
    case 'truncate':
      return `from ${record.fromIndex}`
    case 'entry':
      return spellEntry(record.entry)
    case 'begin':
      return `log after ${record.base.index} (term ${record.base.term}), ends at ${record.lastIndex}`
    case 'install':
      return `snapshot ${record.position.index} (term ${record.position.term}), ${record.keepsLog ? 'entries behind it stay' : 'log reset'}`
    case 'compact':
      return `log begins after ${record.position.index} (term ${record.position.term})`
  }
}

function spellEntry({ type, data }: Entry): string {
  switch (type) {
    case 'noop':
      return 'no-op'
    case 'metadata':
      return 'command, its data not sent to this witness'
    case 'config': {
      const configuration = decodeConfiguration(data)
      return configuration === undefined
        ? `configuration, ${data.length} bytes`
        : `configuration ${spellConfiguration(configuration)}`
    }
    case 'command':
      return spellCommand(data)
  }
}

/** Its lists that are not empty. */
export function spellConfiguration(configuration: Configuration): string {
  const { voters, outgoing, learners, learnersNext, witnesses } = configuration
  const lists = { voters, outgoing, learners, learnersNext, witnesses }
  return Object.entries(lists)
    .filter(([name, ids]) => ids.length > 0 || name === 'voters')
    .map(([name, ids]) => `${name} ${ids.join(',') || '–'}`)
    .join(' ')
}

function spellCommand(data: Uint8Array): string {
  try {
    const { command } = decodeCommand(data)
    const value = 'value' in command ? `, ${command.value.length} bytes` : ''
    return 'key' in command ? `${command.op} ${JSON.stringify(command.key)}${value}` : command.op
  } catch {
    return `command of ${data.length} bytes that is not a client's`
  }
}
