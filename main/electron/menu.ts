import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { OpenSource } from '../../preload/contract'
import type { Workbench } from '../workbench'
import { wordsOf } from './words'

/** Keeps the application menu in step with the language and with what is open. */
export function keepMenu(workbench: Workbench): void {
  let source: OpenSource = { kind: 'none' }
  const show = (): void => Menu.setApplicationMenu(Menu.buildFromTemplate(template(workbench, source)))
  let shown = ''
  workbench.subscribe('source', (next) => {
    source = next
    if (shown === next.kind) return
    shown = next.kind
    show()
  })
  workbench.subscribe('settings', show)
}

function template(workbench: Workbench, source: OpenSource): MenuItemConstructorOptions[] {
  const words = wordsOf(workbench.language())
  const mac = process.platform === 'darwin'
  return [
    ...(mac ? [{ role: 'appMenu' as const }] : []),
    {
      label: words.file,
      submenu: [
        {
          id: 'recordings.open',
          label: words.openRecording,
          enabled: source.kind === 'none' || source.kind === 'recording',
          click: () => void openRecording(workbench),
        },
        {
          id: 'timeline.export',
          label: words.exportTimeline,
          enabled: source.kind === 'live' || source.kind === 'recording',
          click: () => workbench.ask({ command: 'timeline.export' }),
        },
        { type: 'separator' },
        {
          id: 'clusters.close',
          label: words.closeCluster,
          enabled: source.kind === 'live' || source.kind === 'opening',
          click: () => void perform(workbench, 'clusters.close', {}),
        },
        { type: 'separator' },
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { label: words.edit, role: 'editMenu' },
    {
      label: words.view,
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { label: words.window, role: 'windowMenu' },
  ]
}

async function openRecording(workbench: Workbench): Promise<void> {
  const chosen = await perform(workbench, 'recordings.choose', {})
  if (chosen) await perform(workbench, 'recordings.open', chosen)
}

/** A menu has nobody who waits for the answer: a problem goes to the windows. */
async function perform(workbench: Workbench, name: string, input: unknown): Promise<unknown> {
  const answer = await workbench.call(name, input)
  if (answer.ok) return answer.value
  workbench.show(answer.problem)
  return undefined
}
