import vue from '@vitejs/plugin-vue'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium'
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * unit: pure code in Node · process: real child processes, sockets, disks and time limits · dom: components without
 * layout · browser: components in a real Chromium. A file chooses by its suffix: `.test.ts`, `.process.test.ts`,
 * `.dom.test.ts`, `.browser.test.ts`.
 */
export default defineConfig({
  plugins: [vue()],
  test: {
    benchmark: { include: [] },
    // What is waited for comes; its one second by default is little where a run shares two processors with others.
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.{process,dom,browser}.test.ts', 'test/e2e/**'],
          // They give way to everything else that runs (.ci/test.mjs), and none of them is about time as long as this.
          testTimeout: 180_000,
          // Pure code keeps nothing between files, and reading it anew for each of them took a third of the time.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'process',
          environment: 'node',
          include: ['test/**/*.process.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // Most of their time they wait for processes; more at once would only make those slow.
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: { name: 'dom', environment: 'happy-dom', include: ['test/**/*.dom.test.ts'], testTimeout: 30_000 },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/**/*.browser.test.ts'],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath: chromium, args: quiet } }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
