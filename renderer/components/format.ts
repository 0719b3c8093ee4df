/** Numbers, sizes and times as the window writes them. Pure; the same in both languages unless a unit says otherwise. */
const NS_PER_S = 1e9
const THIN = '\u2009'

/** 12.580 from nanoseconds: the one clock, in seconds with three digits. */
export function seconds(t: number): string {
  return (t / NS_PER_S).toFixed(3)
}

/** 48 213: thousands apart by a thin space. */
export function count(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, THIN)
}

/** 412 B, 3.2 MB: decimal units. */
export { formatBytes as bytes } from '../../preload/contract/diagram'

/** 38 ms, 0.68 s, 2 min 5 s from nanoseconds. */
export function span(ns: number): string {
  const ms = ns / 1e6
  if (ms < 1) return `${Math.max(0, Math.round(ns / 1000))} µs`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  const s = ms / 1000
  if (s < 9.995) return `${s.toFixed(2)} s`
  if (s < 59.95) return `${s.toFixed(1)} s`
  const minutes = Math.floor(s / 60)
  if (minutes < 60) return `${minutes} min ${Math.floor(s % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export const nodeName = (id: number) => `n${id}`

/** `t1`…`t8` for a term's colour; `t0` without one. */
export function termClass(term: number): string {
  return term < 1 ? 't0' : `t${((term - 1) % 8) + 1}`
}
