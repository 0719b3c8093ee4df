/** ShiViz's own expression, and every rule of its clocks. */

/** The default of https://bestchai.bitbucket.io/shiviz/, for a log of one run. */
const PARSER = /(?<event>.*)\n(?<host>\S*) (?<clock>{.*})/gm

export interface LoggedEvent {
  readonly event: string
  readonly host: string
  readonly clock: Readonly<Record<string, number>>
}

export function checkShiviz(text: string): readonly LoggedEvent[] {
  const events = [...text.matchAll(PARSER)].map(({ groups }): LoggedEvent => {
    if (groups === undefined) throw new Error('no groups')
    return { event: groups.event ?? '', host: groups.host ?? '', clock: JSON.parse(groups.clock ?? '') }
  })
  const rule = (holds: boolean, what: string, event: LoggedEvent) => {
    if (!holds) throw new Error(`${what}: ${JSON.stringify(event)}`)
  }
  if (!text.startsWith('\n\n')) throw new Error('ShiViz would take the first two lines for expressions')
  if (text.split('\n').length - 3 !== events.length * 2) throw new Error('lines that the expression does not take')
  const byHost = new Map<string, LoggedEvent[]>()
  for (const event of events) {
    const before = byHost.get(event.host) ?? []
    rule(/^\S+$/.test(event.host), 'a host without a name', event)
    rule(event.clock[event.host] === before.length + 1, 'a host that does not count its events', event)
    byHost.set(event.host, [...before, event])
    const last = before.at(-1)?.clock ?? {}
    for (const [host, count] of Object.entries(last)) {
      rule((event.clock[host] ?? 0) >= count, 'a host that forgets', event)
    }
  }
  for (const event of events) {
    for (const [host, count] of Object.entries(event.clock)) {
      const known = byHost.get(host)?.[count - 1]
      rule(Number.isInteger(count) && count >= 1 && known !== undefined, 'a clock that names what is not there', event)
      if (known === undefined) continue
      // What is known of another host is all that was known there.
      for (const [other, seen] of Object.entries(known.clock)) {
        rule((event.clock[other] ?? 0) >= seen, 'a clock that is not the merge', event)
      }
    }
  }
  return events
}
