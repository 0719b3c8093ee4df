/** The settings of one cluster: what they are when nobody says otherwise, and which of them can't stand together. */
import { DEFAULT_ELECTION_TIMEOUT_MS, DEFAULT_HEARTBEAT_MS } from '../node/contract/limits'
import { Problem } from '../node/contract/problem'
import { type ClusterSettings, type SettingName, settingsSchema } from '../node/contract/settings'

/** Who there is, as far as settings speak of single nodes. */
export interface SettingsContext {
  /** All nodes of the cluster. */
  readonly nodes: readonly number[]
  /** Those of them that can't lead. */
  readonly witnesses: readonly number[]
}

/** Larger clusters exchange more messages than a small machine carries 20 times a second. */
function timings(nodes: number): Pick<ClusterSettings, 'electionTimeoutMs' | 'heartbeatMs'> {
  const factor = nodes <= 9 ? 1 : nodes <= 21 ? 2 : 6
  return { electionTimeoutMs: DEFAULT_ELECTION_TIMEOUT_MS * factor, heartbeatMs: DEFAULT_HEARTBEAT_MS * factor }
}

/** The settings of a new cluster. Problem: `settings-invalid`. */
export function newSettings(given: Readonly<Record<string, unknown>>, context: SettingsContext): ClusterSettings {
  return changedSettings(settingsSchema.parse(timings(context.nodes.length)), given, context)
}

/** `settings` with `changes`. Problem: `settings-invalid`, naming the first that is wrong. */
export function changedSettings(
  settings: ClusterSettings,
  changes: Readonly<Record<string, unknown>>,
  context: SettingsContext,
): ClusterSettings {
  const unknown = Object.keys(changes).find((name) => !(name in settingsSchema.shape))
  if (unknown !== undefined) invalid(unknown, 'there is no such setting')
  const parsed = settingsSchema.safeParse({ ...settings, ...changes })
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    invalid(issue?.path.join('.') ?? '', issue?.message ?? 'not understood')
  }
  checkTogether(parsed.data, context)
  return parsed.data
}

/** What no single setting shows. */
function checkTogether(settings: ClusterSettings, { nodes, witnesses }: SettingsContext): void {
  const { electionTimeoutMs, heartbeatMs, leaseReads, checkQuorum, priorities } = settings
  if (heartbeatMs >= electionTimeoutMs) {
    wrong('heartbeatMs', `it must be less than the election timeout, ${electionTimeoutMs} ms`)
  }
  if (leaseReads && !checkQuorum) wrong('leaseReads', 'they need checkQuorum: without it a leader holds no lease')
  const stranger = Object.keys(priorities).find((node) => !nodes.includes(Number(node)))
  if (stranger !== undefined) wrong(`priorities.${stranger}`, `there is no node ${stranger}`)
  const canLead = nodes.some((node) => !witnesses.includes(node) && priorities[node] !== 0)
  if (!canLead) wrong('priorities', 'somebody must be allowed to lead')
}

function wrong(setting: SettingName | `${SettingName}.${string}`, reason: string): never {
  invalid(setting, reason)
}

function invalid(setting: string, reason: string): never {
  throw new Problem('settings-invalid', { setting, reason })
}
