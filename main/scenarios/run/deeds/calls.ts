/** Steps that are client calls. */
import type { Command, Consistency } from '../../../node/contract/client'
import { Problem } from '../../../node/contract/problem'
import type { StepOf } from '../../language/steps'
import { millisOf } from '../../language/values'
import { givenAnswerWords } from '../../words'
import { answerDiffers, givenAnswer } from '../conditions'
import type { Deeds } from '../deeds'
import { CallRefused, type Doing, nodeOf } from '../doing'
import { spell } from '../spell'

type Calling = StepOf<'delete'>['delete']

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

export const callDeeds: Deeds<'put' | 'append' | 'cas' | 'delete' | 'get'> = {
  put: ({ put }, doing) => call(put, { op: 'put', key: put.key, value: bytes(put.value) }, doing),
  append: ({ append }, doing) => call(append, { op: 'append', key: append.key, value: bytes(append.value) }, doing),
  cas: ({ cas: { expected, ...cas } }, doing) => {
    const compared = expected === null ? null : bytes(expected)
    return call(cas, { op: 'cas', key: cas.key, expected: compared, value: bytes(cas.value) }, doing)
  },
  delete: (step, doing) => call(step.delete, { op: 'delete', key: step.delete.key }, doing),
  get: ({ get }, doing) => call(get, { op: 'get', key: get.key }, doing, get.read),
}

/** Without a wished answer, it must be `ok`. */
async function call(asked: Calling, command: Command, doing: Doing, consistency?: Consistency): Promise<void> {
  const { via, timeout, name, background, answer } = asked
  const { stage, calls, over, signal } = doing
  const options = {
    timeoutMs: millisOf(timeout),
    // One that goes on in the background outlives its step.
    signal: background ? over : AbortSignal.any([over, signal]),
    ...(via === undefined ? {} : { via: nodeOf(doing, via) }),
    ...(consistency === undefined ? {} : { consistency }),
  }
  const following = calls.follow(name, stage.cluster.call(command, options))
  if (background) {
    // What it was refused for before it was sent (an unknown node, a key too long) is a condition's to see: it never answers.
    following.catch(() => undefined)
    return
  }
  const result = await following
  signal.throwIfAborted()
  if (answer === undefined) {
    if (result.outcome === 'ok') return
    throw new CallRefused(result.problem === '' ? result.outcome : result.problem, givenAnswer(result))
  }
  if (answerDiffers(answer, result).length === 0) return
  throw new Problem('scenario-unmet', {
    what: `answer: { ${spell(answer)} }`,
    words: givenAnswerWords(answer),
    found: givenAnswer(result),
  })
}
