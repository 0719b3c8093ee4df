import type { Field } from '../field'

/** How most scripts begin: n1 leads, x is 1, and everybody knows that to be committed. */
export async function begin(field: Field): Promise<void> {
  await field.elect(1)
  await field.put('x', '1')
  const others = field.cluster.nodeIds.filter((node) => node !== 1)
  await field.until(() => others.every((node) => field.commitIndex(node) === field.lastIndex(1)))
}
