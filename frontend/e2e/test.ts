import { test as base, expect } from '@playwright/test'

/** Playwright's test with a page that must stay free of uncaught errors and of anything its content security policy refuses. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(String(error)))
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) faults.push(message.text())
    })
    await use(page)
    expect(faults).toEqual([])
  },
})
export { expect }
