import type { RecordBit } from '../../node/contract/conditions'
import type { NodeInspection } from '../inspect'

/**
 * Records of which damage can be told from a write that a crash tore (docs/storage-format.md): those before the last whole
 * write. Damage to the very last one is cut off like a torn one, with what it had acknowledged: no node alone can know better.
 */
export function flippable({ files }: Pick<NodeInspection, 'files'>): RecordBit[] {
  return files.flatMap(({ name, records }, at) => {
    const sound = records.filter(({ number, standing }) => number > 0 && standing === 'ok')
    if (at < files.length - 1) return sound.map(({ number }) => ({ file: name, record: number }))
    const lastWrite = sound.findLast(({ type }) => type === 'write')?.number ?? 0
    return sound.filter(({ number }) => number < lastWrite).map(({ number }) => ({ file: name, record: number }))
  })
}
