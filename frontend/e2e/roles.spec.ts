import { expectAccessible } from './accessibility'
import { cardOf, panelOf } from './editing'
import { signIn, tenants } from './tenant'
import { expect, test } from './test'

test('a viewer can read what is theirs, and is led to nothing that is not', async ({ page }) => {
  test.skip(!process.env.WEFT_E2E_DEMO, 'Only the demo has a viewer whose password is known.')
  const [acme] = tenants()
  await signIn(page, { ...acme, email: 'deniz@acme.example' })

  await test.step('the rail has the pages that hold something', async () => {
    const rail = page.getByRole('navigation', { name: 'Main navigation' })
    await expect(rail.getByRole('link', { name: 'Executions' })).toBeVisible()
    await expect(rail.getByRole('link', { name: 'Settings' })).toBeVisible()
    await expect(rail.getByRole('link', { name: 'Credentials' })).toHaveCount(0)
    await expect(rail.getByRole('link', { name: 'Usage' })).toHaveCount(0)
  })

  await test.step('an address that creates something only shows the list', async () => {
    await page.goto(`${acme.url}/workflows?create=true&search=${encodeURIComponent('Take an order')}`)
    await expect(page.getByRole('link', { name: 'Take an order' })).toBeVisible()
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })

  await test.step('a node is read as it is, and stays so', async () => {
    await page.getByRole('link', { name: 'Take an order' }).click()
    await cardOf(page, 'Order').click()
    const panel = panelOf(page, 'Order')
    const method = panel.getByRole('combobox', { name: 'HTTP method' })
    await expect(method).toHaveValue('POST')
    await expect(method).toBeEnabled()
    await method.click()
    await expect(page.getByRole('option')).toHaveCount(0)
    await expect(panel.getByRole('textbox', { name: 'Path' })).not.toBeEditable()
    await expectAccessible(page)
  })
})
