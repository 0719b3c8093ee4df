/** What the palette offers: every command that can run now, once per thing it can act on, in both languages. */
import { fuzzyScore } from '../../commands/fuzzy'
import type { AnyCommand, CommandGroup, CommandId } from '../../commands/registry'

export interface PaletteEntry {
  readonly key: string
  readonly command: CommandId
  readonly argument: unknown
  readonly group: CommandGroup
  readonly label: string
  /** The label in the other language: found by search, shown small. */
  readonly other: string
  /** Only where the key would do exactly this. */
  readonly keys: string | undefined
  /** Offered before anything is searched for. */
  readonly ready: boolean
}

/** @param label the command's label with its target, in the language asked for */
export function paletteEntries(
  commands: readonly AnyCommand[],
  label: (key: string, target: string, other: boolean) => string,
): readonly PaletteEntry[] {
  const entries: PaletteEntry[] = []
  for (const command of commands) {
    if (command.hidden === true || command.when?.() === false) continue
    const byKey = command.fromKey?.()
    const offer = (target: string, argument: unknown) => {
      const isByKey = command.fromKey === undefined || sameArgument(byKey, argument)
      entries.push({
        key: `${command.id} ${target}`,
        command: command.id,
        argument,
        group: command.group,
        label: label(command.label, target, false),
        other: label(command.label, target, true),
        keys: isByKey ? command.keys?.[0] : undefined,
        ready: isByKey && (command.variants === undefined || byKey !== undefined || command.group === 'view'),
      })
    }
    if (command.variants !== undefined) for (const { target, argument } of command.variants()) offer(target, argument)
    else offer('', undefined)
  }
  return entries
}

const sameArgument = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** Best first. Nothing searched for: what can be done without naming a target, and what acts on the selected node. */
export function searchPalette(entries: readonly PaletteEntry[], query: string): readonly PaletteEntry[] {
  if (query.trim() === '') return entries.filter((entry) => entry.ready)
  return entries
    .map((entry, order) => ({
      entry,
      order,
      score: Math.max(fuzzyScore(query, entry.label), fuzzyScore(query, entry.other) * 0.9),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .map(({ entry }) => entry)
}
