/** Exports: a timeline in any of the formats that people's other tools read. */
export {
  EXPORT_FORMATS,
  type Exported,
  type Exporter,
  type ExportFormat,
  type ExportSelection,
  type ExportWish,
  type LeftOut,
  type Write,
} from './exporter'
export { type ExportParts, exporterOf } from './registry'
