import type { StreamName, Streams } from '../../preload/contract'

type Listener<S extends StreamName> = (value: Streams[S]) => void

/** Fans one stream's values out to its listeners; one that throws does not keep a value from the others. */
export class Channel<S extends StreamName> {
  readonly #listeners = new Set<Listener<S>>()

  add(listener: Listener<S>): () => void {
    // Each subscription is its own, even when the same function is handed in twice.
    const own: Listener<S> = (value) => listener(value)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  emit(value: Streams[S]): void {
    for (const listener of [...this.#listeners]) listener(value)
  }
}
