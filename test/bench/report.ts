/** Results as a person reads them: aligned tables, figures with three significant digits. */
import type { SuiteResult, Table } from './stage'
import type { Spread } from './statistics'

/** Three digits that count; thousands are set apart. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const magnitude = Math.abs(value)
  const digits = magnitude === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(magnitude)))
  return value.toLocaleString('en', { minimumFractionDigits: 0, maximumFractionDigits: Math.min(digits, 6) })
}

/** `×4.12 (3.9 – 4.4)` */
export function ratio({ median, min, max }: Spread): string {
  return `×${figure(median)} (${figure(min)} – ${figure(max)})`
}

/** `120 (118 – 125)` */
export function spread({ median, min, max }: Spread, factor = 1): string {
  return `${figure(median * factor)} (${figure(min * factor)} – ${figure(max * factor)})`
}

export function renderTable({ title, columns, rows, notes }: Table): string {
  const lines = [columns, ...rows]
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)))
  const [heading = '', ...body] = lines.map((line) =>
    line
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('   ')
      .trimEnd(),
  )
  const rule = '─'.repeat(heading.length)
  return [title, rule, heading, rule, ...body, ...notes.map((note) => `  ${note}`)].join('\n')
}

export function renderResult({ tables, targets }: SuiteResult): string {
  const wanted = targets.map(
    ({ name, wanted, got, met }) => `${met ? '✓' : '✗'} ${name}: wanted ${wanted}, got ${figure(got)}`,
  )
  return [...tables.map(renderTable), ...(wanted.length > 0 ? [wanted.join('\n')] : [])].join('\n\n')
}
