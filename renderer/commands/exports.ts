/** Taking a timeline away, bringing a file in, and copying events. */
import {
  type EventView,
  type ExportWishInput,
  type TaskView,
  UPLOAD_PATH,
  type UploadAnswer,
} from '../../preload/contract'
import { count } from '../components/format'
import { i18n } from '../i18n'
import { useClusterStore } from '../stores/cluster'
import { ProblemError, useDoor } from '../stores/door'
import { useExportingStore } from '../stores/exporting'
import { useRecentStore } from '../stores/recent'
import { type MessageRef, useSelectionStore } from '../stores/selection'
import { useTasksStore } from '../stores/tasks'
import { useToasts } from '../stores/toasts'
import { type CopyFormat, copyText, eventsAs } from '../views/exports/copy'
import { defineCommand, runUntyped } from './registry'

declare module './registry' {
  interface CommandMap {
    'timeline.export': undefined
    'timeline.exportAs': ExportWishInput
    'task.cancel': { readonly task: number }
    'file.choose': undefined
    'file.take': { readonly file: File }
    'event.copyJson': undefined
    'event.copyCsv': undefined
    'event.copyMarkdown': undefined
  }
}

/** Nobody who cancelled something needs to be told. */
const CANCELLED: ReadonlySet<string> = new Set(['export-cancelled', 'import-cancelled'])

async function unlessCancelled(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (thrown) {
    if (!(thrown instanceof ProblemError) || !CANCELLED.has(thrown.problem.code)) throw thrown
  }
}

export function defineExportCommands(): void {
  const cluster = useClusterStore()
  const exporting = useExportingStore()
  const recent = useRecentStore()
  const door = useDoor()
  const group = 'cluster' as const
  const connected = () => !cluster.disconnected
  const shown = () => connected() && cluster.sourceName !== null

  defineCommand<'timeline.export'>({
    id: 'timeline.export',
    label: 'exports.command',
    keys: ['$mod+e'],
    group,
    when: shown,
    run: () => {
      exporting.open = true
    },
  })
  defineCommand<'timeline.exportAs'>({
    id: 'timeline.exportAs',
    label: 'exports.command',
    hidden: true,
    group,
    when: shown,
    async run(wish) {
      const source = cluster.sourceName
      if (source === null) return
      const language = i18n.global.locale.value
      // The dialog has done its part as soon as the work is on its way; its progress stands in the list of tasks.
      exporting.open = false
      const saved = await door.call('timeline.export', { source, language, ...wish }).catch((thrown: unknown) => {
        if (thrown instanceof ProblemError && CANCELLED.has(thrown.problem.code)) return null
        throw thrown
      })
      if (saved?.kind === 'download') download(saved.url, saved.name)
    },
  })
  defineCommand<'task.cancel'>({
    id: 'task.cancel',
    label: 'exports.cancelTask',
    group,
    when: () => connected() && useTasksStore().running.length > 0,
    variants: () => useTasksStore().running.map(({ id, what }) => ({ target: what, argument: { task: id } })),
    run: (task) => door.call('tasks.cancel', task),
  })

  async function openPath(path: string): Promise<void> {
    if (await runUntyped('recording.open', { path })) await recent.refresh()
  }
  defineCommand<'file.take'>({
    id: 'file.take',
    label: 'exports.open',
    hidden: true,
    group,
    when: connected,
    run: ({ file }) => unlessCancelled(pathOf(file).then(openPath)),
  })
  defineCommand<'file.choose'>({
    id: 'file.choose',
    label: 'exports.open',
    group,
    when: () => connected() && cluster.info?.host === 'browser',
    run: () => {
      const field = document.createElement('input')
      field.type = 'file'
      field.addEventListener('change', () => {
        const file = field.files?.[0]
        if (file !== undefined) void runUntyped('file.take', { file })
      })
      field.click()
    },
  })
}

/** An exported page has these, too. */
export function defineCopyCommands(): void {
  const cluster = useClusterStore()
  const selection = useSelectionStore()
  const toasts = useToasts()
  const door = useDoor()
  const { t } = i18n.global

  const selected = () => selection.event !== null || selection.message !== null
  async function copy(format: CopyFormat): Promise<void> {
    const events = await selectedEvents()
    if (!(await copyText(eventsAs(format, events)))) {
      toasts.push({ tone: 'danger', text: () => t('exports.notCopied') })
      return
    }
    toasts.push({ tone: 'ok', text: () => t('exports.copied', { n: events.length }, events.length) })
  }
  async function selectedEvents(): Promise<readonly EventView[]> {
    const { event: seq, message } = selection
    const found = cluster.events.filter((event) => event.seq === seq || (message !== null && isAbout(event, message)))
    if (found.length > 0 || seq === null || cluster.sourceName === null) return found
    const source = cluster.sourceName
    return door.call('timeline.events', { source, fromSeq: seq, toSeq: seq + 1, limit: 1 })
  }
  const copying = { group: 'time', when: selected } as const
  defineCommand<'event.copyJson'>({
    id: 'event.copyJson',
    label: 'exports.copyJson',
    keys: ['Shift+c'],
    ...copying,
    run: () => copy('json'),
  })
  defineCommand<'event.copyCsv'>({
    id: 'event.copyCsv',
    label: 'exports.copyCsv',
    ...copying,
    run: () => copy('csv'),
  })
  defineCommand<'event.copyMarkdown'>({
    id: 'event.copyMarkdown',
    label: 'exports.copyMarkdown',
    ...copying,
    run: () => copy('markdown'),
  })
}

/** Whether an event tells of this message: that it was sent, held, received, dropped. */
function isAbout(event: EventView, { sender, receiver, id }: MessageRef): boolean {
  switch (event.kind) {
    case 'sent':
      return event.node === sender && event.peer === receiver && event.id === id
    case 'received':
    case 'held':
    case 'released':
      return event.peer === sender && event.node === receiver && event.id === id
    case 'copied':
      return event.peer === sender && event.node === receiver && (event.id === id || event.copy === id)
    case 'dropped':
      return event.sender === sender && event.receiver === receiver && event.id === id
    default:
      return false
  }
}

/** Saves what the browser host offers at this path. */
export function download(url: string, name: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
}

/** Where the workbench finds a file: in Electron where it lies, in a browser where it was sent to. */
async function pathOf(file: File): Promise<string> {
  const path = window.workbench?.pathOf?.(file)
  if (path !== undefined && path !== '') return path
  const response = await fetch(`${UPLOAD_PATH}?name=${encodeURIComponent(file.name)}`, { method: 'POST', body: file })
  if (!response.ok) throw new Error((await response.text()).trim())
  const answer = (await response.json()) as UploadAnswer
  if (!answer.ok) throw new ProblemError(answer.problem)
  return answer.path
}

/** Tells how a task ended; what failed is told by whoever asked for it. */
export function tellEnd(task: TaskView): void {
  const { t } = i18n.global
  if (task.state !== 'done' || task.kind !== 'export') return
  const { leftOut, done } = task
  const where = task.path === '' ? task.what : task.path
  useToasts().push({
    tone: leftOut.length === 0 ? 'ok' : 'warn',
    text: () =>
      [
        t('exports.done', { path: where, n: count(done) }, done),
        ...leftOut.map(({ reason, events }) => t(`exports.leftOut.${reason}`, { n: count(events) }, events)),
      ].join(' '),
  })
}
