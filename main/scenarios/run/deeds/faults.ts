/** Steps that touch clocks, disks, and time as a whole: breakpoints, stops, workloads, nemeses, settings. */
import { inspectNode } from '../../../cluster/inspect'
import { Problem } from '../../../node/contract/problem'
import { millisOf } from '../../language/values'
import { stepWords } from '../../words'
import type { Deeds } from '../deeds'
import { nodeOf, nodesOf } from '../doing'
import { WAIT_MS } from '../limits'
import { spell } from '../spell'

type FaultKind =
  | 'clock'
  | 'jump'
  | 'fire'
  | 'arm'
  | 'flip'
  | 'endFault'
  | 'breakpoint'
  | 'changeBreakpoint'
  | 'removeBreakpoint'
  | 'halt'
  | 'continue'
  | 'step'
  | 'workload'
  | 'endWorkload'
  | 'nemesis'
  | 'endNemesis'
  | 'configure'

export const faultDeeds: Deeds<FaultKind> = {
  clock: async ({ clock: { of, mode, rate } }, doing) => {
    for (const node of nodesOf(doing, of)) doing.stage.cluster.setClock(node, { mode, rate })
    await doing.stage.cluster.inForce()
  },
  jump: async ({ jump: { of, ms } }, doing) => {
    for (const node of nodesOf(doing, of)) await doing.stage.cluster.jumpClock(node, ms)
  },
  fire: async ({ fire }, doing) => await doing.stage.cluster.fire(nodeOf(doing, fire)),
  arm: async ({ arm: { of, fault }, name }, doing) => {
    const seeded = 'seed' in fault ? { ...fault, seed: doing.seed(fault.seed) } : fault
    doing.named.fault(name, doing.stage.cluster.arm(nodeOf(doing, of), seeded))
    await doing.stage.cluster.inForce()
  },
  flip: async ({ flip: { of, file, record, bit }, name }, doing) => {
    const node = nodeOf(doing, of)
    const { cluster } = doing.stage
    const place = await recordOf(cluster.dataDir(node), node, file, record)
    const flipped = await cluster.flipBit(node, bit === undefined ? place : { ...place, bit })
    doing.named.fault(name, flipped.fault)
  },
  endFault: async ({ endFault }, { stage, named }) => {
    await stage.cluster.endFault(named.faultOf(endFault))
    await stage.cluster.inForce()
  },
  breakpoint: async ({ breakpoint, name }, { stage, named }) => {
    named.breakpoint(name, stage.cluster.setBreakpoint(breakpoint).id)
    await stage.cluster.inForce()
  },
  changeBreakpoint: async ({ changeBreakpoint: { name, text, enabled } }, { stage: { cluster }, named }) => {
    const id = named.breakpointOf(name)
    if (text !== undefined) cluster.setBreakpoint(text, id)
    if (enabled !== undefined) cluster.enableBreakpoint(id, enabled)
    await cluster.inForce()
  },
  removeBreakpoint: async ({ removeBreakpoint }, { stage: { cluster }, named }) => {
    cluster.removeBreakpoint(named.breakpointOf(removeBreakpoint))
    await cluster.inForce()
  },
  halt: async (_, { stage }) => await stage.cluster.halt(),
  continue: async (_, { stage }) => await stage.cluster.continue(),
  step: async (given, doing) => {
    const { of, kind } = given.step
    const millis = given.within === undefined ? WAIT_MS : millisOf(given.within)
    const stood = await doing.stage.cluster.step(nodeOf(doing, of), kind, millis)
    if (stood !== undefined) return
    throw new Problem('scenario-late', {
      what: spell({ step: given.step }),
      words: stepWords(given),
      millis,
      found: { en: 'the step has not come to its end', zh: '这一步还没有走完' },
    })
  },
  workload: async ({ workload, name }, { stage, beside, seed }) => {
    beside.add(stage.cluster.startWorkload({ ...workload, seed: seed(workload.seed) }), name)
  },
  endWorkload: async ({ endWorkload }, { beside }) => await beside.end(endWorkload),
  nemesis: async ({ nemesis, background }, { stage, beside, seed }) => {
    const run = stage.cluster.startNemesis({ ...nemesis, seed: seed(nemesis.seed) })
    beside.add(run)
    if (!background) await run.ended
  },
  endNemesis: async (_, { stage }) => {
    // One that has ended by itself needs nothing.
    await stage.cluster.nemesis?.stop()
  },
  configure: async ({ configure }, { stage }) => await stage.configure(configure),
}

/** Negative: from the end. Without a file: the one that the node wrote last. */
async function recordOf(directory: string, node: number, file: string | undefined, record: number) {
  if (record > 0 && file !== undefined) return { file, record }
  const { files } = await inspectNode(directory)
  const chosen = file === undefined ? files.findLast(({ count }) => count > 0) : files.find(({ name }) => name === file)
  const whole = chosen?.records.filter(({ number, standing }) => number > 0 && standing !== 'torn') ?? []
  const found = record > 0 ? record : whole.at(record)?.number
  if (chosen !== undefined && found !== undefined) return { file: chosen.name, record: found }
  const reason = chosen === undefined ? 'there is no such file' : 'there is no such record in it'
  throw new Problem('record-unknown', { node: String(node), file: file ?? '', record, reason })
}
