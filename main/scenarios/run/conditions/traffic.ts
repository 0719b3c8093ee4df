/** Conditions about what is under way and what was told: held messages, calls, events, a stop of the whole cluster. */
import type { CallResult } from '../../../cluster'
import { meets } from '../bounds'
import { heldOn, linksIn } from '../links'
import type { About, Rule, Scene } from './scene'

export const held: Rule<'held'> = {
  kinds: ['held', 'released', 'started', 'process'],
  holds: (about, scene) => meets(about.count, heldBy(about, scene).length),
  found(about, scene) {
    const found = heldBy(about, scene)
    return found.length === 0
      ? '0'
      : `${found.length}: ${found
          .slice(0, 20)
          .map(({ text }) => text)
          .join(', ')}`
  },
}

function heldBy(about: About<'held'>, { state, cast }: Scene) {
  const links = linksIn(about, (whom) => cast.allOrNone(whom, state) ?? [])
  return links.flatMap((link) =>
    heldOn(state, link, about.message).map(({ message }) => ({ text: `${link.from}→${link.to} ${message}` })),
  )
}

export const answer: Rule<'answer'> = {
  kinds: [],
  holds(about, { calls }) {
    const result = calls.get(about.call)
    return result !== undefined && answerDiffers(about, result).length === 0
  },
  found({ call }, { calls }) {
    const result = calls.get(call)
    return result === undefined ? 'unanswered' : answerText(result)
  },
}

export const unanswered: Rule<'unanswered'> = {
  kinds: [],
  holds: (name, { calls }) => calls.has(name) && calls.get(name) === undefined,
  found(name, { calls }) {
    const result = calls.get(name)
    if (result !== undefined) return answerText(result)
    return calls.has(name) ? 'unanswered' : 'not called'
  },
}

type WantedAnswer = Omit<About<'answer'>, 'call'>

/** In what an answer is not as wanted. */
export function answerDiffers(wanted: WantedAnswer, result: CallResult): readonly string[] {
  const { outcome, found, value, problem, index, term } = wanted
  return [
    ...(outcome !== undefined && outcome !== result.outcome ? ['outcome'] : []),
    ...(found !== undefined && found !== result.found ? ['found'] : []),
    ...(value !== undefined && value !== textOf(result.value) ? ['value'] : []),
    ...(problem !== undefined && problem !== result.problem ? ['problem'] : []),
    ...(index !== undefined && !meets(index, result.index) ? ['index'] : []),
    ...(term !== undefined && !meets(term, result.term) ? ['term'] : []),
  ]
}

export function answerText({ outcome, found, value, problem, from, index, term }: CallResult): string {
  if (outcome !== 'ok') return `outcome=${outcome} problem=${problem} from=${from}`
  return `outcome=ok found=${found} value=${textOf(value)} from=${from} index=${index} term=${term}`
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

export const event: Rule<'event'> = {
  kinds: 'all',
  holds: (about, scene) => meets(about.count, scene.counted(about)),
  found: (about, scene) => String(scene.counted(about)),
}

export const stopped: Rule<'stopped'> = {
  kinds: ['stop', 'breakpoint'],
  holds(about, { state, cast, stopKind }) {
    const { stop } = state
    if (stop === undefined || stop.stepping !== 0) return false
    if (about === true) return true
    if (about.node !== undefined && cast.find(about.node, state) !== stop.node) return false
    return about.kind === undefined || about.kind === stopKind
  },
  found(_, { state: { stop }, stopKind }) {
    if (stop === undefined) return 'not stopped'
    return `stopped node=${stop.node} kind=${stopKind} stepping=${stop.stepping}`
  },
}
