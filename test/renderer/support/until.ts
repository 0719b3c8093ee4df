import { vi } from 'vitest'

/** Waits until this no longer throws: much longer than the one second of `vi.waitFor`, for machines that are busy with others. */
export const until = <T>(holds: () => T | Promise<T>): Promise<T> => vi.waitFor(holds, { timeout: 15_000 })
