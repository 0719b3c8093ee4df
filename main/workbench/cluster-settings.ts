import type { ZodMiniType } from 'zod/mini'
import { Problem } from '../node/contract/problem'
import { type ClusterSettings, DEFAULT_SETTINGS, type SettingName, settingsSchema } from '../node/contract/settings'

/** Every setting by its name, in the order in which they are told. */
export const SETTING_NAMES = Object.keys(DEFAULT_SETTINGS) as readonly SettingName[]

/**
 * Settings as somebody gave them, each checked by itself; which of them can stand together is for the cluster to say.
 * @throws {Problem} 'settings-invalid', naming the first that is wrong
 */
export function settingsOf(given: Readonly<Record<string, unknown>>): Partial<ClusterSettings> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, settingOf(name, value)]))
}

function settingOf(setting: string, value: unknown): unknown {
  const name = SETTING_NAMES.find((known) => known === setting)
  if (name === undefined) throw new Problem('settings-invalid', { setting, reason: 'there is no such setting' })
  const schema: ZodMiniType = settingsSchema.shape[name]
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw new Problem('settings-invalid', {
    setting: [name, ...(issue?.path ?? [])].join('.'),
    reason: issue?.message ?? 'not understood',
  })
}

/** What a recording's cluster says about its settings; what it does not say, or nobody understands, is as by default. */
export function settingsFromText(text: string): ClusterSettings {
  if (text === '') return DEFAULT_SETTINGS
  try {
    const parsed = settingsSchema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : DEFAULT_SETTINGS
  } catch {
    return DEFAULT_SETTINGS
  }
}
