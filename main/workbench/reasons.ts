/**
 * What the schemas say of a wrong value, in the language that people read now: it stands in the sentences of problems. Of a node's
 * own process nobody reads them; there they stay English.
 */
import { z } from 'zod'
import type { Language } from '../../preload/contract'

const chinese = z.locales.zhCN().localeError

/** From now on, for every schema of this process. */
export function tellReasonsIn(language: () => Language): void {
  // Comes before what a schema's own locale says; undefined leaves it to that.
  z.config({ customError: (issue) => (language() === 'zh' ? chinese(issue) : undefined) })
}
