/** The workbench's client, as its form sees it: what is under way and what was refused before it was even sent. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { CallResultView } from '../../preload/contract'
import { sentenceOf, useDoor } from './door'

export interface ClientCall {
  readonly op: 'put' | 'get' | 'delete'
  readonly key: string
  /** For `put` only. */
  readonly value?: string
  /** First node to ask; left out = the workbench chooses. */
  readonly via?: number
}

export const useClientStore = defineStore('client', () => {
  const door = useDoor()
  const underWay = ref(0)
  /** The sentence for a call that could not be made or did not succeed; empty after one that did. */
  const problem = ref('')
  const last = shallowRef<CallResultView | null>(null)

  function ask({ op, key, value = '', via }: ClientCall): Promise<CallResultView> {
    const to = via === undefined ? {} : { via }
    switch (op) {
      case 'put':
        return door.call('client.put', { key, value, ...to })
      case 'get':
        return door.call('client.get', { key, ...to })
      case 'delete':
        return door.call('client.delete', { key, ...to })
    }
  }

  async function send(call: ClientCall): Promise<void> {
    underWay.value++
    try {
      const result = await ask(call)
      last.value = result
      problem.value = result.problem?.message ?? ''
    } catch (thrown) {
      problem.value = sentenceOf(thrown)
    } finally {
      underWay.value--
    }
  }
  return { underWay, problem, last, send }
})
