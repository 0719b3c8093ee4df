/**
 * ShiViz logs: two lines an event, its text and `host {vector clock}`. The clocks are computed here from what the timeline
 * knows: a process's own order, and that a message was sent before its receiver had anything to do with it.
 */
import type { TimelineEvent } from '../../../node/contract/events'
import type { TimelineSource } from '../../api'
import type { Exported, Exporter, ExportWish, Write } from '../exporter'
import { chooser } from '../select'
import { hostOf, messageKey, Recent, Tally, TextOut, walk, wordsOf } from '../walk'

/** Events of each host that happened before, by host. */
type Clock = Map<string, number>

export const shivizExporter: Exporter = {
  format: 'shiviz',
  extension: 'log',
  mediaType: 'text/plain',
  write: writeShiviz,
}

async function writeShiviz(source: TimelineSource, wish: ExportWish, write: Write): Promise<Exported> {
  const out = new TextOut(write)
  const tally = new Tally()
  const isChosen = chooser(wish.selection)
  const clocks = new Clocks()
  // Of a file, ShiViz takes the first two lines for its expressions; left empty, they are the usual ones.
  out.add('\n\n')
  await walk(source, wish, out, (event) => {
    const host = clocks.hostOf(event)
    clocks.meet(host, event)
    if (isChosen(event)) {
      out.add(`${lineOf(event)}\n${host} ${clocks.tick(host)}\n`)
      tally.events++
    }
    clocks.leave(host, event)
  })
  await out.flush(true)
  return tally.exported
}

/** One line. It begins with the event's kind, so nothing in it can be taken for a host and its clock. */
function lineOf(event: TimelineEvent): string {
  return wordsOf(event).replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
}

/**
 * The clocks of a window. Every event of it takes part, so that what comes before what is right also in a selection; but only
 * events that are written count, because a clock may name none that is not in the log.
 */
class Clocks {
  readonly #hosts = new Map<string, Clock>()
  /** What the sender of a message knew when it sent it. */
  readonly #sent = new Recent<string, Clock>()
  readonly #clients = new Recent<number, string>()

  /** A client of the cluster is a process of its own, though the workbench tells of it. */
  hostOf(event: TimelineEvent): string {
    if (event.kind === 'invoke') {
      const host = `client${event.client}`
      this.#clients.set(event.call, host)
      return host
    }
    if (event.kind === 'answer') return this.#clients.take(event.call) ?? hostOf(event.node)
    return hostOf(event.node)
  }

  /** What a message brings to this host. */
  meet(host: string, event: TimelineEvent): void {
    const brought = this.#broughtBy(event)
    if (brought === undefined) return
    const clock = this.#clock(host)
    for (const [other, count] of brought) clock.set(other, Math.max(clock.get(other) ?? 0, count))
  }

  #broughtBy(event: TimelineEvent): Clock | undefined {
    switch (event.kind) {
      case 'received':
        return this.#sent.take(messageKey(event.peer, event.node, event.id))
      case 'held':
      case 'copied':
        return this.#sent.get(messageKey(event.peer, event.node, event.id))
      case 'dropped':
        return this.#sent.take(messageKey(event.sender, event.receiver, event.id))
      default:
        return undefined
    }
  }

  /** Counts an event of this host; the clock as it is written. */
  tick(host: string): string {
    const clock = this.#clock(host)
    clock.set(host, (clock.get(host) ?? 0) + 1)
    return JSON.stringify(Object.fromEntries(clock))
  }

  /** What this event takes along to another host. */
  leave(host: string, event: TimelineEvent): void {
    if (event.kind === 'sent') this.#take(host, messageKey(event.node, event.peer, event.id))
    else if (event.kind === 'copied') this.#take(host, messageKey(event.peer, event.node, event.copy))
  }

  #take(host: string, key: string): void {
    this.#sent.set(key, new Map(this.#clock(host)))
  }

  #clock(host: string): Clock {
    const known = this.#hosts.get(host)
    if (known !== undefined) return known
    const clock: Clock = new Map()
    this.#hosts.set(host, clock)
    return clock
  }
}
