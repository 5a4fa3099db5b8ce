import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Page } from '@playwright/test'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Nothing on the page stands in the way of a keyboard or a screen reader, as far as axe can tell. */
export async function expectAccessible(page: Page) {
  // Evaluated rather than added as a script: the page's policy admits no scripts but its own.
  await page.evaluate(source)
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const found = await axe.run()
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join('  ')}`)
  })
  expect(violations).toEqual([])
}
