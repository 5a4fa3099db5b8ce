import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

/** A browser of the system, so that none has to be downloaded; without one, Playwright's own. */
const browser = process.env.CHROMIUM ?? '/usr/bin/chromium'

export default defineConfig({
  testDir: 'e2e',
  // The tests beside it ask the API without a browser; `npm run e2e:api` runs them.
  testMatch: '**/*.spec.ts',
  // The journey is one story on one server.
  workers: 1,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    locale: 'en-GB',
    viewport: { width: 1280, height: 720 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: existsSync(browser) ? browser : undefined,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--no-first-run',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
