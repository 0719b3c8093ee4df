/**
 * Makes a schedule. Each package has its own chance, so that what one draws does not depend on the rates of the others; then
 * all are put in order of time, and what finds no room is left out: so many nodes at a time are harmed and no more, one
 * partition at a time, one change of the membership at a time, one thing at a time for each node.
 */
import { Problem } from '../../node/contract/problem'
import { type Random, randomFrom } from '../random'
import { DRAW, type Drawn, type Room } from './draw'
import { harms, mostDown } from './harm'
import { MAX_STEPS, type MakeSchedule, NEMESIS_PACKAGES, type NemesisPackage, type NemesisStep } from './types'

/** When a package wants to begin something, and how long it is to last. */
interface Wish {
  readonly at: number
  readonly until: number
  readonly package: NemesisPackage
}

/** What is under way at some time of the schedule. */
interface Hold extends Drawn {
  readonly until: number
  readonly package: NemesisPackage
}

type Begin = Extract<NemesisStep, { action: 'begin' }>

export const makeSchedule: MakeSchedule = (plan, given) => {
  const nodes = [...given].sort((a, b) => a - b)
  const most = mostDown(plan, nodes.length)
  if (most >= nodes.length) {
    const reason = `of ${nodes.length} nodes at least one must be left`
    throw new Problem('schedule-lethal', { down: most, nodes: nodes.length, reason })
  }
  const wishes = NEMESIS_PACKAGES.flatMap((name) => wishesOf(name, plan))
  wishes.sort((a, b) => a.at - b.at || NEMESIS_PACKAGES.indexOf(a.package) - NEMESIS_PACKAGES.indexOf(b.package))

  const chance = new Map<NemesisPackage, Random>(
    NEMESIS_PACKAGES.map((name) => [name, randomFrom(plan.seed, `${name}: what`)]),
  )
  const steps: { readonly at: number; readonly begin: number; readonly step: Omit<Begin, 'number'> | undefined }[] = []
  let holds: Hold[] = []
  let begins = 0
  for (const wish of wishes) {
    holds = holds.filter(({ until }) => until > wish.at)
    const random = chance.get(wish.package)
    const drawn = random && DRAW[wish.package](random, roomAmong(nodes, most, holds, wish.package))
    if (drawn === undefined) continue
    begins++
    const { at, package: name } = wish
    const until = drawn.lasts ? wish.until : at
    holds.push({ ...drawn, until, package: name })
    steps.push({ at, begin: begins, step: { at, action: 'begin', package: name, deed: drawn.deed } })
    steps.push({ at: until, begin: begins, step: undefined })
  }
  return { plan, nodes, steps: numbered(steps) }
}

/** Exponential gaps. Throws Problem 'fault-invalid' when there are too many. */
function wishesOf(name: NemesisPackage, { seed, durationMs, packages }: Parameters<MakeSchedule>[0]): Wish[] {
  const plan = packages[name]
  if (plan === undefined || plan.perMinute === 0) return []
  const random = randomFrom(seed, `${name}: when`)
  const { perMinute, lasting } = plan
  const wishes: Wish[] = []
  for (let time = 0; ; ) {
    time += -Math.log(1 - random.next()) * (60_000 / perMinute)
    const at = Math.round(time)
    if (at >= durationMs) return wishes
    const lasts = Math.round(random.between(lasting.minMs, lasting.maxMs))
    wishes.push({ at, until: Math.min(durationMs, at + lasts), package: name })
    if (2 * wishes.length > MAX_STEPS) tooMany(name)
  }
}

function tooMany(where: string): never {
  throw new Problem('fault-invalid', {
    where: where === '' ? 'packages' : `packages.${where}`,
    reason: `more than ${MAX_STEPS} steps`,
  })
}

function roomAmong(nodes: readonly number[], most: number, holds: readonly Hold[], name: NemesisPackage): Room {
  const harmful = holds.filter(({ deed }) => harms(deed))
  const harmed = new Set(harmful.map(({ node }) => node))
  const busy = new Set(holds.filter((hold) => hold.package === name).map(({ node }) => node))
  return {
    nodes,
    mayHarm: harmful.length < most,
    free: nodes.filter((node) => !harmed.has(node) && !busy.has(node)),
    isAlone: !holds.some((hold) => hold.package === name),
  }
}

/** By time; of the same moment the ends of what began before come first. */
function numbered(
  steps: readonly { readonly at: number; readonly begin: number; readonly step: Omit<Begin, 'number'> | undefined }[],
): NemesisStep[] {
  const begun = new Map<number, number>()
  const ordered = [...steps].sort((a, b) => a.at - b.at || a.begin - b.begin || rank(a.step) - rank(b.step))
  if (ordered.length > MAX_STEPS) tooMany('')
  return ordered.map(({ at, begin, step }, place) => {
    const number = place + 1
    if (step === undefined) return { number, at, action: 'end', of: begun.get(begin) ?? 0 }
    begun.set(begin, number)
    return { number, ...step }
  })
}

const rank = (step: object | undefined): number => (step === undefined ? 1 : 0)
