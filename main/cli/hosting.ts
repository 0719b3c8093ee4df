import { type BrowserHost, startBrowserHost } from '../browser'
import { createWorkbench, type Programs, type Workbench } from '../workbench'
import type { Terminal } from './terminal'

/** Where the built product is; the entry file knows. */
export interface Places {
  /** The folder with package.json: what Electron is told to run. */
  readonly app: string
  /** The built command line. */
  readonly cli: string
  /** Folder of the built window. */
  readonly pages: string
  readonly programs: Programs
  readonly version: string
}

export interface Hosting {
  readonly browser: BrowserHost
  readonly workbench: Workbench
  /** Ends the cluster and its processes first, then the connections. */
  close(): Promise<void>
}

/**
 * A workbench with a browser host before it.
 * @throws {Problem} 'port-in-use', 'directory-unwritable'
 */
export async function host(
  options: { readonly home: string; readonly port?: number },
  places: Places,
  terminal: Terminal,
): Promise<Hosting> {
  const { port, home } = options
  const { programs, version, pages } = places
  const browser = await startBrowserHost({
    pages,
    ...(port === undefined ? {} : { port }),
    language: terminal.language,
    log: (level, message) => {
      if (level !== 'info') terminal.say(message)
    },
  })
  try {
    const workbench = await createWorkbench({ home, host: browser.services, programs, version })
    browser.attach(workbench)
    return {
      browser,
      workbench,
      async close() {
        await workbench.close()
        await browser.close()
      },
    }
  } catch (trouble) {
    await browser.close()
    throw trouble
  }
}
