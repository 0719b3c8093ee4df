/** Every format's exporter; the compiler keeps the list complete. */
import { csvExporter } from './csv'
import { etcdExporter } from './etcd/etcd'
import type { Exporter, ExportFormat } from './exporter'
import { htmlExporter } from './html'
import { jepsenExporter } from './jepsen/jepsen'
import { jepsenLogExporter } from './jepsen-log/jepsen-log'
import { jsonlExporter } from './jsonl'
import { mermaidExporter } from './mermaid/mermaid'
import { otlpExporter } from './otlp/otlp'
import { perfettoExporter } from './perfetto/perfetto'
import { pngExporter, svgExporter } from './picture'
import { porcupineExporter } from './porcupine/porcupine'
import { porcupineEdnExporter } from './porcupine-edn/porcupine-edn'
import { shivizExporter } from './shiviz/shiviz'
import { sqliteExporter } from './sqlite'

/** What an exporter needs that is built beside this program. */
export interface ExportParts {
  /** The page that an HTML export is put into: a path. */
  readonly page?: string | undefined
}

type Make = (parts: ExportParts) => Exporter

const EXPORTERS: Readonly<Record<ExportFormat, Make>> = {
  jsonl: () => jsonlExporter,
  csv: () => csvExporter,
  perfetto: () => perfettoExporter,
  shiviz: () => shivizExporter,
  jepsen: () => jepsenExporter,
  'jepsen-log': () => jepsenLogExporter,
  porcupine: () => porcupineExporter,
  'porcupine-edn': () => porcupineEdnExporter,
  etcd: () => etcdExporter,
  mermaid: () => mermaidExporter,
  otlp: () => otlpExporter,
  sqlite: () => sqliteExporter,
  svg: () => svgExporter,
  png: () => pngExporter,
  html: ({ page }) => htmlExporter(page),
}

export function exporterOf(format: ExportFormat, parts: ExportParts = {}): Exporter {
  return EXPORTERS[format](parts)
}
