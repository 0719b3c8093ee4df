/**
 * Every action of the window is a command: an id, a label, perhaps keys, and when it makes sense. Buttons, menus, keys
 * and the palette all call {@link Commands.run}; nothing acts beside it.
 *
 * A module that defines commands adds their arguments to {@link CommandMap}:
 * `declare module '../commands/registry' { interface CommandMap { 'logs.followEnd': undefined } }`
 */
import { type ComputedRef, computed, getCurrentScope, onScopeDispose, shallowReactive } from 'vue'
import { sentenceOf } from '../stores/door'
import { useToasts } from '../stores/toasts'

/** Command id → argument. `undefined` = none. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging, next to each definition
export interface CommandMap {}
export type CommandId = keyof CommandMap

type Args<I extends CommandId> = CommandMap[I] extends undefined ? [] : [argument: CommandMap[I]]

/** One way to call a command that takes an argument, as the palette offers it: "Kill n3". */
export interface Variant<A> {
  /** Put into the label as `{target}`; already in the reader's language. */
  readonly target: string
  readonly argument: A
}

export interface CommandDefinition<I extends CommandId = CommandId> {
  readonly id: I
  /** Key in the catalogue; may hold `{target}`. */
  readonly label: string
  /** tinykeys notation, e.g. `$mod+k`, `Shift+?`; the first is the one that is shown. */
  readonly keys?: readonly string[]
  readonly group: CommandGroup
  /** Whether it can be run now; reactive. Left out = always. */
  readonly when?: () => boolean
  /** Palette entries for a command with an argument: one per thing it can act on. */
  readonly variants?: () => readonly Variant<CommandMap[I]>[]
  /** Argument when it is called by its key; the key does nothing without one. */
  readonly fromKey?: () => CommandMap[I] | undefined
  /** Not listed in the palette: the palette itself, and commands whose argument only a form can give. */
  readonly hidden?: boolean
  readonly run: (argument: CommandMap[I]) => unknown
}
export const COMMAND_GROUPS = [
  'cluster',
  'nodes',
  'members',
  'links',
  'faults',
  'breakpoints',
  'load',
  'client',
  'scenarios',
  'verdicts',
  'time',
  'view',
  'help',
] as const
export type CommandGroup = (typeof COMMAND_GROUPS)[number]

export type AnyCommand = Omit<CommandDefinition, 'run' | 'variants' | 'fromKey'> & {
  readonly run: (argument: unknown) => unknown
  readonly variants?: () => readonly Variant<unknown>[]
  readonly fromKey?: () => unknown
}

const registry = shallowReactive(new Map<CommandId, AnyCommand>())

/**
 * Adds a command until the surrounding effect scope ends (a component's setup), or for good outside of one.
 * A second definition of an id replaces the first.
 */
export function defineCommand<I extends CommandId>(definition: CommandDefinition<I>): void {
  const command = definition as unknown as AnyCommand
  registry.set(definition.id, command)
  if (getCurrentScope() === undefined) return
  onScopeDispose(() => {
    if (registry.get(definition.id) === command) registry.delete(definition.id)
  })
}

export interface Commands {
  readonly list: ComputedRef<readonly AnyCommand[]>
  /** Runs a command; what it throws becomes a toast, so a caller need not wait. Resolves to whether it worked. */
  run<I extends CommandId>(id: I, ...argument: Args<I>): Promise<boolean>
  /** Whether it is known and makes sense now; reactive. */
  enabled(id: CommandId): boolean
  /** The first key of a command, or nothing. */
  keyOf(id: CommandId): string | undefined
}

/** Runs a command with an argument that only its definition knows the type of (palette, keys). */
export async function runUntyped(id: CommandId, argument: unknown): Promise<boolean> {
  const command = registry.get(id)
  if (command === undefined || command.when?.() === false) return false
  try {
    await command.run(argument)
    return true
  } catch (thrown) {
    useToasts().push({ tone: 'danger', text: () => sentenceOf(thrown) })
    return false
  }
}

const list = computed(() => [...registry.values()])

export function useCommands(): Commands {
  return {
    list,
    run: (id, ...argument) => runUntyped(id, argument[0]),
    enabled: (id) => {
      const command = registry.get(id)
      return command !== undefined && command.when?.() !== false
    },
    keyOf: (id) => registry.get(id)?.keys?.[0],
  }
}
