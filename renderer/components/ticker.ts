/** A reading of the one clock that a template may show; ticks only while it is mounted. */
import { onBeforeUnmount, onMounted, type Ref, ref } from 'vue'
import { useClusterStore } from '../stores/cluster'

/** @param every milliseconds between two readings @returns the time shown, in ns */
export function useTicker(every: number): Readonly<Ref<number>> {
  const cluster = useClusterStore()
  const t = ref(cluster.clock())
  let timer: ReturnType<typeof setInterval> | undefined
  onMounted(() => {
    timer = setInterval(() => {
      t.value = cluster.clock()
    }, every)
  })
  onBeforeUnmount(() => clearInterval(timer))
  return t
}
