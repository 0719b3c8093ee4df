/** Every script by its id. */
import { electionScripts } from './elections'
import { membershipScripts } from './membership'
import { readScripts } from './reads'
import { replicationScripts } from './replication'
import type { Script } from './script'
import { storageScripts } from './storage'

export { BY_HAND, type Script } from './script'

const scripts = {
  ...electionScripts,
  ...replicationScripts,
  ...membershipScripts,
  ...readScripts,
  ...storageScripts,
} as const

export type ScriptId = keyof typeof scripts

export const SCRIPTS: Readonly<Record<ScriptId, Script>> = scripts
