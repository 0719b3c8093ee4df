import type { VERDICT_CALLS } from '../../../preload/contract'
import type { Calls, Rooms } from './rooms'

type Names = Extract<keyof typeof VERDICT_CALLS, string>

export function verdictCalls({ judge }: Pick<Rooms, 'judge'>): Calls<Names> {
  return {
    'verdicts.judge': async ({ source }) => {
      judge.begin(source)
      return undefined
    },
    'verdicts.stop': async () => {
      judge.stop()
      return undefined
    },
  }
}
