/** The monotonic clock that all processes of one machine share, from the zero of the recording on. */
export class Clock {
  readonly #origin: bigint

  constructor(origin: bigint) {
    this.#origin = origin
  }

  /** Nanoseconds: the `t` of events. */
  now(): number {
    return Number(process.hrtime.bigint() - this.#origin)
  }
}

/** Nanoseconds of events to the core's milliseconds, and back. */
export const toMillis = (nanos: number): number => nanos / 1e6
export const toNanos = (millis: number): number => Math.round(millis * 1e6)
