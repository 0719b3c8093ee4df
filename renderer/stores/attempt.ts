/** Something that a dialog sends and the workbench may refuse: the dialog stays open and says why. */
import { type Ref, ref } from 'vue'
import { ProblemError, problemRef } from './door'

export interface Attempt {
  readonly busy: Ref<boolean>
  /** The sentence of the refusal; empty when there was none. */
  readonly problem: Ref<string>
  /** The setting that the refusal is about; empty when it is about something else. */
  readonly setting: Ref<string>
  /** Resolves to what was thrown, or null when it worked. */
  make(work: () => Promise<unknown>): Promise<unknown>
  forget(): void
}

export function createAttempt(): Attempt {
  const busy = ref(false)
  const problem = problemRef()
  const setting = ref('')

  function forget(): void {
    problem.value = ''
    setting.value = ''
  }
  async function make(work: () => Promise<unknown>): Promise<unknown> {
    busy.value = true
    forget()
    try {
      await work()
      return null
    } catch (thrown) {
      problem.value = thrown
      if (thrown instanceof ProblemError && thrown.problem.code === 'settings-invalid') {
        setting.value = String(thrown.problem.details.setting ?? '')
      }
      return thrown
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, setting, make, forget }
}
