import type { Configuration, LeftOut, ProcessState, Role } from '../../../preload/contract'
import type { ConditionTexts } from './conditions'

/** Everything that the command line says besides problems, once per language. */
export interface Texts {
  readonly program: string
  readonly help: string
  readonly version: string
  readonly home: string
  readonly port: string
  readonly json: string
  readonly open: string
  readonly openRecording: string
  readonly serve: string
  readonly serveNodes: string
  readonly serveSet: string
  readonly serveWitnesses: string
  readonly serveOpen: string
  readonly serveNoOpen: string
  readonly export: string
  readonly exportRecording: string
  readonly exportFormat: string
  readonly exportOut: string
  readonly exportFrom: string
  readonly exportTo: string
  readonly exportNode: string
  readonly exportKind: string
  readonly exportKey: string
  readonly exportTheme: string
  readonly exportLanguage: string
  readonly exportWidth: string
  readonly import: string
  readonly importFile: string
  readonly importOut: string
  readonly stateCommand: string
  readonly stateAt: string
  readonly stateNode: string
  readonly inspect: string
  readonly inspectDirectory: string

  notTime(given: string): string
  notPort(given: string): string
  notNodes(given: string): string
  notNode(given: string): string
  notSetting(given: string): string
  notWitnesses(given: number, nodes: number): string
  readonly notHistory: (format: string, formats: string) => string
  readonly needsNodes: string

  /** Which host opens, and why: one line each. */
  inElectron(): string
  inBrowser(name: string, why: string): string
  asAddress(why: string): string
  readonly noDisplay: string
  readonly noBrowser: string
  readonly downloadOff: string
  readonly downloading: string
  downloadStalled(seconds: number): string
  downloadFailed(reason: string): string
  electronFailed(reason: string): string
  browserFailed(name: string): string
  readonly closing: string

  notKind(given: string): string
  notWidth(given: string, min: number, max: number): string
  progress(done: number, total: number): string
  /** What an export has no room or no word for. */
  leftOut(reason: LeftOut['reason'], events: number): string
  imported(events: number, path: string): string
  exported(events: number, path: string): string
  readonly columns: {
    readonly file: string
    readonly record: string
    readonly offset: string
    readonly bytes: string
    readonly type: string
    readonly term: string
    readonly index: string
    readonly crc: string
    readonly standing: string
    readonly detail: string
  }
  standing(standing: 'ok' | 'torn' | 'corrupt'): string
  /** Of the command `state`. */
  readonly moment: {
    title(cluster: string, seconds: number, events: number): string
    /** Node, process, role, term, vote, leader, log, on disk, known committed, applied, snapshot, members. */
    readonly heading: readonly string[]
    readonly logHeading: readonly string[]
    role(role: Role): string
    process(standing: ProcessState['standing']): string
    members(configuration: Configuration, isCommitted: boolean): string
    blocked(links: string): string
    readonly noEntries: string
    readonly dataMissing: string
  }
  readonly conditions: ConditionTexts
  readonly state: string
  readonly noRecords: string
  readonly nobody: string
  entries(count: number, first: number, last: number): string
  torn(bytes: number, file: string): string
  corrupt(file: string, record: number, offset: number): string
}
