/** From a timeline to a scenario that does by steps what was done by hand. */

import { newSettings } from '../../cluster/settings'
import type { TimelineEvent } from '../../node/contract/events'
import { DEFAULT_SETTINGS } from '../../node/contract/settings'
import { readScenario } from '../language/parse'
import { LANGUAGE_VERSION } from '../language/schema'
import type { Act } from './act'
import { detailOf } from './details'
import { type Done, Scribe } from './scribe'
import { textOf, type WrittenStep } from './text'

export interface WritingOptions {
  /** Of the scenario: small letters, digits and `-`. */
  readonly id: string
  /** The first event that counts; those before it only show how the cluster was. Default: all count. */
  readonly from?: number
}

/** A scenario may have 500; the last is kept for what says that it was cut. */
const MAX_STEPS = 499

/**
 * Writes what the user did over a timeline as a scenario, with what there was in between as waits. The text keeps to the
 * language: `parseScenario` takes it. What no step can do stands there as a comment.
 */
export async function writeScenario(
  events: AsyncIterable<readonly TimelineEvent[]> | Iterable<readonly TimelineEvent[]>,
  { id, from = 0 }: WritingOptions,
): Promise<string> {
  const scribe = new Scribe(from)
  for await (const batch of events) for (const event of batch) scribe.take(event)
  return sound(scribe.end(), id)
}

/** A recording may hold what the language has no words for: whatever is refused becomes a comment. */
function sound(done: Done, id: string): string {
  let acts = done.acts
  for (;;) {
    const { text, numbers } = written(done, acts, id)
    const read = readScenario(text)
    if (read.ok) return text
    const wrong = new Map(
      read.issues.flatMap(({ path, code }) => {
        const step = /^steps\[(\d+)\]/.exec(path)?.[1]
        const number = step === undefined ? undefined : numbers[Number(step)]
        return number === undefined ? [] : [[number, code] as const]
      }),
    )
    // Only steps hold what came from the recording: without one to leave out, this is a mistake of ours.
    if (wrong.size === 0) throw new TypeError(`the scenario that was written is none: ${JSON.stringify(read.issues)}`)
    acts = acts.map((act, at) => (wrong.has(at) ? aside(act, wrong.get(at) ?? '') : act))
  }
}

function aside({ step, comment }: Act, code: string): Act {
  const was = `left out (${code}): ${JSON.stringify(step).slice(0, 200)}`
  return { step: undefined, comment: comment === '' ? was : `${comment}\n${was}` }
}

/** `numbers`: of each step, which act it is. */
function written(
  done: Done,
  acts: readonly Act[],
  id: string,
): { readonly text: string; readonly numbers: readonly number[] } {
  const steps: WrittenStep[] = []
  const numbers: number[] = []
  let comments: readonly string[] = []
  for (const [at, { step, comment }] of acts.entries()) {
    if (comment !== '') comments = [...comments, comment]
    if (step === undefined) continue
    if (steps.length === MAX_STEPS) {
      comments = ['more was done, but a scenario has no more steps']
      break
    }
    steps.push({ step, comment: comments.join('\n') })
    numbers.push(at)
    comments = []
  }
  const end = { en: 'Here the recording ends.', zh: '录制到此结束。' }
  steps.push({ step: { say: end }, comment: comments.join('\n') })
  const { roster, state, settings, isManual } = done
  const comment = [
    `What was done by hand in the cluster “${state.name}”, written by Raft Workbench.`,
    'Change it as you like; raft-workbench run plays it.',
    ...(roster.renumbered.length === 0 ? [] : [`Nodes have other numbers here: ${roster.renumbered.join(', ')}.`]),
  ].join('\n')
  const head = {
    scenario: LANGUAGE_VERSION,
    id,
    title: { en: 'Recorded by hand', zh: '手动操作的录制' },
    about: { en: 'What somebody did to a live cluster, step by step.', zh: '对运行中的集群逐步进行的操作。' },
    tags: ['faults'],
    cluster: {
      nodes: Math.max(1, roster.size),
      ...(roster.witnesses === 0 ? {} : { witnesses: roster.witnesses }),
      ...(isManual ? { manual: true } : {}),
      ...settingsOf(settings, done),
    },
    limit: `${Math.min(600, 120 + Math.ceil(done.millis / 1000))}s`,
  }
  return { text: textOf({ head, steps, tail: {}, comment }), numbers }
}

/** Those that are not as by default, as far as a new cluster takes them. */
function settingsOf(
  text: string,
  { roster }: Done,
): { readonly settings?: Readonly<Record<string, unknown>>; readonly bug?: unknown } {
  const nodes = Array.from({ length: Math.max(1, roster.size) }, (_, at) => at + 1)
  const witnesses = nodes.slice(nodes.length - roster.witnesses)
  const byDefault: Readonly<Record<string, unknown>> = newSettings({}, { nodes, witnesses })
  const { priorities: _ofOtherNumbers, ...recorded } = detailOf(text)
  const settings = Object.fromEntries(
    Object.entries(recorded).filter(
      ([name, value]) => name in DEFAULT_SETTINGS && JSON.stringify(value) !== JSON.stringify(byDefault[name]),
    ),
  )
  if (Object.keys(settings).length === 0) return {}
  try {
    newSettings(settings, { nodes, witnesses })
    // The language has a word of its own for it.
    const { bug, ...others } = settings
    return {
      ...(Object.keys(others).length === 0 ? {} : { settings: others }),
      ...(bug === undefined ? {} : { bug }),
    }
  } catch {
    // Of another version, or of another system.
    return {}
  }
}
