/** Work that waits for the next animation frame, once per frame; a hidden window, which has no frames, goes on slowly. */
const HIDDEN_MS = 250
const waiting = new Set<() => void>()
let scheduled = false

function flush(): void {
  scheduled = false
  const work = [...waiting]
  waiting.clear()
  for (const run of work) run()
}

export function onNextFrame(run: () => void): void {
  waiting.add(run)
  if (scheduled) return
  scheduled = true
  if (document.hidden) setTimeout(flush, HIDDEN_MS)
  else requestAnimationFrame(flush)
}
