import { Argument, Command, CommanderError, Option } from 'commander'
import { EXPORT_FORMATS } from '../../preload/contract'
import { Problem } from '../workbench'
import { homeDirectory } from '../workbench/home'
import { BENCH_TEXTS, type BenchOptions, bench } from './bench'
import { type CheckOptions, check } from './commands/check'
import { type ExportOptions, exportCommand } from './commands/export'
import { type ForkOptions, forkCommand } from './commands/fork'
import { importCommand } from './commands/import'
import { inspect } from './commands/inspect'
import { open } from './commands/open'
import {
  DEFAULT_MINUTES,
  DEFAULT_RELIABILITY_NODES,
  DEFAULT_SEEDS,
  parseMinutes,
  parseSeeds,
  type ReliabilityOptions,
  reliability,
} from './commands/reliability'
import { LEVELS, parseSeed, type RunOptions, runScenario } from './commands/run'
import { type ScenariosOptions, scenarios } from './commands/scenarios'
import { type ServeOptions, serve } from './commands/serve'
import { stateCommand } from './commands/state'
import { DEFAULT_ZOO_SEEDS, type ZooOptions, zoo } from './commands/zoo'
import type { Places } from './hosting'
import { EXIT, type Terminal } from './terminal'
import { CHECK_TEXTS } from './texts/check'
import { FORK_TEXTS } from './texts/fork'
import { RELIABILITY_TEXTS } from './texts/reliability'
import { RUN_TEXTS } from './texts/run'
import { SCENARIOS_TEXTS } from './texts/scenarios'
import { ZOO_TEXTS } from './texts/zoo'
import {
  parseKind,
  parseNode,
  parseNodes,
  parsePort,
  parseReporter,
  parseSetting,
  parseTime,
  parseWidth,
} from './values'

/**
 * Runs one command line.
 * @param args without the program's own name
 * @returns the exit status
 */
