/** What a node is told when it starts, as far as it follows from what `cluster.json` says of it. */
import type { Launch } from '../../node/contract/launch'
import type { NodeRecords } from './records'

type FromRecords = 'firstVoters' | 'firstWitnesses' | 'joinsAfter' | 'settings'

export function launchOf(records: NodeRecords, given: Omit<Launch, FromRecords>): Launch {
  const { first, settings } = records
  const record = records.find(given.node)
  const isFirst = record?.joined === false
  return {
    ...given,
    firstVoters: isFirst ? first.voters : [],
    firstWitnesses: isFirst ? first.witnesses : [],
    ...(record?.joinsAfter && { joinsAfter: record.joinsAfter }),
    settings,
  }
}
