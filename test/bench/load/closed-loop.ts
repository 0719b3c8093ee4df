/** So many writes under way, always: each answer begins the next. */
import type { Target } from './target'

export interface LoopOptions {
  readonly outstanding: number
  /** Milliseconds before anything counts. */
  readonly warmUpMs: number
  readonly measureMs: number
  /** Ends earlier after so many answers, when given; then nothing is warm-up. */
  readonly count?: number | undefined
}

/** What is kept of every write that was answered: its number and where the system put it. */
export class Acknowledged {
  #pairs = new Float64Array(1 << 16)
  #length = 0

  add(write: number, position: number): void {
    if (this.#length === this.#pairs.length) {
      const larger = new Float64Array(this.#pairs.length * 2)
      larger.set(this.#pairs)
      this.#pairs = larger
    }
    this.#pairs[this.#length++] = write
    this.#pairs[this.#length++] = position
  }

  get pairs(): Float64Array {
    return this.#pairs.slice(0, this.#length)
  }
}

export interface LoopResult {
  readonly operations: number
  readonly refused: number
  readonly seconds: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Of this process, per second of the measured time, and per operation. */
  readonly cpuShare: number
  readonly cpuMicrosPerOp: number
}

/** Numbers of writes go on from run to run: none is written twice. */
export class Load {
  readonly acknowledged = new Acknowledged()
  readonly #target: Target
  #nextWrite = 1

  constructor(target: Target) {
    this.#target = target
  }

  async run({ outstanding, warmUpMs, measureMs, count }: LoopOptions): Promise<LoopResult> {
    const latencies: number[] = []
    let refused = 0
    let underWay = 0
    let started = 0
    const began = performance.now()
    const from = count === undefined ? began + warmUpMs : began
    const until = count === undefined ? from + measureMs : Number.POSITIVE_INFINITY
    let cpuBefore = process.cpuUsage()
    let measuredFrom = began
    let cpu: NodeJS.CpuUsage | undefined
    let measuredUntil = 0
    const mark = setTimeout(
      () => {
        cpuBefore = process.cpuUsage()
        measuredFrom = performance.now()
      },
      count === undefined ? warmUpMs : 0,
    )
    await new Promise<void>((ended) => {
      const finish = (now: number) => {
        cpu ??= process.cpuUsage(cpuBefore)
        if (measuredUntil === 0) measuredUntil = now
        if (underWay === 0) ended()
      }
      const next = () => {
        const sent = performance.now()
        const write = this.#nextWrite++
        underWay++
        started++
        this.#target.put(write, (position) => {
          const now = performance.now()
          underWay--
          if (position > 0) this.acknowledged.add(write, position)
          else refused++
          if (now >= from && now < until && position > 0) latencies.push(now - sent)
          if (now >= until || (count !== undefined && started >= count)) finish(now)
          // A target that refuses at once must not keep this process from hearing anything else.
          else if (position > 0) next()
          else setTimeout(next, 10)
        })
      }
      for (let i = 0; i < Math.min(outstanding, count ?? outstanding); i++) next()
    })
    clearTimeout(mark)
    const seconds = (measuredUntil - measuredFrom) / 1000
    const sorted = Float64Array.from(latencies).sort()
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
    const micros = cpu === undefined ? 0 : cpu.user + cpu.system
    return {
      operations: sorted.length,
      refused,
      seconds,
      perSecond: sorted.length / seconds,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      maxMs: at(1),
      cpuShare: micros / 1e6 / seconds,
      cpuMicrosPerOp: micros / Math.max(1, sorted.length),
    }
  }
}
