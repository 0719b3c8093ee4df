/** The part of `state` that is about what was done to the cluster: faults, rules, clocks, held messages, breakpoints, load. */
import type { HeldView, LinkRule, MomentView } from '../../../preload/contract'
import { aligned, type Terminal } from '../terminal'
import type { ConditionTexts } from '../texts/conditions'

/** Says nothing about what there is none of. */
export async function showConditions(moment: MomentView, terminal: Terminal): Promise<void> {
  const { conditions: texts } = terminal.texts
  for (const line of standing(moment, texts)) {
    terminal.print('')
    terminal.print(line)
  }
  await table(terminal, texts.faults, texts.faultHeading, faultRows(moment, texts), [0, 2])
  await table(terminal, texts.rules, texts.ruleHeading, ruleRows(moment, texts), [1])
  await table(terminal, texts.clocks, texts.clockHeading, clockRows(moment, texts), [0, 2, 3])
  await table(terminal, texts.held, texts.heldHeading, heldRows(moment, texts), [1, 3, 4, 5])
  await table(terminal, texts.breakpoints, texts.breakpointHeading, breakpointRows(moment, texts), [0, 2])
}

async function table(
  { print, write }: Terminal,
  title: string,
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): Promise<void> {
  if (rows.length === 0) return
  print('')
  print(title)
  await write(`${aligned([heading, ...rows], new Set(right)).join('\n')}\n`)
}

function standing({ stop, nemesis, workloads }: MomentView, texts: ConditionTexts): readonly string[] {
  const lines: string[] = []
  if (stop !== null) {
    lines.push(
      stop.stepping === 0 ? texts.stopped(stop.node, stop.breakpoint, stop.since / 1e9) : texts.stepping(stop.stepping),
    )
  }
  if (nemesis !== null) lines.push(texts.nemesis(nemesis.id, nemesis.steps, nemesis.since / 1e9))
  for (const { id, ok, failed, unknown, since } of workloads) {
    lines.push(texts.workload(id, ok, failed, unknown, since / 1e9))
  }
  return lines
}

function faultRows({ faults }: MomentView, texts: ConditionTexts): string[][] {
  return faults.map(({ id, type, since, detail }) => [String(id), texts.fault(type), seconds(since), detail])
}

function ruleRows({ links }: MomentView, texts: ConditionTexts): string[][] {
  return links.flatMap(({ from, to, seed, rules }) =>
    rules.map((rule, place) => [
      place === 0 ? linkName(from, to) : '',
      place === 0 ? String(seed) : '',
      rule.messages.length === 0 ? texts.everyMessage : rule.messages.join(', '),
      actionText(rule.action, texts),
    ]),
  )
}

function actionText(action: LinkRule['action'], texts: ConditionTexts): string {
  switch (action.type) {
    case 'block':
      return texts.block
    case 'hold':
      return texts.hold
    case 'shape': {
      const { dropPercent, delayMs, jitterMs, duplicatePercent, reorderPercent, bytesPerSecond } = action
      const parts = [
        ...(dropPercent > 0 ? [texts.drop(dropPercent)] : []),
        ...(duplicatePercent > 0 ? [texts.duplicate(duplicatePercent)] : []),
        ...(reorderPercent > 0 ? [texts.reorder(reorderPercent)] : []),
        ...(bytesPerSecond > 0 ? [texts.bandwidth(bytesPerSecond)] : []),
        ...(delayMs > 0 || jitterMs > 0 ? [texts.delay(delayMs, jitterMs)] : []),
      ]
      return parts.length === 0 ? texts.pass : parts.join(' · ')
    }
  }
}

function clockRows({ nodes }: MomentView, texts: ConditionTexts): string[][] {
  return nodes
    .filter(({ clock }) => clock.mode !== 'running' || clock.rate !== 1 || clock.skew !== 0)
    .map(({ id, clock }) => [String(id), texts.mode(clock.mode), String(clock.rate), seconds(clock.skew)])
}

function heldRows({ held, nodes }: MomentView, texts: ConditionTexts): string[][] {
  const shown = new Set(nodes.map(({ id }) => id))
  const rows = held.filter(({ to }) => shown.has(to)).map((one) => heldRow(one, texts))
  const more = nodes.reduce((sum, { heldCount }) => sum + heldCount, 0) - rows.length
  return more > 0 ? [...rows, [texts.heldMore(more)]] : rows
}

function heldRow(
  { from, to, id, copyOf, message, term, since, bytes, gist }: HeldView,
  texts: ConditionTexts,
): string[] {
  const content = [
    ...(copyOf === 0 ? [] : [texts.copyOf(copyOf)]),
    ...gist.map(([field, value]) => `${field} ${value}`),
  ]
  const row = [linkName(from, to), String(id), message, String(term), seconds(since), String(bytes)]
  return [...row, content.join(', ')]
}

function breakpointRows({ breakpoints }: MomentView, texts: ConditionTexts): string[][] {
  return breakpoints.map(({ id, enabled, hits, text }) => [String(id), texts.enabled(enabled), String(hits), text])
}

const linkName = (from: number, to: number): string => `${from}→${to}`
const seconds = (nanos: number): string => String(nanos / 1e9)
