import type { ClusterSettings } from '../../../preload/contract'
import { MAX_NODES, MIN_NODES, Problem } from '../../workbench'
import { Ending } from '../ending'
import { host, type Places } from '../hosting'
import { openAddress } from '../launch/system-browser'
import { EXIT, type Terminal } from '../terminal'

export interface ServeOptions {
  readonly home: string
  readonly port?: number
  /** Start a cluster of this size at once. */
  readonly nodes?: number
  /** So many of these are witnesses. */
  readonly witnesses?: number
  /** What the cluster does otherwise than by default. */
  readonly set?: Partial<ClusterSettings>
  readonly open: boolean
  readonly json: boolean
}

/** Serves the workbench to browser tabs until it is stopped. */
export async function serve(options: ServeOptions, places: Places, terminal: Terminal): Promise<number> {
  const { nodes, witnesses, set } = options
  if (nodes !== undefined && (nodes < MIN_NODES || nodes > MAX_NODES)) {
    throw new Problem('node-count', { given: nodes, min: MIN_NODES, max: MAX_NODES })
  }
  if (nodes === undefined && (witnesses !== undefined || set !== undefined)) {
    throw new Problem('usage', { reason: terminal.texts.needsNodes })
  }
  if (nodes !== undefined && witnesses !== undefined && (witnesses < 0 || witnesses >= nodes)) {
    throw new Problem('usage', { reason: terminal.texts.notWitnesses(witnesses, nodes) })
  }
  const ending = new Ending()
  try {
    const hosting = await host(options, places, terminal)
    try {
      const { address, port } = hosting.browser
      terminal.print(options.json ? JSON.stringify({ address, port, pid: process.pid, home: options.home }) : address)
      if (options.open) openAddress(hosting.browser.invite())
      if (nodes !== undefined) {
        const more = {
          ...(witnesses === undefined ? {} : { witnesses }),
          ...(set === undefined ? {} : { settings: set }),
        }
        await hosting.workbench.resume({ nodes, exactly: true, ...more })
      }
      await ending.wait()
      terminal.say(terminal.texts.closing)
      return EXIT.ok
    } finally {
      await hosting.close()
    }
  } finally {
    ending.release()
  }
}
