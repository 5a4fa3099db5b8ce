import type { Page } from '@playwright/test'
import { expectAccessible } from './accessibility'
import { cardOf, choose, createWorkflow } from './editing'
import { signIn, tenants } from './tenant'
import { expect, test } from './test'

const widths = [380, 1280]
// Two dozen screens, each looked through by axe.
test.setTimeout(240_000)

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every screen can be read and used by everyone, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const [acme] = tenants()
    await signIn(page, acme)
    for (const [screen, path] of await screens(page)) {
      await test.step(screen, async () => {
        await visit(page, acme.url + path)
        await expectAccessible(page)
      })
    }
  })
}

test('French fits on every screen, and nothing scrolls sideways', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const [acme] = tenants()
  await signIn(page, acme)
  const visited = await screens(page)
  await page.evaluate(() => localStorage.setItem('language', 'fr'))
  for (const width of widths) {
    await page.setViewportSize({ width, height: 720 })
    for (const [screen, path] of visited) {
      await test.step(`${screen}, ${width} pixels`, async () => {
        await visit(page, acme.url + path)
        await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
        expect(await wide(page)).toEqual([])
        await expectAccessible(page)
      })
    }
  }
})

/** Every screen of a member, with a workflow and an execution of it. */
async function screens(page: Page): Promise<[string, string][]> {
  // One long word, as there are in every language.
  await createWorkflow(page, `Rechnungsverarbeitungsbeschreibung ${Date.now().toString(36)}`)
  const workflow = new URL(page.url()).pathname
  await page.getByRole('button', { name: 'Add a trigger' }).click()
  await choose(page, 'Manual trigger')
  await page.getByRole('button', { name: 'Execute workflow' }).click()
  await expect(cardOf(page, 'Manual trigger')).toContainText('Succeeded')
  const execution = new URL(page.url()).searchParams.get('execution')
  return [
    ['workflows', '/workflows'],
    ['workflows that no filter fits', '/workflows?search=nothing-is-called-this'],
    ['editor', workflow],
    ['executions', '/executions'],
    ['execution', `/executions/${execution}`],
    ['credentials', '/credentials'],
    ['a new credential', '/credentials?create=true'],
    ['usage', '/usage'],
    ['members', '/settings/members'],
    ['variables', '/settings/variables'],
    ['branding', '/settings/branding'],
    ['audit', '/settings/audit'],
  ]
}

/** Opens an address and waits until it shows what it has. */
async function visit(page: Page, address: string) {
  await page.goto(address, { waitUntil: 'networkidle' })
  await expect(page.getByRole('banner')).toBeVisible()
  await expect(page.getByRole('main').getByRole('status', { name: /^(Loading|Chargement)/ })).toHaveCount(0)
  await expect(page.getByRole('main')).not.toBeEmpty()
}

/** What is wider than its place: the page itself, or a part of it that would have to be scrolled sideways. */
function wide(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('html, body, body *')]
      .filter((element) => {
        const { overflowX, display } = getComputedStyle(element)
        const scrolls = overflowX === 'auto' || overflowX === 'scroll' || element.matches('html, body, main')
        return scrolls && display !== 'none' && element.scrollWidth > element.clientWidth + 1
      })
      .map(
        (element) =>
          `${element.tagName} ${element.className}: ${element.scrollWidth} in ${element.clientWidth}`,
      ),
  )
}
