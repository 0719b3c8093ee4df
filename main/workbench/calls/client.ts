import type { CallName, CallResultView } from '../../../preload/contract'
import type { CallOptions, CallResult, Cluster } from '../../cluster/api'
import type { Command } from '../../node/contract/client'
import { sizeProblem } from '../../node/contract/command'
import { MAX_VALUE_BYTES } from '../../node/contract/limits'
import { Problem } from '../../node/contract/problem'
import { shownText } from '../../timeline/views/text'
import { isProblemCode } from '../problems'
import type { Calls, Rooms } from './rooms'

type Names = Extract<CallName, `client.${string}`>

const encoder = new TextEncoder()

export function clientCalls({ session, problemView }: Rooms): Calls<Names> {
  const call = async (command: Command, { via, consistency }: Wish): Promise<CallResultView> => {
    const problem = sizeProblem(command)
    if (problem !== undefined) throw problem
    const { cluster } = session
    const options: CallOptions = {
      ...(via === undefined ? {} : { via }),
      ...(consistency === undefined ? {} : { consistency }),
    }
    const result = await cluster.call(command, options)
    const { problem: _, ...plain } = { ...result, value: shownText(result.value) }
    return result.outcome === 'ok' ? plain : { ...plain, problem: problemView(problemOf(result, cluster)) }
  }
  return {
    'client.put': ({ key, value, ...wish }) => call({ op: 'put', key, value: encoder.encode(value) }, wish),
    'client.get': ({ key, ...wish }) => call({ op: 'get', key }, wish),
    'client.cas': ({ key, expected, value, ...wish }) => {
      const before = expected === null ? null : encoder.encode(expected)
      return call({ op: 'cas', key, expected: before, value: encoder.encode(value) }, wish)
    },
    'client.append': ({ key, value, ...wish }) => call({ op: 'append', key, value: encoder.encode(value) }, wish),
    'client.delete': ({ key, ...wish }) => call({ op: 'delete', key }, wish),
  }
}

/** As the contract gives them: what was left out may stand there as undefined. */
type Wish = { readonly [K in 'via' | 'consistency']?: CallOptions[K] | undefined }

/** The cluster answers with a code; what the sentence needs besides is in the answer itself, or left out of it. */
function problemOf({ problem, outcome, millis, from }: CallResult, cluster: Cluster): Problem {
  const waited = Math.round(millis)
  const node = String(from)
  switch (problem) {
    case 'no-leader':
      return new Problem('no-leader', { millis: waited })
    case 'not-leader':
      return new Problem('not-leader', { leader: '' })
    case 'session-expired':
      return new Problem('session-expired', { session: 0 })
    case 'cluster-busy':
      return new Problem('cluster-busy', { bytes: 0, max: 0 })
    case 'node-busy':
      return new Problem('node-busy', { node, waiting: 0 })
    case 'node-state':
      return new Problem('node-state', { node, state: cluster.standing(from), wanted: 'running' })
    case 'value-size':
      return new Problem('value-size', { given: 0, max: MAX_VALUE_BYTES })
    default:
      if (outcome === 'unknown') return new Problem('call-unknown', { millis: waited })
      return new Problem('internal', { reason: isProblemCode(problem) ? problem : `answer: ${problem}` })
  }
}
