/** Events as text for the clipboard. Pure. */
import type { EventView } from '../../../preload/contract'

const COPY_FORMATS = ['json', 'csv', 'markdown'] as const
export type CopyFormat = (typeof COPY_FORMATS)[number]

const COMMON = ['seq', 'seconds', 'node', 'kind'] as const

function cellsOf(event: EventView): readonly string[] {
  const { seq, t, node, kind, n: _n, ...fields } = event
  return [String(seq), (t / 1e9).toFixed(9), String(node), kind, JSON.stringify(fields)]
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function markdownCell(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('\n', ' ')
}

export function eventsAs(format: CopyFormat, events: readonly EventView[]): string {
  const heading = [...COMMON, 'fields']
  switch (format) {
    case 'json':
      return JSON.stringify(events.length === 1 ? events[0] : events, null, 2)
    case 'csv':
      return [heading, ...events.map(cellsOf)].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')
    case 'markdown':
      return [heading, heading.map(() => '---'), ...events.map(cellsOf)]
        .map((cells) => `| ${cells.map(markdownCell).join(' | ')} |\n`)
        .join('')
  }
}

/** Where the clipboard's own door is closed (Electron grants a page nothing), the old way still works. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const field = document.createElement('textarea')
    field.value = text
    field.setAttribute('readonly', '')
    field.className = 'visually-hidden'
    const focused = document.activeElement
    document.body.append(field)
    field.select()
    const copied = document.execCommand('copy')
    field.remove()
    if (focused instanceof HTMLElement) focused.focus()
    return copied
  }
}
