/** Follows a recording in the judge's process, hears from it once, and closes nothing: `unclosed PROGRAM RECORDING`. */
import { processPort } from '../../../main/workbench/verdicts/live/ports'

const [program = '', path = ''] = process.argv.slice(2)
const waiting = setInterval(() => undefined, 1_000)
const port = processPort(program, { which: 'live', path, isAsked: false })
port.onMessage(({ type }) => {
  clearInterval(waiting)
  if (type !== 'found') process.exitCode = 1
})
