/** The checks over everything that was recorded, and whether they come out as the scenario says. */
import { ConformanceWatcher } from '../../checks/conformance'
import { ClientHistoryReader } from '../../checks/history/from-timeline'
import { InvariantWatcher } from '../../checks/invariants'
import { checkParts } from '../../checks/linearizability/check'
import { keyValue } from '../../checks/models/key-value'
import type { TimelineEvent } from '../../node/contract/events'
import type { Scenario } from '../language/schema'
import type { ScenarioVerdicts } from './api'

/** Of the search for a linearization, per key: some seconds. */
const MAX_SEARCH_STEPS = 5_000_000

/** @throws the signal's reason when it is aborted */
export async function judge(
  events: AsyncIterable<readonly TimelineEvent[]>,
  wanted: Scenario['verdicts'],
  signal: AbortSignal,
): Promise<ScenarioVerdicts> {
  const watcher = new InvariantWatcher()
  const clients = new ClientHistoryReader()
  const specification = new ConformanceWatcher()
  for await (const batch of events) {
    signal.throwIfAborted()
    for (const event of batch) {
      watcher.take(event)
      clients.take(event)
      specification.take(event)
    }
  }
  const invariants = watcher.verdicts()
  const linearizable = await linearizability(clients, signal)
  const conformance = specification.verdict()
  const areInvariantsRight =
    watcher.judgedUntil < 0 &&
    invariants.every(({ id, found }) => found > 0 === (wanted.invariants !== 'hold' && wanted.invariants.includes(id)))
  const doesConform = wanted.conforms === 'any' || wanted.conforms === conformance.conforms
  const asExpected = areInvariantsRight && isAsWanted(wanted.linearizable, linearizable) && doesConform
  return { invariants, linearizable, conformance, asExpected }
}

async function linearizability(
  clients: ClientHistoryReader,
  signal: AbortSignal,
): Promise<ScenarioVerdicts['linearizable']> {
  const { operations } = clients.finish()
  if (operations.length === 0) return 'none'
  let outcome: ScenarioVerdicts['linearizable'] = 'linearizable'
  for await (const part of checkParts(keyValue, operations, { signal, maxSteps: MAX_SEARCH_STEPS })) {
    if (part.outcome === 'illegal') return 'illegal'
    if (part.outcome === 'undecided') outcome = 'undecided'
  }
  return outcome
}

/** Where nobody called, there is nothing that could be wrong. */
function isAsWanted(wanted: Scenario['verdicts']['linearizable'], found: ScenarioVerdicts['linearizable']): boolean {
  if (wanted === 'any') return true
  return wanted ? found === 'linearizable' || found === 'none' : found === 'illegal'
}
