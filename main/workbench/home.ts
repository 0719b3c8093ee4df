import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

const NAME = 'raft-workbench'

/**
 * Where one person's clusters, recordings and settings are: what was asked for, else `RAFT_WORKBENCH_HOME`, else the
 * place that the system has for such data. Absolute.
 */
export function homeDirectory(
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const given = asked || env.RAFT_WORKBENCH_HOME
  if (given) return resolve(given)
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', NAME)
  if (platform === 'win32') return join(env.APPDATA || join(homedir(), 'AppData', 'Roaming'), NAME)
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), NAME)
}
