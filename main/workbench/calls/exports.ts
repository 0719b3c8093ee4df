import type { EXPORT_CALLS } from '../../../preload/contract'
import { exportTimeline, wantedOf } from '../exporting'
import { recentFiles } from '../recordings'
import type { Calls, Rooms } from './rooms'

type Names = Extract<keyof typeof EXPORT_CALLS, string>

export function exportsCalls({ session, host, tasks, settings, options, language, signal }: Rooms): Calls<Names> {
  return {
    'timeline.export': async ({ source, ...wish }) =>
      exportTimeline(session.timeline(source), wantedOf(wish, language(), options.programs.page), {
        host,
        tasks,
        signal,
      }),
    'tasks.cancel': async ({ task }) => {
      tasks.cancel(task)
      return undefined
    },
    'files.recent': () => recentFiles(settings.recent),
  }
}
