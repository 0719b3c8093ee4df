import type { Calls, Rooms } from './rooms'

export function workbenchCalls({
  options,
  host,
  settings,
  settingsChanged,
}: Rooms): Calls<'workbench.info' | 'settings.get' | 'settings.set'> {
  return {
    'workbench.info': async () => ({
      version: options.version,
      host: host.kind,
      platform: process.platform,
      home: options.home,
    }),
    'settings.get': async () => settings.value,
    'settings.set': async (input) => {
      try {
        await settings.change(input)
      } finally {
        // What could not be written holds in memory: the windows show it all the same.
        settingsChanged()
      }
      return settings.value
    },
  }
}
