import type { Language } from '../../../preload/contract'

/** What the command `scenarios` says. */
export interface ScenariosTexts {
  readonly description: string
  readonly schema: string
  readonly from: string
  readonly out: string
  exists(path: string): string
  wrote(path: string): string
  /** Under the list. */
  hint(count: number): string
}

export const SCENARIOS_TEXTS: Readonly<Record<Language, ScenariosTexts>> = {
  en: {
    description: 'the scenarios that come with the workbench',
    schema: 'print the JSON Schema of the scenario language instead, for editors',
    from: 'make a scenario of what was done by hand in this recording, instead',
    out: 'with --from: the file to write; printed when left out',
    exists: (path) => `${path} exists already, and may have been edited. Name another file, or remove it first.`,
    wrote: (path) => `The scenario is in ${path}. Look through it, then play it with: raft-workbench run ${path}`,
    hint: (count) => `${count} scenarios. Play one with: raft-workbench run ID`,
  },
  zh: {
    description: '列出工作台自带的场景',
    schema: '改为输出场景语言的 JSON Schema，供编辑器使用',
    from: '改为把此录制中手动进行的操作写成一个场景',
    out: '与 --from 一起使用：要写入的文件；省略时直接输出',
    exists: (path) => `${path} 已存在，其中可能有你的修改。请换一个文件名，或先将其删除。`,
    wrote: (path) => `场景已写入 ${path}。请先通读，再用 raft-workbench run ${path} 运行`,
    hint: (count) => `共 ${count} 个场景。用 raft-workbench run ID 运行其中一个`,
  },
}
