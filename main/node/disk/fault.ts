/** The first failure of a disk, which ends it: nothing is tried again, and every call fails with the same problem. */
import { Problem } from '../contract/problem'

export class Fault {
  #problem: Problem | undefined

  get problem(): Problem | undefined {
    return this.#problem
  }

  /** Throws the problem, if there is one: to be called before anything is done to a file. */
  check(): void {
    if (this.#problem !== undefined) throw this.#problem
  }

  /** Ends the disk with `problem`, unless it ended before; returns what it ended with. */
  end(problem: Problem): Problem {
    this.#problem ??= problem
    return this.#problem
  }

  /** Ends the disk because `operation` on `path` failed with `error`. */
  failed(path: string, operation: string, error: unknown): Problem {
    if (error === this.#problem && this.#problem !== undefined) return this.#problem
    const reason = error instanceof Error ? error.message : String(error)
    return this.end(new Problem('disk-failed', { path, operation, reason }, { cause: error }))
  }

  /** Runs something that is done to files; whatever it throws ends the disk and is thrown as its problem. */
  async guard<T>(path: string, operation: string, run: () => Promise<T>): Promise<T> {
    this.check()
    try {
      return await run()
    } catch (error) {
      throw this.failed(path, operation, error)
    }
  }
}
