/** Calls and operations that have begun: whether the user waited for their end, and what came of them. */
import type { TimelineEvent } from '../../node/contract/events'
import type { Act } from './act'
import type { Fields } from './recorded'

interface Pending {
  readonly act: Act
  readonly kind: 'call' | 'operation'
  /** Of a call in the background; empty: nothing else was done meanwhile. */
  name: string
}

export class UnderWay {
  readonly #calls = new Map<number, Pending>()
  readonly #operations = new Map<number, Pending>()
  #named = 0

  call(id: number, act: Act): void {
    this.#calls.set(id, { act, kind: 'call', name: '' })
  }

  operation(id: number, act: Act): void {
    this.#operations.set(id, { act, kind: 'operation', name: '' })
  }

  /** @returns what to wait for, when other things were done since it was asked */
  answered(id: number, outcome: TimelineEvent<'answer'>['outcome']): Fields | undefined {
    const pending = this.#calls.get(id)
    this.#calls.delete(id)
    if (pending?.act.step === undefined) return undefined
    if (pending.name !== '') return { answer: { call: pending.name, outcome } }
    const [kind = ''] = Object.keys(pending.act.step)
    pending.act.step = { [kind]: { ...(pending.act.step[kind] as Fields), answer: { outcome } } }
    return undefined
  }

  /** @param problem why it failed; undefined when it did not */
  operationEnds(id: number, problem: string | undefined): void {
    const act = this.#operations.get(id)?.act
    this.#operations.delete(id)
    if (act?.step === undefined || problem === undefined) return
    act.step = { ...act.step, refused: problem === '' ? 'internal' : problem }
  }

  /** Something else is done now: the user did not wait for any of them. */
  toBackground(): void {
    for (const pending of [...this.#calls.values(), ...this.#operations.values()]) this.#leave(pending)
  }

  #leave(pending: Pending): void {
    const { act } = pending
    if (act.step === undefined || pending.name !== '') return
    const [kind = ''] = Object.keys(act.step)
    if (pending.kind === 'call') {
      this.#named++
      pending.name = `call-${this.#named}`
      act.step = { [kind]: { ...(act.step[kind] as Fields), name: pending.name, background: true } }
    } else if (kind === 'transfer') act.step = { ...act.step, background: true }
    else if (kind === 'change') act.step = { change: { ...(act.step.change as Fields), background: true } }
    else if (act.comment === '') act.comment = 'it went on while the next steps were taken'
  }
}
