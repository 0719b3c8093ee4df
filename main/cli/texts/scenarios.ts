import type { Language } from '../../../preload/contract'

/** What the command `scenarios` says. */
export interface ScenariosTexts {
  readonly description: string
  readonly schema: string
  /** Under the list. */
  hint(count: number): string
}

export const SCENARIOS_TEXTS: Readonly<Record<Language, ScenariosTexts>> = {
  en: {
    description: 'the scenarios that come with the workbench',
    schema: 'print the JSON Schema of the scenario language instead, for editors',
    hint: (count) => `${count} scenarios. Play one with: raft-workbench run ID`,
  },
  zh: {
    description: '列出工作台自带的场景',
    schema: '改为输出场景语言的 JSON Schema，供编辑器使用',
    hint: (count) => `共 ${count} 个场景。用 raft-workbench run ID 运行其中一个`,
  },
}
