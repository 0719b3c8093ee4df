import type { load as english } from '../en/load'

export const load: typeof english = {
  title: '负载',
}
