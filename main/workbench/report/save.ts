/** A report that somebody asks a window for: saved where the person says, or offered as a download. */
import type { SaveResult } from '../../../preload/contract'
import type { Produce } from '../api'
import { type ExportRooms, saveAs } from '../exporting'
import { reportPage } from './page'
import type { ReportInput, ReportLook } from './types'

/** @throws {Problem} 'export-failed', 'export-cancelled' */
export async function saveReport(
  make: (signal: AbortSignal) => Promise<ReportInput>,
  name: string,
  look: ReportLook,
  { host, tasks, signal }: ExportRooms,
): Promise<SaveResult> {
  const produce: Produce = async (write, given) => {
    const input = await make(given)
    await write(reportPage(input, look))
    return { events: input.events, leftOut: [] }
  }
  const { saving } = host
  if (saving.kind === 'download') {
    const inTask: Produce = (write, gone) =>
      tasks.run({ kind: 'export', what: name }, AbortSignal.any([signal, gone]), (task) => produce(write, task.signal))
    return {
      kind: 'download',
      url: saving.offer({ name, mediaType: 'text/html; charset=utf-8', produce: inTask }),
      name,
    }
  }
  const path = await saving.choose(name)
  if (path === null) return { kind: 'cancelled' }
  const { events, leftOut } = await tasks.run({ kind: 'export', what: name, path }, signal, (task) =>
    saveAs(path, produce, task.signal),
  )
  return { kind: 'saved', path, events, leftOut }
}
