/** Sizes as people read them. */

/** 412 B, 3.2 MB: decimal units. */
export function formatBytes(n: number): string {
  if (n < 1000) return `${n} B`
  const units = ['KB', 'MB', 'GB', 'TB']
  let value = n / 1000
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value < 99.5 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}
