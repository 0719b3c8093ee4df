import { defineConfig } from '@playwright/test'

/**
 * The specs run twice: in a browser tab served by the browser host, and in the Electron shell. Where no Electron
 * binary is installed, the shell runs on the stand-in of `test/electron-standin`. What only one shell has (dialogs, several
 * tabs) is in a spec of its name.
 */
export default defineConfig({
  testDir: 'test/e2e',
  workers: 1,
  timeout: 180_000,
  // Two suites and a dozen processes share what may be two slow cores.
  expect: { timeout: 30_000 },
  forbidOnly: true,
  retries: 0,
  outputDir: 'test-results',
  projects: [
    { name: 'browser', metadata: { shell: 'browser' }, testIgnore: 'electron.spec.ts' },
    { name: 'electron', metadata: { shell: 'electron' }, testIgnore: 'browser.spec.ts' },
  ],
})
