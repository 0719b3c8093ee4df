/** A look inside one held message: read again when another one is meant, or another moment. */
import { shallowRef, watch } from 'vue'
import type { HeldDetail } from '../../../preload/contract'
import { type HeldRef, heldKey } from '../../components/held'
import { useClusterStore } from '../../stores/cluster'
import { problemRef, useDoor } from '../../stores/door'

export function useHeldDetail(of: () => HeldRef | undefined) {
  const cluster = useClusterStore()
  const door = useDoor()
  const detail = shallowRef<HeldDetail | null>(null)
  const problem = problemRef()
  let wanted = ''

  async function read(ref: HeldRef, key: string): Promise<void> {
    const source = cluster.sourceName
    if (source === null) return
    const seq = cluster.pin?.seq
    try {
      const { from, to, id } = ref
      const found = await door.call('held.read', { source, from, to, id, ...(seq === undefined ? {} : { seq }) })
      if (key !== wanted) return
      detail.value = found
      problem.value = ''
    } catch (thrown) {
      if (key !== wanted) return
      detail.value = null
      problem.value = thrown
    }
  }

  watch(
    () => {
      const ref = of()
      return ref === undefined ? '' : `${cluster.sourceName} ${cluster.pin?.seq ?? 'live'} ${heldKey(ref)}`
    },
    (key) => {
      wanted = key
      detail.value = null
      problem.value = ''
      const ref = of()
      if (ref !== undefined && key !== '') void read(ref, key)
    },
    { immediate: true },
  )
  return { detail, problem }
}