export async function run(args: readonly string[], places: Places, terminal: Terminal): Promise<number> {
  const { texts } = terminal
  let status: number = EXIT.ok
  /** Keeps the exit status of a command that ran. */
  const ran = (result: Promise<number>): Promise<void> =>
    result.then((given) => {
      status = given
    })
  const home = () => new Option('--home <DIR>', texts.home)
  const port = () => new Option('--port <P>', texts.port).argParser((given) => parsePort(given, texts))

  const program = new Command('raft-workbench')
    .description(texts.program)
    .version(places.version, '-V, --version', texts.version)
    .helpOption('-h, --help', texts.help)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      // Trouble is said once, in the person's language, below.
      writeErr: () => undefined,
    })
  const command = (name: string, description: string): Command =>
    program.command(name).description(description).helpOption('-h, --help', texts.help)

  command('open', texts.open)
    .argument('[recording]', texts.openRecording)
    .addOption(home())
    .addOption(port())
    .action((recording: string | undefined, given: { home?: string; port?: number }) =>
      ran(open({ ...given, ...(recording ? { recording } : {}), home: homeDirectory(given.home) }, places, terminal)),
    )

  command('serve', texts.serve)
    .addOption(port())
    .addOption(new Option('--nodes <N>', texts.serveNodes).argParser((given) => parseNodes(given, texts)))
    .addOption(new Option('--witnesses <W>', texts.serveWitnesses).argParser((given) => parseNodes(given, texts)))
    .addOption(
      new Option('--set <NAME=VALUE>', texts.serveSet).argParser((given, before: ServeOptions['set']) =>
        parseSetting(given, before, texts),
      ),
    )
    .addOption(home())
    .option('--open', texts.serveOpen, false)
    .option('--no-open', texts.serveNoOpen)
    .option('--json', texts.json, false)
    .action((given: Omit<ServeOptions, 'home'> & { home?: string }) =>
      ran(serve({ ...given, home: homeDirectory(given.home) }, places, terminal)),
    )

  command('export', texts.export)
    .addArgument(new Argument('<RECORDING>', texts.exportRecording))
    .addOption(new Option('--format <F>', texts.exportFormat).choices(EXPORT_FORMATS).makeOptionMandatory())
    .requiredOption('--out <FILE>', texts.exportOut)
    .addOption(new Option('--from <T>', texts.exportFrom).argParser((given) => parseTime(given, texts)))
    .addOption(new Option('--to <T>', texts.exportTo).argParser((given) => parseTime(given, texts)))
    .addOption(
      new Option('--node <N>', texts.exportNode).argParser((given, before: ExportOptions['node']) =>
        parseReporter(given, before, texts),
      ),
    )
    .addOption(
      new Option('--kind <K>', texts.exportKind).argParser((given, before: ExportOptions['kind']) =>
        parseKind(given, before, texts),
      ),
    )
    .option('--key <KEY>', texts.exportKey)
    .addOption(new Option('--theme <T>', texts.exportTheme).choices(['dark', 'light']))
    .addOption(new Option('--lang <L>', texts.exportLanguage).choices(['en', 'zh']))
    .addOption(new Option('--width <PX>', texts.exportWidth).argParser((given) => parseWidth(given, texts)))
    .action((recording: string, given: ExportOptions) => ran(exportCommand(recording, given, places, terminal)))

  command('import', texts.import)
    .addArgument(new Argument('<FILE>', texts.importFile))
    .requiredOption('--out <RECORDING>', texts.importOut)
    .action((file: string, { out }: { out: string }) => ran(importCommand(file, out, terminal)))

  command('state', texts.stateCommand)
    .addArgument(new Argument('<RECORDING>', texts.exportRecording))
    .addOption(
      new Option('--at <T>', texts.stateAt).argParser((given) => parseTime(given, texts)).makeOptionMandatory(),
    )
    .addOption(new Option('--node <N>', texts.stateNode).argParser((given) => parseNode(given, texts)))
    .option('--json', texts.json, false)
    .action((recording: string, given: { at: number; node?: number; json: boolean }) =>
      ran(stateCommand(recording, given, terminal)),
    )

  const checkTexts = CHECK_TEXTS[terminal.language]
  command('check', checkTexts.description)
    .addArgument(new Argument('<FILE>', checkTexts.file))
    .addOption(new Option('--model <M>', checkTexts.model).choices(['kv', 'register', 'cas-register']))
    .option('--report <FILE>', checkTexts.report)
    .option('--json', texts.json, false)
    .action((file: string, given: CheckOptions) => ran(check(file, given, terminal)))

  const scenariosTexts = SCENARIOS_TEXTS[terminal.language]
  command('scenarios', scenariosTexts.description)
    .option('--json', texts.json, false)
    .option('--schema', scenariosTexts.schema, false)
    .option('--from <RECORDING>', scenariosTexts.from)
    .option('--out <FILE>', scenariosTexts.out)
    .action((given: ScenariosOptions) => ran(scenarios(given, terminal)))

  const runTexts = RUN_TEXTS[terminal.language]
  command('run', runTexts.description)
    .addArgument(new Argument('<SCENARIO>', runTexts.scenario))
    .addOption(new Option('--nodes <N>', runTexts.nodes).argParser((given) => parseNodes(given, texts)))
    .addOption(new Option('--seed <S>', runTexts.seed).argParser((given) => parseSeed(given, runTexts)))
    .option('--out <FILE>', runTexts.out)
    .addOption(new Option('--level <L>', runTexts.level).choices(LEVELS))
    .option('--report <FILE>', runTexts.report)
    .option('--json', texts.json, false)
    .action((scenario: string, given: RunOptions) => ran(runScenario(scenario, given, places, terminal)))

  const forkTexts = FORK_TEXTS[terminal.language]
  command('fork', forkTexts.description)
    .addArgument(new Argument('<RECORDING>', texts.exportRecording))
    .addOption(new Option('--at <T>', forkTexts.at).argParser((given) => parseTime(given, texts)).makeOptionMandatory())
    .requiredOption('--out <DIR>', forkTexts.out)
    .option('--name <NAME>', forkTexts.name)
    .option('--json', texts.json, false)
    .action((recording: string, given: ForkOptions) => ran(forkCommand(recording, given, terminal)))

  command('inspect', texts.inspect)
    .addArgument(new Argument('<DATA-DIR>', texts.inspectDirectory))
    .option('--json', texts.json, false)
    .action((directory: string, { json }: { json: boolean }) => ran(inspect(directory, json, terminal)))

  const reliabilityTexts = RELIABILITY_TEXTS[terminal.language]
  command('reliability', reliabilityTexts.description)
    .addOption(
      new Option('--minutes <N>', reliabilityTexts.minutes)
        .argParser((given) => parseMinutes(given, reliabilityTexts))
        .default(DEFAULT_MINUTES),
    )
    .addOption(
      new Option('--seeds <A,B>', reliabilityTexts.seeds)
        .argParser((given) => parseSeeds(given, reliabilityTexts))
        .default(DEFAULT_SEEDS, DEFAULT_SEEDS.join()),
    )
    .addOption(
      new Option('--nodes <N>', reliabilityTexts.nodes)
        .argParser((given) => parseNodes(given, texts))
        .default(DEFAULT_RELIABILITY_NODES),
    )
    .option('--json', texts.json, false)
    .action((given: ReliabilityOptions) => ran(reliability(given, places, terminal)))

  const zooTexts = ZOO_TEXTS[terminal.language]
  command('zoo', zooTexts.description)
    .argument('[bugs...]', zooTexts.bugs)
    .addOption(
      new Option('--seeds <A,B>', zooTexts.seeds)
        .argParser((given) => parseSeeds(given, reliabilityTexts))
        .default(DEFAULT_ZOO_SEEDS, DEFAULT_ZOO_SEEDS.join()),
    )
    .option('--list', zooTexts.list, false)
    .option('--json', texts.json, false)
    .action((bugs: string[], given: ZooOptions) => ran(zoo(bugs, given, places, terminal)))

  const benchTexts = BENCH_TEXTS[terminal.language]
  command('bench', benchTexts.bench)
    .argument('[suites...]', benchTexts.suites)
    .option('--json', texts.json, false)
    .option('--quick', benchTexts.quick, false)
    .option('--runs <N>', benchTexts.runs)
    .action((suites: string[], given: BenchOptions) => ran(bench(suites, given, places, terminal)))

  try {
    if (args.length === 0) {
      terminal.say(program.helpInformation().trimEnd())
      return EXIT.usage
    }
    await program.parseAsync(args, { from: 'user' })
    return status
  } catch (trouble) {
    if (trouble instanceof CommanderError) {
      if (trouble.exitCode === 0) return EXIT.ok
      return terminal.fail(new Problem('usage', { reason: sentenceIn(trouble.message) }))
    }
    return terminal.fail(trouble)
  }
}

/** Commander's message as a sentence of its own. */
function sentenceIn(message: string): string {
  const text = message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')
  const capital = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.)?。]$/.test(capital) ? capital : `${capital}.`
}
