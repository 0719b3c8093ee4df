/** Steps that cut, mend and condition links. */

import type { Link, LinkRule } from '../../../node/contract/conditions'
import { Problem } from '../../../node/contract/problem'
import type { Links } from '../../language/values'
import type { Deeds } from '../deeds'
import { type Doing, nodeOf, nodesOf } from '../doing'
import { linksIn } from '../links'
import { spell } from '../spell'

export const linkDeeds: Deeds<'block' | 'heal' | 'partition' | 'preset' | 'rules' | 'hold'> = {
  block: async ({ block }, doing) => {
    for (const { from, to } of linksOf(block, doing)) doing.stage.cluster.block(from, to)
    await doing.stage.cluster.inForce()
  },
  heal: async ({ heal }, doing) => {
    const { cluster } = doing.stage
    if (heal === 'all') {
      const [left] = await cluster.healAll()
      if (left !== undefined) throw left.problem
      await cluster.connected()
    } else for (const { from, to } of linksOf(heal, doing)) cluster.heal(from, to)
    await cluster.inForce()
  },
  partition: async ({ partition }, doing) => {
    doing.stage.cluster.partition(partition.map((group) => group.map((who) => nodeOf(doing, who))))
    await doing.stage.cluster.inForce()
  },
  preset: async ({ preset: { pattern, at }, name }, doing) => {
    doing.named.fault(name, doing.stage.cluster.preset(pattern, at === undefined ? undefined : nodeOf(doing, at)))
    await doing.stage.cluster.inForce()
  },
  rules: async ({ rules: { rules, seed, ...links }, name }, doing) => {
    doing.named.fault(name, doing.stage.cluster.condition(linksOf(links, doing), rules, doing.seed(seed)))
    await doing.stage.cluster.inForce()
  },
  hold: async ({ hold: { messages, ...links }, name }, doing) => {
    const rules: readonly LinkRule[] = [{ messages, action: { type: 'hold' } }]
    doing.named.fault(name, doing.stage.cluster.condition(linksOf(links, doing), rules, doing.seed(1)))
    await doing.stage.cluster.inForce()
  },
}

const LINKS = { en: 'there are such links', zh: '有这样的链路' } as const
const NO_LINKS = { en: 'there are none', zh: '没有' } as const

/** @throws {Problem} 'scenario-unmet' when there is no such link */
function linksOf(links: Links, doing: Doing): readonly Link[] {
  const found = linksIn(links, (whom) => nodesOf(doing, whom))
  if (found.length === 0) throw new Problem('scenario-unmet', { what: spell(links), words: LINKS, found: NO_LINKS })
  return found
}
