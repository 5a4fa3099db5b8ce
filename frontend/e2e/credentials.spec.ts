import { expectAccessible } from './accessibility'
import { post } from './call'
import { choose, createWorkflow, expectSaved, panelOf, pick } from './editing'
import { signIn, tenants } from './tenant'
import { expect, test } from './test'

const stamp = Date.now().toString(36)
const name = `Guarded ${stamp}`
const credential = `Door ${stamp}`

const as = (password: string) => ({
  authorization: `Basic ${Buffer.from(`porter:${password}`).toString('base64')}`,
})

test('a credential is made, guards a webhook, gets another secret, and cannot go while it is in use', async ({
  page,
}) => {
  const [acme] = tenants()
  await signIn(page, acme)
  const row = page.getByRole('row').filter({ hasText: credential })

  await test.step('make it', async () => {
    await page.goto(`${acme.url}/credentials?create=true`)
    const dialog = page.getByRole('dialog', { name: 'Add a credential' })
    await dialog.getByRole('textbox', { name: 'Name of the credential' }).fill(credential)
    await dialog.getByRole('combobox', { name: 'Type' }).click()
    await dialog.getByRole('combobox', { name: 'Type' }).fill('Basic')
    await page.getByRole('option', { name: 'Basic', exact: true }).click()
    await dialog.getByRole('textbox', { name: 'User' }).fill('porter')
    await dialog.getByRole('textbox', { name: 'Password' }).fill('first')
    await dialog.getByRole('button', { name: 'Add a credential' }).click()
    await expect(row).toContainText('Basic')
  })

  const address = await test.step('let a webhook ask for it, and publish', async () => {
    await page.getByRole('link', { name: 'Workflows', exact: true }).first().click()
    await createWorkflow(page, name)
    await page.getByRole('button', { name: 'Add a trigger' }).click()
    const webhook = await choose(page, 'Webhook')
    await pick(page, 'HTTP method', 'POST')
    await webhook.getByRole('textbox', { name: 'Path' }).fill(`guarded-${stamp}`)
    await pick(page, 'Callers', 'Who proves it with a credential')
    await pick(page, 'Credential', credential)
    await expectSaved(page)
    await page.getByRole('button', { name: /^Publish/ }).click()
    const sheet = page.getByRole('dialog', { name: 'Publish this workflow' })
    await sheet.getByRole('button', { name: 'Publish' }).click()
    await expect(page.getByText('Published as version 1')).toBeVisible()
    const shown = panelOf(page, 'Webhook').getByText(/\/hooks\/(?!test)/)
    return (await shown.getAttribute('title')) ?? ''
  })

  await test.step('only who has the secret gets in', async () => {
    expect((await post(address, {})).status).toBe(401)
    expect((await post(address, {}, as('second'))).status).toBe(403)
    expect((await post(address, {}, as('first'))).status).toBe(200)
  })

  await test.step('replace the secret: nobody sees the old one, and it opens no more', async () => {
    await page.getByRole('link', { name: 'Credentials', exact: true }).click()
    await row.getByRole('button', { name: `Replace the secret of ${credential}` }).click()
    const dialog = page.getByRole('dialog', { name: `Replace the secret of ${credential}` })
    await expect(dialog.getByRole('textbox', { name: 'Password' })).toHaveValue('')
    await expect(dialog.getByRole('textbox', { name: 'User' })).toHaveCount(0)
    await expectAccessible(page)
    await dialog.getByRole('textbox', { name: 'Password' }).fill('second')
    await dialog.getByRole('button', { name: 'Replace' }).click()
    await expect(dialog).toBeHidden()
    await expect.poll(async () => (await post(address, {}, as('second'))).status).toBe(200)
    expect((await post(address, {}, as('first'))).status).toBe(403)
  })

  await test.step('it cannot be deleted while a published workflow uses it', async () => {
    await row.getByRole('button', { name: `Delete ${credential}` }).click()
    const dialog = page.getByRole('dialog', { name: `Delete ${credential}?` })
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await expect(dialog.getByRole('alert')).toContainText(name)
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await expect(row).toBeVisible()
  })

  await test.step('once the workflow is paused, it can', async () => {
    await page.getByRole('link', { name: 'Workflows', exact: true }).first().click()
    const workflow = page.getByRole('row').filter({ hasText: name })
    await workflow.getByRole('button', { name: new RegExp(name) }).click()
    await page.getByRole('menuitem', { name: 'Pause its triggers' }).click()
    await expect(workflow).toContainText('Paused')
    await page.getByRole('link', { name: 'Credentials', exact: true }).click()
    await row.getByRole('button', { name: `Delete ${credential}` }).click()
    const dialog = page.getByRole('dialog', { name: `Delete ${credential}?` })
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await expect(row).toHaveCount(0)
  })
})
