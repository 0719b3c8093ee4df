/** The first failure of a disk, which ends it: nothing is tried again, and every call fails with the same problem. */
import { Problem } from '../contract/problem'
import type { Files } from './files'

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
}

/**
 * The same files, for a disk that ends with the first failure of any change: after it nothing is tried, and everything
 * fails with the same problem. Reading goes on.
 */
export function endingWith(fault: Fault, files: Files): Files {
  const change = async <T>(path: string, operation: string, run: () => Promise<T>): Promise<T> => {
    fault.check()
    try {
      return await run()
    } catch (error) {
      throw fault.failed(path, operation, error)
    }
  }
  return {
    makeDirectory: (path) => change(path, 'make-directory', () => files.makeDirectory(path)),
    list: (path) => files.list(path),
    read: (path) => files.read(path),
    openToRead: (path) => files.openToRead(path),
    async open(path, mode) {
      const file = await change(path, 'open', () => files.open(path, mode))
      return {
        write: (bytes, position) => change(path, 'write', () => file.write(bytes, position)),
        sync: () => change(path, 'sync', () => file.sync()),
        truncate: (length) => change(path, 'truncate', () => file.truncate(length)),
        // Closing is all that is left to do with a file after a failure.
        close: () => file.close(),
      }
    },
    rename: (from, to) => change(from, 'rename', () => files.rename(from, to)),
    remove: (path) => change(path, 'remove', () => files.remove(path)),
    syncDirectory: (path) => change(path, 'sync-directory', () => files.syncDirectory(path)),
  }
}
