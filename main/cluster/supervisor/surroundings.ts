/** What a running cluster has outside the memory of this process: lock, register, run directory, warden. */
import { Problem } from '../../node/contract/problem'
import { beginRegister, endLeftovers, endRegister } from '../leftovers'
import type { Lock } from '../lock'
import { makeRunDirectory, type RunDirectory, sweepRunDirectories } from '../run-directory'
import { type Watch, watch } from '../warden/keep'

export interface Surroundings {
  readonly run: RunDirectory
  /** What the warden is to it. */
  readonly warden: Watch
  /** When every process has ended: removes all of it, the lock last. Never throws. */
  putAway(): Promise<void>
}

/** Prepares them for a cluster whose lock we hold. Ends first what a killed workbench left behind. */
export async function prepareSurroundings(
  cluster: string,
  lock: Lock,
  program: { readonly program: string; readonly execPath: string },
): Promise<Surroundings> {
  await endLeftovers(cluster)
  await sweepRunDirectories()
  const run = await makeRunDirectory(cluster, lock.token)
  try {
    beginRegister(cluster, run.path)
  } catch (error) {
    await run.remove()
    throw new Problem('directory-unwritable', { path: cluster, reason: (error as Error).message }, { cause: error })
  }
  const warden = watch(program, { directory: cluster, token: lock.token })
  return {
    run,
    warden,
    async putAway() {
      // The warden answers for everything until nothing is left, the lock included.
      const steps = [() => run.remove(), () => endRegister(cluster), () => lock.release(), () => warden.end()]
      for (const step of steps) {
        try {
          await step()
        } catch {
          // What can't be removed now is swept at the next start.
        }
      }
    },
  }
}
