import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../preload/contract'
import {
  CONTROLS,
  changesFrom,
  draftOf,
  groupOf,
  isDefault,
  priorityOf,
  SETTING_GROUPS,
  SETTINGS_OF,
} from '../../../renderer/components/settings'
import { messages } from '../../../renderer/i18n'

const names = Object.keys(DEFAULT_SETTINGS).sort()

describe('every setting', () => {
  it('stands in exactly one group, and has a control', () => {
    expect(SETTING_GROUPS.flatMap((group) => [...SETTINGS_OF[group]]).sort()).toEqual(names)
    expect(Object.keys(CONTROLS).sort()).toEqual(names)
  })
  it.each(['en', 'zh'] as const)('has a name and a sentence in %s', (language) => {
    const { settings } = messages[language]
    expect(Object.keys(settings.names).sort()).toEqual(names)
    expect(Object.keys(settings.about).sort()).toEqual(names)
  })
  it('says what happens when it is off, if it can be switched off', () => {
    const flags = names.filter((name) => CONTROLS[name as keyof typeof CONTROLS].kind === 'flag')
    expect(flags.length).toBeGreaterThan(6)
    for (const flag of flags) {
      expect(messages.en.settings.about[flag as keyof typeof messages.en.settings.about]).toContain('Off:')
      expect(messages.zh.settings.about[flag as keyof typeof messages.zh.settings.about]).toContain('关闭：')
    }
  })
})

describe('a draft', () => {
  it('tells only what is different, whatever stands in the fields', () => {
    const draft = draftOf(DEFAULT_SETTINGS)
    expect(changesFrom(DEFAULT_SETTINGS, draft)).toEqual({})
    draft.preVote = false
    draft.heartbeatMs = ''
    draft.priorities = { '2': 3 }
    expect(changesFrom(DEFAULT_SETTINGS, draft)).toEqual({ preVote: false, heartbeatMs: '', priorities: { '2': 3 } })
    expect(isDefault('preVote', false)).toBe(false)
    expect(groupOf('priorities')).toBe('elections')
  })
  it('a node without a priority has 1', () => {
    expect(priorityOf({ priorities: { '2': 0 } }, 2)).toBe(0)
    expect(priorityOf({ priorities: { '2': 0 } }, 3)).toBe(1)
  })
})
