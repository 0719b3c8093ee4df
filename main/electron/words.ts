import type { Language } from '../../preload/contract'

/** What the shell itself says: its menu and its dialogs. */
export interface Words {
  readonly file: string
  readonly openRecording: string
  readonly exportTimeline: string
  readonly closeCluster: string
  readonly edit: string
  readonly view: string
  readonly window: string
  readonly saveTitle: string
  readonly openTitle: string
  readonly recordings: string
}

const en: Words = {
  file: '&File',
  openRecording: 'Open…',
  exportTimeline: 'Export Timeline…',
  closeCluster: 'Close Cluster',
  edit: '&Edit',
  view: '&View',
  window: '&Window',
  saveTitle: 'Export the timeline',
  openTitle: 'Open a recording',
  recordings: 'Recordings',
}

const zh: Words = {
  file: '文件(&F)',
  openRecording: '打开…',
  exportTimeline: '导出时间线…',
  closeCluster: '关闭集群',
  edit: '编辑(&E)',
  view: '视图(&V)',
  window: '窗口(&W)',
  saveTitle: '导出时间线',
  openTitle: '打开录制',
  recordings: '录制',
}

export function wordsOf(language: Language): Words {
  return { en, zh }[language]
}
