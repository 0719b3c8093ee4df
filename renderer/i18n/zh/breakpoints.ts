import type { breakpoints as english } from '../en/breakpoints'

export const breakpoints: typeof english = {
  title: '断点',
}
