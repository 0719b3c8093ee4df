/** Entry of the judge's process: it reads the recording's file by itself, and its garbage is nobody else's. */
import { followRecording } from '../../../timeline/recording/open'
import { Courtesy } from '../../courtesy'
import { Judging } from './judging'
import { problemData } from './ports'
import { type FromJudge, judgeStartSchema, type ToJudge } from './protocol'

async function main(argument: string): Promise<void> {
  const { which, path, isAsked } = judgeStartSchema.parse(JSON.parse(argument))
  const courtesy = new Courtesy()
  if (isAsked) courtesy.asked()
  process.on('message', (message) => {
    if ((message as ToJudge).type === 'asked') courtesy.asked()
    else courtesy.answered()
  })
  // Nobody wants to know any more.
  process.on('disconnect', () => process.exit())
  const say = (message: FromJudge) => process.send?.(message)
  // It is ended from outside.
  const { signal } = new AbortController()
  try {
    const { source, readOn } = await followRecording(path)
    const judging = new Judging(source, {
      say,
      giveWay: (most) => courtesy.giveWay(most, signal),
      readOn: which === 'live' ? readOn : undefined,
    })
    await judging.run(signal)
  } catch (error) {
    say({ type: 'failed', problem: problemData(error) })
  }
}

if (process.send === undefined) throw new Error('the judge runs as a process of the workbench')
void main(process.argv[2] ?? '')
