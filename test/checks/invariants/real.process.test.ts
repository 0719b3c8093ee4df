/** A correct cluster under faults breaks no invariant, and its clients' history is linearizable. */
import { expect, it, onTestFinished } from 'vitest'
import { kvOperations } from '../../../main/checks/history/from-timeline'
import { InvariantWatcher } from '../../../main/checks/invariants'
import { checkParts } from '../../../main/checks/linearizability/check'
import { keyValue } from '../../../main/checks/models/key-value'
import type { Command } from '../../../main/node/contract/client'
import type { TimelineEvent } from '../../../main/node/contract/events'
import { until } from '../../support/cluster'
import { opened } from '../../timeline/support/files'
import { leaderOf, live } from '../../timeline/support/live'

it('holds through killed leaders, a partition, a snapshot, and nodes that come and go', async () => {
  const { cluster, recorder, path, close } = await live(3)
  let running = true
  // A closed cluster answers at once: whoever goes on asking never lets anybody else come to pass.
  onTestFinished(() => {
    running = false
  })
  const leader = () => until('a leader', () => leaderOf(recorder.state))

  const bytes = (text: string) => new TextEncoder().encode(text)
  let calls = 0
  const client = async (number: number) => {
    for (let n = 0; running; n++, calls++) {
      const key = `k${n % 3}`
      const value = bytes(`${number}.${n}`)
      const commands: Command[] = [
        { op: 'put', key, value },
        { op: 'get', key },
        { op: 'append', key, value },
        { op: 'cas', key, expected: value, value: bytes('swapped') },
        { op: 'delete', key },
      ]
      await cluster.call(commands[n % commands.length] as Command, { timeoutMs: 2_000 })
    }
  }
  const clients = [client(1), client(2), client(3)]
  const first = (await leader()).id
  await cluster.kill(first)
  await until('another leads', async () => (await leader()).id !== first)
  await cluster.start(first)
  const second = (await leader()).id
  cluster.partition([[second], [1, 2, 3].filter((node) => node !== second)])
  await until('a third leads', async () => (await leader()).id !== second)
  await cluster.healAll()
  await cluster.snapshot((await leader()).id)
  const added = await cluster.add('voter')
  await cluster.remove((await leader()).id)
  await until('the new one has what is committed', async () => {
    const { commitIndex } = await leader()
    return (recorder.state.nodes.get(added)?.commitIndex ?? 0) >= commitIndex - 10
  })
  await until('some calls of everybody', () => calls > 60)
  running = false
  await Promise.all(clients)
  await close()

  const watcher = new InvariantWatcher()
  const events: TimelineEvent[] = []
  const source = await opened(path)
  for await (const batch of source.scan({})) {
    for (const event of batch) {
      events.push(event)
      watcher.take(event)
    }
  }
  expect(watcher.judgedUntil).toBe(-1)
  expect(watcher.verdicts().flatMap(({ violations }) => violations.map((each) => JSON.stringify(each)))).toEqual([])
  const { operations } = kvOperations(events)
  expect(operations.length).toBeGreaterThan(50)
  for await (const verdict of checkParts(keyValue, operations)) expect(verdict.outcome).toBe('linearizable')
})
