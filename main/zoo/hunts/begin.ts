import type { Field } from '../field'

/** How most scripts begin: n1 leads, x is 1, and everybody knows that to be committed. */
export async function begin(field: Field): Promise<void> {
  await field.elect(1)
  const { index } = await field.put('x', '1')
  // By the answer's index and of n1, too: each node tells by itself what it has, and n1 may be the last to be heard.
  await field.until(() => field.cluster.nodeIds.every((node) => field.commitIndex(node) >= index))
}
