/** Binary search over sorted arrays: the index of the first item for which `after` holds (`length` when none). */
export function firstWhere<T>(items: readonly T[], after: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (after(items[middle] as T)) high = middle
    else low = middle + 1
  }
  return low
}
