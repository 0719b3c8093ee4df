/** F6: from region to region; each remembers what had the focus in it. */
const last = new WeakMap<Element, HTMLElement>()
const FOCUSABLE =
  'button:not(:disabled):not([tabindex="-1"]), input:not(:disabled), select:not(:disabled), [tabindex="0"]'

const regions = () =>
  [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
    (region) => region.offsetParent !== null || region.getClientRects().length > 0,
  )

export function rememberFocus(event: FocusEvent): void {
  if (!(event.target instanceof HTMLElement)) return
  const region = event.target.closest('[data-region]')
  if (region !== null) last.set(region, event.target)
}

export function cycleRegion(by: 1 | -1): void {
  const all = regions()
  if (all.length === 0) return
  const here = all.findIndex((region) => region.contains(document.activeElement))
  const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : (here + by + all.length) % all.length]
  if (next === undefined) return
  const remembered = last.get(next)
  const target = remembered?.isConnected ? remembered : (next.querySelector<HTMLElement>(FOCUSABLE) ?? next)
  target.focus()
}
