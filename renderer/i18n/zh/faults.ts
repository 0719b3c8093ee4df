import type { faults as english } from '../en/faults'

export const faults: typeof english = {
  title: '控制',
}
