/** What the shell is told on its command line; Electron's own switches stand between these and are skipped. */
export interface ShellArguments {
  readonly home: string | undefined
  /** A recording to show. */
  readonly open: string | undefined
  /** Open what was open last, or start a first cluster. */
  readonly resume: boolean
}

export function parseArguments(argv: readonly string[]): ShellArguments {
  const value = (name: string): string | undefined =>
    argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3)
  return { home: value('home'), open: value('open'), resume: argv.includes('--resume') }
}
