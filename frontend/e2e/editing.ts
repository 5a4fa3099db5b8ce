import { expect, type Locator, type Page } from '@playwright/test'

/** Makes a blank workflow; its editor is open afterwards. */
export async function createWorkflow(page: Page, name: string) {
  await page.getByRole('button', { name: 'New workflow' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New workflow' })
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('textbox', { name: 'Name of the workflow' })).toHaveValue(name)
}

/** Chooses a node kind with the keyboard alone; the new node's panel is open afterwards. */
export async function choose(page: Page, kind: string, name = kind): Promise<Locator> {
  const search = page.getByRole('combobox', { name: 'Search nodes' })
  await search.fill(kind)
  await expect(page.getByRole('option', { selected: true })).toHaveAccessibleName(kind)
  await search.press('Enter')
  const panel = panelOf(page, name)
  await expect(panel).toBeVisible()
  return panel
}

/** Picks an option of a parameter by its label; what it means may stand below. */
export async function pick(page: Page, parameter: string, option: string) {
  await page.getByRole('combobox', { name: parameter, exact: true }).click()
  const label = page.getByText(option, { exact: true })
  await page.getByRole('option').filter({ has: label }).click()
}

export function panelOf(page: Page, name: string): Locator {
  return page.getByRole('complementary', { name: `Node ${name}`, exact: true })
}

/** A node's card on the canvas. */
export function cardOf(page: Page, name: string): Locator {
  return page.getByRole('group', { name, exact: true })
}

/** Every edit has reached the server. */
export async function expectSaved(page: Page) {
  await expect(page.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible()
}
