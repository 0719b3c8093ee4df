/** Conditions about what is under way and what was told: held messages, calls, events, a stop of the whole cluster. */
import type { CallResult } from '../../../cluster'
import {
  answerFound,
  eventsFound,
  finished,
  heldFound,
  NOT_STOPPED,
  notCalled,
  stopFound,
  type Text,
  unansweredFound,
} from '../../words'
import { meets } from '../bounds'
import { heldOn, linksIn } from '../links'
import type { About, Rule, Scene } from './scene'

export const held: Rule<'held'> = {
  kinds: ['held', 'released', 'started', 'process'],
  holds: (about, scene) => meets(about.count, heldBy(about, scene).length),
  found: (about, scene) => heldFound(heldBy(about, scene).map(({ text }) => text)),
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
    return result === undefined ? unansweredFound(call) : answerText(result, call)
  },
}

export const unanswered: Rule<'unanswered'> = {
  kinds: [],
  holds: (name, { calls }) => calls.has(name) && calls.get(name) === undefined,
  found(name, { calls }) {
    const result = calls.get(name)
    if (result !== undefined) return answerText(result, name)
    return calls.has(name) ? unansweredFound(name) : notCalled(name)
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

function answerText({ outcome, found, value, problem, from, index, term }: CallResult, call?: string): Text {
  if (outcome !== 'ok') return answerFound({ outcome, ...(problem === '' ? {} : { problem }) }, from, call)
  return answerFound({ outcome, found, ...(found ? { value: textOf(value) } : {}), index, term }, from, call)
}

/** The answer to the call that a step made. */
export function givenAnswer(result: CallResult): Text {
  return finished(answerText(result))
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

export const event: Rule<'event'> = {
  kinds: 'all',
  holds: (about, scene) => meets(about.count, scene.counted(about)),
  found: (about, scene) => eventsFound(scene.counted(about)),
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
    return stop === undefined ? NOT_STOPPED : stopFound(stop.node, stopKind, stop.stepping)
  },
}
