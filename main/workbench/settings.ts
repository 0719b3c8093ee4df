import { mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Settings } from '../../preload/contract'
import { Problem } from '../node/contract/problem'
import { reasonOf, timeName, writeWhole } from './files'

z.config({ jitless: true })

const VERSION = 1

const fileSchema = z.object({
  version: z.literal(VERSION),
  language: z.enum(['en', 'zh', 'system']),
  theme: z.enum(['dark', 'light', 'system']),
  /** The cluster that was open last; empty = none yet. */
  lastCluster: z.string(),
  /** Files that were opened, the last one first. Settings from before there were any have none. */
  recent: z.array(z.object({ path: z.string(), opened: z.string() })).default([]),
})
type SettingsFile = z.infer<typeof fileSchema>

const MAX_RECENT = 10

const DEFAULTS: SettingsFile = { version: VERSION, language: 'system', theme: 'system', lastCluster: '', recent: [] }

/**
 * What one person chose, in `<home>/settings.json`. A file that cannot be understood is put aside, never overwritten
 * and never in the way.
 */
export class SettingsStore {
  readonly #path: string
  #current: SettingsFile
  #writing: Promise<void> = Promise.resolve()

  private constructor(path: string, current: SettingsFile) {
    this.#path = path
    this.#current = current
  }

  /**
   * Reads the settings; `problem` tells when the file was corrupt and the defaults are used.
   * @throws {Problem} 'directory-unwritable' when the home cannot be made or read
   */
  static async open(home: string): Promise<{ readonly store: SettingsStore; readonly problem?: Problem }> {
    const path = join(home, 'settings.json')
    let text: string
    try {
      await mkdir(home, { recursive: true, mode: 0o700 })
      text = await readFile(path, 'utf8')
    } catch (trouble) {
      if ((trouble as NodeJS.ErrnoException).code === 'ENOENT') return { store: new SettingsStore(path, DEFAULTS) }
      throw new Problem('directory-unwritable', { path: home, reason: reasonOf(trouble) }, { cause: trouble })
    }
    try {
      return { store: new SettingsStore(path, fileSchema.parse(JSON.parse(text))) }
    } catch (trouble) {
      const kept = `${path}.corrupt-${timeName(new Date())}`
      await rename(path, kept)
      const problem = new Problem('settings-corrupt', { path, reason: explain(trouble), kept }, { cause: trouble })
      return { store: new SettingsStore(path, DEFAULTS), problem }
    }
  }

  get value(): Settings {
    const { language, theme } = this.#current
    return { language, theme }
  }

  get lastCluster(): string {
    return this.#current.lastCluster
  }

  get recent(): SettingsFile['recent'] {
    return this.#current.recent
  }

  /** A file was opened. That it cannot be written down is no reason not to open it. */
  async opened(path: string): Promise<void> {
    const before = this.#current.recent.filter((known) => known.path !== path)
    const recent = [{ path, opened: new Date().toISOString() }, ...before].slice(0, MAX_RECENT)
    await this.change({ recent }).catch(() => undefined)
  }

  /**
   * Changes some settings and writes them; those that are undefined stay.
   * @throws {Problem} 'directory-unwritable'; the change holds in memory nevertheless
   */
  async change(change: { [K in keyof Omit<SettingsFile, 'version'>]?: SettingsFile[K] | undefined }): Promise<void> {
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
    this.#current = { ...this.#current, ...given }
    const write = this.#writing.then(() => this.#write())
    // The next write goes on even when this one fails; its own caller hears of it.
    this.#writing = write.catch(() => undefined)
    await write
  }

  async #write(): Promise<void> {
    try {
      const text = `${JSON.stringify(this.#current, null, 2)}\n`
      await writeWhole(this.#path, (file) => file.writeFile(text))
    } catch (trouble) {
      throw new Problem('directory-unwritable', { path: this.#path, reason: reasonOf(trouble) }, { cause: trouble })
    }
  }
}

/** The language that was chosen, without touching the file; `system` when nothing can be read. */
export async function readLanguage(home: string): Promise<Settings['language']> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(join(home, 'settings.json'), 'utf8'))).language
  } catch {
    return 'system'
  }
}

function explain(trouble: unknown): string {
  if (trouble instanceof z.ZodError) {
    const issue = trouble.issues[0]
    return issue ? `${issue.path.join('.')}: ${issue.message}` : 'invalid'
  }
  return reasonOf(trouble)
}
