import { resolve } from 'node:path'
import type { EntryView, MomentView, NodeView } from '../../../preload/contract'
import { recordedState } from '../../workbench/headless'
import { Ending } from '../ending'
import { aligned, EXIT, type Terminal } from '../terminal'
import type { Texts } from '../texts'
import { showConditions } from './state-conditions'

export interface StateOptions {
  /** Nanoseconds. */
  readonly at: number
  readonly node?: number
  readonly json: boolean
}

/** Shows every node of a recorded cluster as it was at a moment, or one of them with its whole log. */
export async function stateCommand(recording: string, options: StateOptions, terminal: Terminal): Promise<number> {
  const { json, ...wish } = options
  const path = resolve(recording)
  const ending = new Ending()
  try {
    const { moment, damage } = await recordedState({ recording: path, ...wish, signal: ending.signal })
    for (const problem of damage) terminal.fail(problem)
    if (json) terminal.print(JSON.stringify({ recording: path, at: wish.at, ...moment }, null, 2))
    else await show(moment, wish.node !== undefined, terminal)
    return EXIT.ok
  } finally {
    ending.release()
  }
}

async function show(moment: MomentView, withLog: boolean, terminal: Terminal): Promise<void> {
  const { texts } = terminal
  const { heading, role, process } = texts.moment
  const rows = moment.nodes.map((node) => [
    String(node.id),
    process(node.process.standing),
    role(node.role),
    String(node.currentTerm),
    idOr(node.votedFor, texts),
    idOr(node.leader, texts),
    span(node),
    String(node.log.durableIndex),
    String(node.commitIndex),
    String(node.lastApplied),
    node.snapshot === null ? '–' : String(node.snapshot.index),
    members(node, texts),
  ])
  terminal.print(texts.moment.title(moment.cluster, moment.t / 1e9, moment.seq))
  terminal.print('')
  await terminal.write(`${aligned([heading, ...rows], new Set([0, 3, 7, 8, 9, 10])).join('\n')}\n`)
  if (moment.blocked.length > 0) {
    terminal.print('')
    terminal.print(texts.moment.blocked(moment.blocked.map(([from, to]) => `${from}→${to}`).join(', ')))
  }
  await showConditions(moment, terminal)
  if (withLog) for (const node of moment.nodes) await showLog(node, terminal)
}

async function showLog({ log }: NodeView, { texts, print, write }: Terminal): Promise<void> {
  print('')
  if (log.entries.length === 0) {
    print(texts.moment.noEntries)
    return
  }
  const rows = log.entries.map((entry) => [String(entry.index), String(entry.term), entry.type, contentOf(entry)])
  await write(`${aligned([texts.moment.logHeading, ...rows], new Set([0, 1])).join('\n')}\n`)
  if (log.dataMissing) print(texts.moment.dataMissing)
}

function contentOf({ op, key, value, configuration }: EntryView): string {
  if (configuration !== undefined) return JSON.stringify(configuration)
  const parts = [op, ...(key === '' ? [] : [JSON.stringify(key)]), ...(value === '' ? [] : [JSON.stringify(value)])]
  return parts.join(' ').trim()
}

function idOr(node: number, texts: Texts): string {
  return node === 0 ? texts.nobody : String(node)
}

function span({ log: { firstIndex, lastIndex } }: NodeView): string {
  return lastIndex < firstIndex ? '–' : `${firstIndex}–${lastIndex}`
}

function members({ configuration, configurationCommitted }: NodeView, texts: Texts): string {
  return configuration === null ? '–' : texts.moment.members(configuration, configurationCommitted)
}
