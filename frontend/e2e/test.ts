import { test as base, expect, type Page } from '@playwright/test'

/** Uncaught errors of a page from now on, and whatever its content security policy refuses. */
export function watched(page: Page): string[] {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text())
  })
  return faults
}

/** Playwright's test with a page that must stay free of faults. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const faults = watched(page)
    await use(page)
    expect(faults).toEqual([])
  },
})
export { expect }
