import type { ErrorCode } from '../../node/contract/breakpoint/types'
import type { LinkPreset } from '../../node/contract/conditions'
import { because, breakpointText, namedIn, type PresetReason, plainReason } from './faults'
import { bytes, type FaultSentences } from './sentences'

/** What is wrong with a breakpoint at one place, and what to do there. */
const SYNTAX: Readonly<Record<ErrorCode, (found: string) => string>> = {
  empty: () => 'it says nothing yet. Write a condition, such as “leader elected” or “n2: commitIndex >= 10”',
  'too-long': () => 'it is too long. Use several shorter breakpoints',
  'unexpected-character': (found) => `“${found}” has no meaning in it`,
  'unexpected-word': (found) => `“${found}” can't stand there`,
  'unexpected-end': () => 'it ends too early',
  'unknown-name': (found) => `there is no event or state named “${found}”`,
  'unknown-field': (found) => `that event has no field “${found}”`,
  'unknown-value': (found) => `“${found}” is no value that it can have`,
  'wrong-type': (found) => `“${found}” is of another kind than what it is compared with`,
  'not-ordered': (found) => `words have no order, so “${found}” can't compare them. Use = or !=`,
  'not-comparable': (found) => `“${found}” is a list or bytes, which can't be compared`,
  'event-negated': (found) =>
    `“not” before the event “${found}” would be nearly every other event. Name what shall happen`,
  'never-true': () => 'this can never be true: nothing is two things at once. Take one of them away, or write “or”',
  'too-many-alternatives': () => 'it has too many alternatives. Use several shorter breakpoints',
}

/** As the window names them. */
const PRESETS: Readonly<Record<LinkPreset, string>> = {
  'isolate-leader': 'Isolate the leader',
  isolate: 'Isolate one node',
  majority: 'Leader in a minority',
  bridge: 'Bridge',
  ring: 'Ring',
  deaf: 'Deaf',
  mute: 'Mute',
  flaky: 'Flaky',
  slow: 'Slow',
  'hold-all': 'Hold all messages',
}

/** Why a pattern does not fit, and what to do about that. */
const UNFIT: Readonly<Record<PresetReason, string>> = {
  'no-leader': 'needs a leader, and nobody leads now. No link was changed; wait until one is elected, then try again.',
  'node-wanted': 'is about one node, and none was named. No link was changed; choose the node.',
  'too-few-nodes': 'needs more nodes than this cluster has. No link was changed; choose another pattern, or add nodes.',
}

export const faultsEn: FaultSentences = {
  'fault-invalid': ({ where, reason }) =>
    `“${where}” can't be that${because(reason)}. Nothing was changed; correct it and try again.`,
  'fault-unknown': ({ id }) =>
    `There is no fault ${id} any more. It has ended; look at the list of faults for those there are.`,
  'preset-impossible': ({ preset, reason }) => {
    const unfit = namedIn(UNFIT, reason)
    const name = namedIn(PRESETS, preset) ?? preset
    return unfit === undefined
      ? `The pattern “${name}” does not fit this cluster as it is${because(reason)}. No link was changed; choose another pattern or another node.`
      : `The pattern “${name}” ${unfit}`
  },
  'held-unknown': ({ link, id }) =>
    `Message ${id} is not held on link ${link} (any more). It was released or dropped, or its node ended; choose one from the list of held messages.`,
  'hold-full': ({ node, messages, bytes: size }) =>
    `Node ${node} keeps ${messages} messages (${bytes(size)}) already, and no more fit. Release or drop some, then try again.`,
  'message-invalid': ({ reason }) =>
    `The edited message can't be sent${because(plainReason(reason))}. The message is held as it was; correct the field and send again.`,
  'timer-unset': ({ node }) =>
    `Node ${node} waits for no deadline, so there is nothing to fire: it is asleep or still reads its disk. Wake it by a write, or try again in a moment.`,
  'record-unknown': ({ node, file, record, reason }) =>
    `Node ${node} has no record ${record} in ${file} whose bit can be flipped${because(reason)}. Nothing was changed; choose a record from the node's files.`,
  'breakpoint-invalid': (details) => {
    const { from, code, found, expected } = details
    const wrong = Object.hasOwn(SYNTAX, code)
      ? SYNTAX[code as keyof typeof SYNTAX](found)
      : `“${found}” is not understood`
    const instead = expected === '' ? '' : ` Possible there: ${expected}.`
    return `The breakpoint ${breakpointText(details, '“', '”')} is wrong at character ${from + 1}: ${wrong}.${instead} Correct it there; it was not set.`
  },
  'breakpoint-limit': ({ max }) =>
    `A cluster has at most ${max} breakpoints. Remove one that you don't need, then set this one.`,
  'breakpoint-unknown': ({ id }) => `There is no breakpoint ${id} any more. Choose one from the list of breakpoints.`,
  'cluster-stopped': ({ node }) =>
    node === '' || node === '0'
      ? 'The whole cluster stands still, and this needs it to answer. Continue it first, then try again.'
      : `The whole cluster stands still, and this needs an answer of node ${node}. Continue it first, then try again.`,
  'not-stopped': () =>
    'The cluster is not stopped: there is nothing to continue or to step. Stop it first, or set a breakpoint.',
  'schedule-lethal': ({ down, nodes }) =>
    `This schedule would take ${down} of ${nodes} nodes down at the same time. Nothing was begun; lower “maxDown”, so that at least one node stays alive.`,
  'nemesis-running': () => 'A nemesis is running in this cluster already. Wait until it has ended, or stop it first.',
  'workload-limit': ({ max }) => `A cluster runs at most ${max} workloads at the same time. Stop one of them first.`,
  'workload-unknown': ({ id }) =>
    `There is no workload ${id} that runs. It has ended; look at the list of workloads for those that run.`,
}
