import type { Terminal } from '../terminal'

const TOLD_EVERY_MILLIS = 100

/** Shows how far something has come, now and then. */
export function meter(terminal: Terminal): (done: number, total: number) => void {
  let told = 0
  return (done, total) => {
    const now = Date.now()
    if (now - told < TOLD_EVERY_MILLIS) return
    told = now
    terminal.progress(terminal.texts.progress(done, total))
  }
}
