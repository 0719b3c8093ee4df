/** What is done to a running cluster on purpose, as `Cluster` has it: each of these only finds whom it is about, and passes on. */
import type { BreakpointKind } from '../../node/contract/breakpoint/types'
import type {
  ClockSetting,
  HeldRef,
  Link,
  LinkPreset,
  LinkRule,
  LinkRules,
  NodeFault,
  RecordBit,
} from '../../node/contract/conditions'
import type { Breakpoint, Cluster, FlippedBit, Stopped, Unhealed } from '../api'
import type { NemesisPlan, NemesisRun } from '../nemesis/types'
import type { WorkloadObserver, WorkloadPlan, WorkloadRun } from '../workload/types'
import type { Interference } from './interference'
import type { Nodes } from './nodes'
import type { Runs } from './runs'

type Commands =
  | ('block' | 'heal' | 'partition' | 'isBlocked' | 'condition' | 'rulesOf' | 'preset' | 'inForce' | 'connected')
  | ('release' | 'releaseAll' | 'dropHeld' | 'duplicateHeld' | 'editHeld' | 'moveHeld')
  | ('setClock' | 'jumpClock' | 'fire' | 'arm' | 'flipBit' | 'endFault' | 'healAll')
  | ('breakpoints' | 'setBreakpoint' | 'enableBreakpoint' | 'removeBreakpoint')
  | ('stopped' | 'halt' | 'continue' | 'step')
  | ('startNemesis' | 'nemesis' | 'startWorkload' | 'workloads')

export abstract class Commanded implements Pick<Cluster, Commands> {
  protected abstract readonly nodes: Nodes
  protected abstract readonly interference: Interference
  protected abstract readonly runs: Runs

  block(from: number, to: number): void {
    this.interference.block(from, to)
  }

  heal(from: number, to: number): void {
    this.interference.heal(from, to)
  }

  partition(groups: readonly (readonly number[])[]): void {
    this.interference.partition(groups)
  }

  isBlocked(from: number, to: number): boolean {
    return this.interference.links.isBlocked(this.nodes.known(from).id, this.nodes.known(to).id)
  }

  condition(links: readonly Link[], rules: readonly LinkRule[], seed: number): number {
    return this.interference.condition(links, rules, seed)
  }

  rulesOf(from: number, to: number): LinkRules {
    return this.interference.links.rulesOf(this.nodes.known(from).id, this.nodes.known(to).id)
  }

  preset(preset: LinkPreset, at?: number): number {
    return this.interference.preset(preset, at)
  }

  async inForce(): Promise<void> {
    await this.interference.inForce()
  }

  async connected(): Promise<void> {
    await this.interference.connected()
  }

  async release(held: HeldRef): Promise<void> {
    await this.interference.held.release(held)
  }

  async releaseAll(links?: readonly Link[]): Promise<number> {
    return await this.interference.held.releaseAll(links)
  }

  async dropHeld(held: HeldRef): Promise<void> {
    await this.interference.held.drop(held)
  }

  async duplicateHeld(held: HeldRef): Promise<number> {
    return await this.interference.held.duplicate(held)
  }

  async editHeld(held: HeldRef, message: unknown): Promise<void> {
    await this.interference.held.edit(held, message)
  }

  async moveHeld(held: HeldRef, place: number): Promise<void> {
    await this.interference.held.move(held, place)
  }

  setClock(node: number, clock: ClockSetting): void {
    this.interference.clocks.set(this.nodes.get(node).id, clock)
  }

  async jumpClock(node: number, millis: number): Promise<void> {
    await this.interference.clocks.jump(node, millis)
  }

  async fire(node: number): Promise<void> {
    await this.interference.clocks.fire(node)
  }

  arm(node: number, fault: NodeFault): number {
    return this.interference.arm(node, fault)
  }

  async flipBit(node: number, at: RecordBit): Promise<FlippedBit> {
    return await this.interference.flipBit(node, at)
  }

  async endFault(fault: number): Promise<void> {
    await this.interference.endFault(fault)
  }

  async healAll(): Promise<readonly Unhealed[]> {
    const ending = this.nemesis?.stop()
    // What the nemesis waits for may wait for the cluster to go on.
    await this.interference.goOn()
    await ending
    return await this.interference.healAll()
  }

  get breakpoints(): readonly Breakpoint[] {
    return this.interference.breakpoints.all
  }

  setBreakpoint(text: string, id?: number): Breakpoint {
    return this.interference.breakpoints.set(text, id)
  }

  enableBreakpoint(id: number, enabled: boolean): void {
    this.interference.breakpoints.enable(id, enabled)
  }

  removeBreakpoint(id: number): void {
    this.interference.breakpoints.remove(id)
  }

  get stopped(): Stopped | undefined {
    return this.interference.stopping.stopped
  }

  async halt(): Promise<void> {
    await this.interference.stopping.halt()
  }

  async continue(): Promise<void> {
    await this.interference.stopping.continue()
  }

  async step(node: number, kind?: BreakpointKind, withinMillis?: number): Promise<Stopped | undefined> {
    return await this.interference.stopping.step(this.nodes.get(node).id, kind, withinMillis)
  }

  startNemesis(plan: NemesisPlan): NemesisRun {
    return this.runs.startNemesis(plan)
  }

  get nemesis(): NemesisRun | undefined {
    return this.runs.nemesis
  }

  startWorkload(plan: WorkloadPlan, observer?: WorkloadObserver): WorkloadRun {
    return this.runs.startWorkload(plan, observer)
  }

  get workloads(): readonly WorkloadRun[] {
    return this.runs.workloads
  }
}
