/** Times as people read them. Seconds carry as many digits as the distance to the next tick needs. */
import { MICRO, MILLI, SECOND } from './camera'

/** `12.580 s`: the moment `t` with digits down to `step` (both nanoseconds). */
export function formatMoment(t: number, step: number): string {
  const digits = Math.min(9, Math.max(0, Math.ceil(-Math.log10(step / SECOND) - 1e-9)))
  const seconds = t / SECOND
  if (seconds < 3_600 || digits > 3) return `${seconds.toFixed(digits)} s`
  const hours = Math.floor(seconds / 3_600)
  const minutes = Math.floor((seconds % 3_600) / 60)
  const rest = (seconds % 60).toFixed(digits).padStart(digits > 0 ? digits + 3 : 2, '0')
  return `${hours}:${String(minutes).padStart(2, '0')}:${rest}`
}

/** A length of time in the unit that keeps it short: `0.21 ms`, `84 ms`, `1.12 s`, `3 min`. */
export function formatSpan(nanos: number): string {
  const length = Math.abs(nanos)
  const sign = nanos < 0 ? '−' : ''
  if (length < MILLI / 10) return `${sign}${trim(length / MICRO)} µs`
  if (length < SECOND) return `${sign}${trim(length / MILLI)} ms`
  if (length < 120 * SECOND) return `${sign}${trim(length / SECOND)} s`
  if (length < 7_200 * SECOND) return `${sign}${trim(length / (60 * SECOND))} min`
  return `${sign}${trim(length / (3_600 * SECOND))} h`
}

function trim(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(2)
}
