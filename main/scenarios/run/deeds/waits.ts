/** Steps that only look: they wait, compare, and give names. */
import { Problem } from '../../../node/contract/problem'
import type { Conditions } from '../../language/conditions'
import { conditionsWords } from '../../words'
import { allHold, foundInstead, kindsOf } from '../conditions'
import type { Deeds } from '../deeds'
import { type Doing, nodeOf } from '../doing'
import { spell } from '../spell'

export const waitDeeds: Deeds<'wait' | 'expect' | 'let'> = {
  wait: async ({ wait }, doing) => await until(wait, doing),
  expect: async ({ expect, within }, doing) => {
    if (within !== undefined) return await until(expect, doing)
    const { scene } = doing.watch
    if (allHold(expect, scene)) return
    throw new Problem('scenario-unmet', {
      what: spell(expect),
      words: conditionsWords(expect),
      found: foundInstead(expect, scene),
    })
  },
  let: async (step, doing) => {
    const named = Object.entries(step.let).map(([name, who]) => [name, nodeOf(doing, who)] as const)
    for (const [name, node] of named) doing.cast.name(name, node)
  },
}

async function until(conditions: Conditions, { watch, signal }: Doing): Promise<void> {
  await watch.when(() => allHold(conditions, watch.scene), kindsOf(conditions), signal)
}
