import type { CallResultView, ProblemView } from '../../../preload/contract'
import type { CallResult } from '../../cluster/api'
import type { Command } from '../../node/contract/client'
import { MAX_KEY_BYTES, MAX_VALUE_BYTES } from '../../node/contract/limits'
import { Problem } from '../../node/contract/problem'
import { isProblemCode } from '../problems'
import { shownText } from '../views/text'
import type { Calls, Rooms } from './rooms'

const encoder = new TextEncoder()

export function clientCalls({ session, problemView }: Rooms): Calls<'client.put' | 'client.get' | 'client.delete'> {
  const call = async (command: Command, via: number | undefined): Promise<CallResultView> => {
    checkKey(command.key)
    const { cluster } = session
    const result = await cluster.call(command, via === undefined ? {} : { via })
    return resultView(result, problemView)
  }
  return {
    'client.put': ({ key, value, via }) => {
      const bytes = encoder.encode(value)
      checkValue(bytes)
      return call({ op: 'put', key, value: bytes }, via)
    },
    'client.get': ({ key, via }) => call({ op: 'get', key }, via),
    'client.delete': ({ key, via }) => call({ op: 'delete', key }, via),
  }
}

function checkKey(key: string): void {
  const given = Buffer.byteLength(key)
  if (given < 1 || given > MAX_KEY_BYTES) throw new Problem('key-size', { given, max: MAX_KEY_BYTES })
}

function checkValue(value: Uint8Array): void {
  if (value.length > MAX_VALUE_BYTES) {
    throw new Problem('value-size', { given: value.length, max: MAX_VALUE_BYTES })
  }
}

function resultView(result: CallResult, view: (problem: Problem) => ProblemView): CallResultView {
  const plain = { ...result, value: shownText(result.value) }
  if (result.outcome === 'ok') {
    const { problem: _, ...fine } = plain
    return fine
  }
  return { ...plain, problem: view(problemOf(result)) }
}

/** The cluster answers with a code; what the sentence needs besides is in the answer itself. */
function problemOf({ problem, outcome, millis }: CallResult): Problem {
  const waited = Math.round(millis)
  if (problem === 'no-leader') return new Problem('no-leader', { millis: waited })
  if (problem === 'call-unknown' || outcome === 'unknown') return new Problem('call-unknown', { millis: waited })
  if (problem === 'not-leader') return new Problem('not-leader', { leader: '' })
  return new Problem('internal', { reason: isProblemCode(problem) ? problem : `answer: ${problem}` })
}
