/** What a running cluster has outside the memory of this process: lock, register, run directory, warden. */
import { Problem } from '../../node/contract/problem'
import { beginRegister, endLeftovers, endRegister } from '../leftovers'
import type { Lock } from '../lock'
import { makeRunDirectory, type RunDirectory, sweepRunDirectories } from '../run-directory'
import { keepWarden, type Warden } from '../warden/keep'

export interface Surroundings {
  readonly run: RunDirectory
  readonly warden: Warden
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
  const warden = keepWarden({ ...program, cluster, token: lock.token })
  return {
    run,
    warden,
    async putAway() {
      // The warden goes last but one: until the sockets are gone it answers for them.
      const steps = [() => run.remove(), () => endRegister(cluster), () => warden.dismiss(), () => lock.release()]
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
