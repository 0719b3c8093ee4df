/** Import: what other tools wrote, as histories to judge and as timelines to look at. */
export { FOREIGN_FORMS, type ForeignForm, type ForeignOptions, foreignFormOf, importForeign } from './foreign'
export { type Edn, ednText } from './history/edn'
export { type HistoryCall, type HistoryOperation, MISMATCH, type OperationType } from './history/operation'
export { type HistoryForm, readHistory } from './history/read'
export { callsOf } from './history/rules'
export { DEFAULT_PARSER } from './shiviz/parse'
