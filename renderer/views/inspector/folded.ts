/** Which sections of the inspector are folded: kept while the window lives, whatever node is shown. */
import { reactive } from 'vue'

const folded = reactive(new Set<string>())

export const isFolded = (section: string): boolean => folded.has(section)

export function toggleFolded(section: string): void {
  if (!folded.delete(section)) folded.add(section)
}
