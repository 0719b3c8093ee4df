import { defineConfig } from '@playwright/test'

/**
 * The specs run twice: in a browser tab served by the browser host, and in the Electron shell. Where no Electron
 * binary is installed, the shell runs on the stand-in of `test/electron-standin`. What only one shell has (dialogs, several
 * tabs) is in a spec of its name.
 *
 * A test that is tagged `@browser-only` or `@electron-only` runs in that shell alone: what it shows is decided by nodes and
 * by the page, which are the same programs in both, and each kind of call and stream that it makes is made by another test
 * in the other shell, too. They are shared out so that both take about as long.
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
    { name: 'browser', metadata: { shell: 'browser' }, testIgnore: 'electron.spec.ts', grepInvert: /@electron-only/ },
    { name: 'electron', metadata: { shell: 'electron' }, testIgnore: 'browser.spec.ts', grepInvert: /@browser-only/ },
  ],
})
