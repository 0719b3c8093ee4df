/** Every format's exporter; the compiler keeps the list complete. */
import { csvExporter } from './csv'
import type { Exporter, ExportFormat } from './exporter'
import { htmlExporter } from './html'
import { jsonlExporter } from './jsonl'
import { sqliteExporter } from './sqlite'

/** What an exporter needs that is built beside this program. */
export interface ExportParts {
  /** The page that an HTML export is put into: a path. */
  readonly page?: string | undefined
}

type Make = (parts: ExportParts) => Exporter

const EXPORTERS: Partial<Readonly<Record<ExportFormat, Make>>> = {
  jsonl: () => jsonlExporter,
  csv: () => csvExporter,
  sqlite: () => sqliteExporter,
  html: ({ page }) => htmlExporter(page),
}

export function exporterOf(format: ExportFormat, parts: ExportParts = {}): Exporter {
  const make = EXPORTERS[format]
  if (make === undefined) throw new Error(`no exporter: ${format}`)
  return make(parts)
}
