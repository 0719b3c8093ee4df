/**
 * A core that tells what it does as a node process would, so that the simulator's runs become timelines: thousands of runs with crashes,
 * lost and doubled messages and changes of the membership, in one thread and without a disk.
 */
import type { FieldsOf, TimelineEvent } from '../../../main/node/contract/events'
import { type EventBody, observed, received, sent } from '../../../main/node/telemetry/event-body'
import { appendedRuns } from '../../../main/node/telemetry/runs'
import type {
  Effects,
  Entry,
  HardState,
  Input,
  Message,
  Outgoing,
  RaftConfig,
  Restored,
  Write,
} from '../../../main/raft'
import type { RaftClass } from '../../sim/node'

/** One timeline that all cores of a run tell. */
export class Teller {
  readonly #take: (event: TimelineEvent) => void
  readonly #names = new WeakMap<object, number>()
  readonly #snapshots = new WeakMap<object, Map<number, number>>()
  #seq = 0
  #turn = 0
  #ids = 0

  constructor(take: (event: TimelineEvent) => void) {
    this.#take = take
  }

  turn(): void {
    this.#turn += 1
  }

  tell(node: number, body: EventBody | Record<string, unknown>): void {
    const seq = this.#seq++
    this.#take({ node, n: seq + 1, seq, t: this.#turn * 1_000, ...body } as unknown as TimelineEvent)
  }

  /** Names a message that leaves. Its data may be filled in before it arrives: a snapshot and its receiver stay what they are. */
  name(message: Message): number {
    this.#ids += 1
    if (message.type !== 'InstallSnapshot') this.#names.set(message, this.#ids)
    else {
      const names = this.#snapshots.get(message.snapshot) ?? new Map<number, number>()
      this.#snapshots.set(message.snapshot, names.set(message.to, this.#ids))
    }
    return this.#ids
  }

  nameOf(message: Message): number {
    const name =
      message.type === 'InstallSnapshot'
        ? this.#snapshots.get(message.snapshot)?.get(message.to)
        : this.#names.get(message)
    return name ?? 0
  }
}

export function toldRaft(Base: RaftClass, teller: Teller): RaftClass {
  return class extends Base {
    readonly #id: number
    readonly #writes: Write[] = []
    #durable: HardState
    #persisted = 0
    #held: { readonly outgoing: Outgoing; readonly inReplyTo: number }[] = []

    constructor(config: RaftConfig, restored: Restored, now: number) {
      super(config, restored, now)
      this.#id = config.id
      this.#durable = restored.hardState
      teller.turn()
      this.#tellStart(config, restored)
    }

    override initial(): Effects {
      const effects = super.initial()
      this.#carry(effects)
      return effects
    }

    override step(now: number, input: Input): Effects {
      teller.turn()
      if (input.type === 'message') {
        const { message } = input
        this.#tell(received({ type: 'message', id: 0, inReplyTo: 0, message }, teller.nameOf(message)))
      }
      const effects = super.step(now, input)
      if (input.type === 'persisted') this.#tellPersisted(input.write)
      this.#carry(effects, input.type === 'message' ? input.message : undefined)
      return effects
    }

    #tell(body: EventBody): void {
      teller.tell(this.#id, body)
    }

    #tellStart({ bootstrap }: RaftConfig, { hardState, base, entries, snapshot }: Restored): void {
      const isNew = hardState.currentTerm === 0 && entries.length === 0 && snapshot === undefined
      if (bootstrap.voters.length === 0 && isNew) {
        teller.tell(0, { kind: 'process', subject: this.#id, state: 'removed' })
      }
      const lastIndex = base.index + entries.length
      this.#tell({
        kind: 'started',
        incarnation: 1,
        pid: 1,
        ...hardState,
        firstIndex: base.index + 1,
        lastIndex,
        tornBytes: 0,
        baseTerm: base.term,
        snapshotIndex: snapshot?.index ?? 0,
        snapshotTerm: snapshot?.term ?? 0,
      })
      for (const body of appendedRuns(entries, true)) this.#tell(body)
      this.#tell({ kind: 'persisted', lastIndex, ...hardState, bytes: 0, micros: 0 })
    }

    #tellPersisted(write: number): void {
      while (this.#writes[0] !== undefined && this.#writes[0].number <= write) {
        this.#durable = this.#writes.shift()?.hardState ?? this.#durable
      }
      const { durableIndex } = this.status()
      const fields: FieldsOf<'persisted'> = { lastIndex: durableIndex, ...this.#durable, bytes: 0, micros: 0 }
      this.#tell({ kind: 'persisted', ...fields })
      this.#persisted = write
      const free = this.#held.filter(({ outgoing }) => outgoing.afterWrite <= write)
      this.#held = this.#held.filter(({ outgoing }) => outgoing.afterWrite > write)
      for (const { outgoing, inReplyTo } of free) this.#send(outgoing.message, inReplyTo)
    }

    #carry({ observations, write, messages, committed }: Effects, cause?: Message): void {
      let appended: Entry[] = []
      const flush = () => {
        for (const body of appendedRuns(appended, true)) this.#tell(body)
        appended = []
      }
      for (const observation of observations) {
        if (observation.kind === 'timer') continue
        if (observation.kind === 'appended') {
          appended.push(...observation.entries)
          continue
        }
        flush()
        this.#tell(observed(observation, write))
      }
      flush()
      if (write !== undefined) this.#writes.push(write)
      for (const outgoing of messages) {
        const isReply = cause !== undefined && cause.from === outgoing.message.to
        const inReplyTo = isReply && outgoing.message.type === `${cause.type}Reply` ? teller.nameOf(cause) : 0
        if (outgoing.afterWrite <= this.#persisted) this.#send(outgoing.message, inReplyTo)
        else this.#held.push({ outgoing, inReplyTo })
      }
      const last = committed.at(-1)
      if (last !== undefined) this.#tell({ kind: 'applied', lastApplied: last.index })
    }

    #send(message: Message, inReplyTo: number): void {
      this.#tell(sent({ type: 'message', id: teller.name(message), inReplyTo, message }))
    }
  }
}
