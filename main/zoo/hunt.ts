/** One hunt: a script on a real cluster whose nodes have a bug, or none, and who caught what. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClusterStore } from '../cluster'
import type { BugId } from '../node/contract/bugs'
import { Field } from './field'
import { BY_HAND, SCRIPTS, type ScriptId } from './hunts'
import { type Catch, judge } from './judge'

export interface HuntWish {
  readonly script: ScriptId
  /** Empty: the node as it should be. */
  readonly bug: BugId | ''
  /** Of whatever chance the faults of the script have. */
  readonly seed: number
  readonly programs: { readonly node: string; readonly warden: string }
  readonly signal: AbortSignal
}

export interface HuntResult {
  readonly script: ScriptId
  readonly bug: BugId | ''
  readonly seed: number
  readonly caught: readonly Catch[]
  /** From the first process to the verdict. */
  readonly seconds: number
  readonly events: number
  /** What the nodes said of themselves before they ended: a bug may run into the core's own assertions. */
  readonly troubles: readonly string[]
}

/** @throws {Problem} when the cluster cannot be run at all; the reason of an aborted `signal` */
export async function hunt({ script: id, bug, seed, programs, signal }: HuntWish): Promise<HuntResult> {
  const script = SCRIPTS[id]
  const began = performance.now()
  const home = await mkdtemp(join(tmpdir(), 'raft-workbench-zoo-'))
  try {
    const store = await createClusterStore({ home, programs })
    const settings = { ...BY_HAND, ...script.settings, bug }
    const { name } = await store.create({ name: 'zoo', nodes: script.nodes, settings })
    const field = new Field(seed, signal)
    const cluster = await store.open(name, () => field, { signal, manual: true })
    try {
      await field.begin(cluster)
      await script.play(field)
      await field.heardFromAll()
    } finally {
      await cluster.close()
    }
    const caught = await judge(field.events)
    const seconds = (performance.now() - began) / 1000
    const troubles = field.events.flatMap((event) =>
      event.kind === 'trouble' ? `n${event.node}: ${event.detail}` : [],
    )
    return { script: id, bug, seed, caught, seconds, events: field.events.length, troubles }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}
