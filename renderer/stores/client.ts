/** The workbench's client, as its form sees it: what is under way and what was refused before it was even sent. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { CallResultView, ClientOp, Consistency } from '../../preload/contract'
import { ProblemError, problemRef, useDoor } from './door'

export interface ClientCall {
  readonly op: ClientOp
  readonly key: string
  /** For `put`, `cas` and `append`. */
  readonly value?: string
  /** For `cas`: what the key has to hold; null = nothing. */
  readonly expected?: string | null
  /** For `get`; left out = as the workbench does by itself. */
  readonly consistency?: Consistency
  /** First node to ask; left out = the workbench chooses. */
  readonly via?: number
}

export const useClientStore = defineStore('client', () => {
  const door = useDoor()
  const underWay = ref(0)
  /** The sentence for a call that could not be made or did not succeed; empty after one that did. */
  const problem = problemRef()
  const last = shallowRef<CallResultView | null>(null)

  function ask({ op, key, value = '', expected = null, consistency, via }: ClientCall): Promise<CallResultView> {
    const to = via === undefined ? {} : { via }
    switch (op) {
      case 'put':
        return door.call('client.put', { key, value, ...to })
      case 'get':
        return door.call('client.get', { key, ...to, ...(consistency === undefined ? {} : { consistency }) })
      case 'cas':
        return door.call('client.cas', { key, expected, value, ...to })
      case 'append':
        return door.call('client.append', { key, value, ...to })
      case 'delete':
        return door.call('client.delete', { key, ...to })
    }
  }

  async function send(call: ClientCall): Promise<void> {
    underWay.value++
    try {
      const result = await ask(call)
      last.value = result
      problem.value = result.problem === undefined ? '' : new ProblemError(result.problem)
    } catch (thrown) {
      problem.value = thrown
    } finally {
      underWay.value--
    }
  }
  return { underWay, problem, last, send }
})
