/**
 * The one place that starts our programs, the same way under plain Node and under Electron: `process.execPath` again,
 * with ELECTRON_RUN_AS_NODE=1 in a copy of the environment. Plain Node ignores that variable; an Electron binary obeys
 * it only while its `runAsNode` fuse is on (the default), so packaging must not turn that fuse off.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import { LAUNCH_FILE, type Launch } from '../node/contract/launch'

const posix = process.platform !== 'win32'

function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
  // Meant for the workbench itself: an inspector port, a loader, a coverage directory.
  delete env.NODE_OPTIONS
  delete env.NODE_V8_COVERAGE
  return env
}

export interface Program {
  readonly program: string
  readonly execPath: string
}

export interface NodeProgram extends Program {
  /** A directory of this user, for what is too long for an argument. */
  readonly launches: string
}

/** The node with bugs, beside the ordinary one; which of them it has is its second argument (main/zoo/switch.ts). */
const ZOO_PROGRAM = 'node-zoo.cjs'

/** Linux takes 128 KiB in one argument, Windows 32 Ki characters in all of them. */
const MAX_ARGUMENT_BYTES = 16 << 10

/** The launch itself; with many rules of links, the file that holds it, which the node removes when it has read it. */
function argumentOf(launch: Launch, directory: string): string {
  const json = JSON.stringify(launch)
  if (Buffer.byteLength(json) <= MAX_ARGUMENT_BYTES) return json
  const path = join(directory, `launch-n${launch.node}`)
  writeFileSync(path, json, { mode: 0o600 })
  return `${LAUNCH_FILE}${path}`
}

/**
 * Starts a node process. It has a session of its own, so that Ctrl-C in a terminal reaches the workbench only, which
 * then ends its nodes in order.
 */
export function launchNode({ program, execPath, launches }: NodeProgram, launch: Launch): ChildProcess {
  const { bug } = launch.settings
  const argument = argumentOf(launch, launches)
  const started = bug === '' ? [program, argument] : [join(dirname(program), ZOO_PROGRAM), argument, bug]
  return spawn(execPath, started, {
    env: environment(),
    // The first one is the lifeline, on which nothing is ever said: a channel of Node's own would cost each process a twentieth of
    // what it computes until its program begins. The last one, ORDERS_FD, is for breakpoints.
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: posix,
  })
}

/** Starts a warden; `occasion` says in a list of processes which cluster it was started with. */
export function launchWarden({ program, execPath }: Program, occasion: string): ChildProcess {
  return spawn(execPath, [program, occasion], {
    env: environment(),
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  })
}

/** The process in which a workbench judges; `start` is its argument. Its end is its channel's, so that it does not outlive the workbench. */
export function launchJudge({ program, execPath }: Program, start: string): ChildProcess {
  return fork(program, [start], {
    execPath,
    execArgv: [],
    env: environment(),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    detached: posix,
  })
}

const MAX_LINE = 8192

/** Calls `onLine` for every line of a stream, a last one without its end and pieces of an endless one included. */
export function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split(/\r?\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line.slice(0, MAX_LINE))
    while (rest.length >= MAX_LINE) {
      onLine(rest.slice(0, MAX_LINE))
      rest = rest.slice(MAX_LINE)
    }
  })
  stream.on('end', () => {
    if (rest !== '') onLine(rest)
  })
}
