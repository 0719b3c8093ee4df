/** Where a judge's judging is done. */
import { Socket } from 'node:net'
import { launchJudge, readLines } from '../../../cluster/launcher'
import { asProblem, Problem } from '../../../node/contract/problem'
import type { FromJudge, JudgePort, JudgeStart, ProblemData } from './protocol'

/** What crosses the processes instead of an error. */
export function problemData(error: unknown): ProblemData {
  const { code, details } = asProblem(error)
  return { code, details }
}

/**
 * A process of its own that runs `program` (the built judge.js). Not a thread: what it reads and throws away again would belong to the
 * workbench's own memory, and whenever a node is started the page tables of all of that are copied (docs/performance.md), while nothing
 * else happens. One that dies, or cannot be started, counts as failed.
 */
export function processPort(program: string, start: JudgeStart): JudgePort {
  const listeners: ((message: FromJudge) => void)[] = []
  let last: FromJudge | undefined
  let lastWords = ''
  const tell = (message: FromJudge) => {
    if (last !== undefined) return
    if (message.type !== 'found') last = message
    for (const listener of listeners) listener(message)
  }
  const failed = (error: unknown) => tell({ type: 'failed', problem: problemData(error) })

  const child = launchJudge({ program, execPath: process.execPath }, JSON.stringify(start))
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      failed(error)
      if (child.pid === undefined) resolve()
    })
    // Behind all that it has said.
    child.on('close', (status, signal) => {
      const reason = `the process that judges ended (${signal ?? status})${lastWords}`
      failed(new Problem('internal', { reason }))
      resolve()
    })
  })
  child.on('message', (message) => tell(message as FromJudge))
  if (child.stderr !== null) {
    readLines(child.stderr, (line) => {
      // The line that names what went wrong; around it stand places in the program.
      if (/^(\w*Error\b|FATAL ERROR)/.test(line)) lastWords ||= `: ${line}`
    })
  }
  // Nobody waits for verdicts when everything else has ended.
  child.unref()
  child.channel?.unref()
  if (child.stderr instanceof Socket) child.stderr.unref()
  return {
    post: (message) => {
      if (child.connected) child.send(message, () => undefined)
    },
    onMessage: (listener) => {
      listeners.push(listener)
      if (last !== undefined) listener(last)
    },
    end: async () => {
      child.ref()
      child.kill('SIGKILL')
      await ended
    },
  }
}
