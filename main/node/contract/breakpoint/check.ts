/** Whether a breakpoint hits, event by event. */
import { holds } from './alternatives'
import type { Alternative, Check, Happened, Look, Parsed, Term } from './types'

/** An alternative that names states only, and whether it was true with the event before. */
interface Watched {
  readonly terms: readonly Term[]
  was: boolean
}

/** `look`: as it is when the breakpoint is set; what is true already has to become false first. */
export function makeCheck({ alternatives }: Parsed, look: Look): Check {
  const events = alternatives.filter(({ kind }) => kind !== undefined)
  const states: readonly Watched[] = alternatives
    .filter(({ kind }) => kind === undefined)
    .map(({ terms }) => ({ terms, was: terms.every((term) => isTrue(term, undefined, () => look)) }))
  return {
    hits(event, lookNow) {
      let seen: Look | undefined
      const once = () => {
        seen ??= lookNow()
        return seen
      }
      let isHit = events.some((alternative) => happens(alternative, event, once))
      for (const watched of states) {
        const is = watched.terms.every((term) => isTrue(term, event, once))
        if (is && !watched.was) isHit = true
        watched.was = is
      }
      return isHit
    },
  }
}

function happens({ kind, terms }: Alternative, event: Happened, look: () => Look): boolean {
  return event.kind === kind && terms.every((term) => isTrue(term, event, look))
}

function isTrue(term: Term, event: Happened | undefined, look: () => Look): boolean {
  switch (term.type) {
    case 'event':
      return event?.kind === term.kind
    case 'field':
      return event?.kind === term.kind && holds(event[term.field], term)
    case 'state':
      return holds(look()[term.name], term)
  }
}
