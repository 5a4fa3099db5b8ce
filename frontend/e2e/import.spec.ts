import { expectAccessible } from './accessibility'
import { post } from './call'
import { cardOf, choose, expectSaved, panelOf } from './editing'
import { signIn, tenants } from './tenant'
import { expect, test } from './test'

const stamp = Date.now().toString(36)
const name = `Parcels ${stamp}`

/** As n8n exports it: a webhook, a field, and an app that has no counterpart here. */
const exported = {
  name,
  nodes: [
    {
      id: 'a',
      name: 'Order arrives',
      type: 'n8n-nodes-base.webhook',
      typeVersion: 2,
      position: [0, 0],
      webhookId: 'b1d6c7a0-0000-4000-8000-000000000001',
      parameters: { httpMethod: 'POST', path: `parcels-${stamp}`, responseMode: 'lastNode', options: {} },
    },
    {
      id: 'b',
      name: 'Weigh',
      type: 'n8n-nodes-base.set',
      typeVersion: 3.4,
      position: [240, 0],
      parameters: {
        assignments: {
          assignments: [
            {
              id: '1',
              name: 'kilos',
              type: 'number',
              value: "={{ $('Order arrives').item.json.body.grams / 1000 }}",
            },
          ],
        },
        options: {},
      },
    },
    {
      id: 'c',
      name: 'Tell the team',
      type: 'n8n-nodes-base.mattermost',
      typeVersion: 1,
      position: [480, 0],
      parameters: { message: 'A parcel' },
      credentials: { mattermostApi: { id: '7', name: 'Team chat' } },
    },
  ],
  connections: {
    'Order arrives': { main: [[{ node: 'Weigh', type: 'main', index: 0 }]] },
    Weigh: { main: [[{ node: 'Tell the team', type: 'main', index: 0 }]] },
  },
  settings: { executionOrder: 'v1' },
}

test('a workflow of n8n is imported, its placeholder replaced, and it is published and called', async ({
  page,
}) => {
  const [acme] = tenants()
  await signIn(page, acme)

  await test.step('import the file and read what became of it', async () => {
    await page.getByRole('button', { name: 'New workflow' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'New workflow' })
    await dialog.getByRole('radio', { name: /^A workflow file/ }).click()
    await expectAccessible(page)
    const file = dialog.locator('input[type=file]')
    await file.setInputFiles({
      name: 'everything.json',
      mimeType: 'application/json',
      buffer: Buffer.alloc(17_000_000, ' '),
    })
    await dialog.getByRole('button', { name: 'Create' }).click()
    await expect(dialog.getByRole('alert')).toContainText('This file has 17 MB')
    await file.setInputFiles({
      name: 'parcels.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(exported)),
    })
    await dialog.getByRole('button', { name: 'Create' }).click()
    const report = page.getByRole('dialog', { name: 'The workflow was imported' })
    await expect(report.getByText(/n8n-nodes-base\.mattermost/)).toBeVisible()
    // A placeholder signs in nowhere.
    await expect(report.getByText(/The credential “Team chat”/)).toHaveCount(0)
    await expectAccessible(page)
    await report.getByRole('button', { name: 'Open in the editor' }).click()
    await expect(page.getByRole('textbox', { name: 'Name of the workflow' })).toHaveValue(name)
  })

  await test.step('the placeholder stands in the way', async () => {
    await page.getByRole('button', { name: /^Publish/ }).click()
    const sheet = page.getByRole('dialog', { name: 'Publish this workflow' })
    await expect(sheet.getByText('Tell the team').first()).toBeVisible()
    await page.keyboard.press('Escape')
  })

  await test.step('another node takes its place, and the workflow is published', async () => {
    await expect(cardOf(page, 'Tell the team')).toContainText('A placeholder: replace it before you publish')
    await cardOf(page, 'Tell the team').click()
    const placeholder = panelOf(page, 'Tell the team')
    await expect(placeholder.getByText(/^It stands for n8n-nodes-base\.mattermost/)).toBeVisible()
    await expectAccessible(page)
    await placeholder.getByRole('button', { name: 'Choose another node' }).click()
    await choose(page, 'No operation', 'Tell the team')
    await expect(cardOf(page, 'Tell the team')).not.toContainText('A placeholder')
    await expect(page.getByRole('group', { name: 'Edge from Weigh to Tell the team' })).toBeAttached()
    await expectSaved(page)
    await page.getByRole('button', { name: /^Publish/ }).click()
    const sheet = page.getByRole('dialog', { name: 'Publish this workflow' })
    await sheet.getByRole('button', { name: 'Publish' }).click()
    await expect(page.getByText('Published as version 1')).toBeVisible()
  })

  await test.step('it answers', async () => {
    await page.getByRole('button', { name: 'Show the whole workflow' }).click()
    await cardOf(page, 'Order arrives').click()
    const shown = panelOf(page, 'Order arrives').getByText(/\/hooks\/(?!test)/)
    const answer = await post((await shown.getAttribute('title')) ?? '', { grams: 2500 })
    expect(answer).toMatchObject({ status: 200, body: { kilos: 2.5 } })
  })

  await test.step('what n8n copies can be pasted on the canvas', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.keyboard.press('Escape')
    await page.evaluate((text) => navigator.clipboard.writeText(text), JSON.stringify(exported))
    await page.keyboard.press('Control+v')
    const report = page.getByRole('dialog', { name: 'Pasted, with a few remarks' })
    await expect(report.getByText(/n8n-nodes-base\.mattermost/)).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(cardOf(page, 'Weigh 2')).toBeVisible()
    await expectSaved(page)
  })

  await test.step('what was pasted reads the nodes that came with it, and not those of the same name', async () => {
    await page.getByRole('button', { name: 'Show the whole workflow' }).click()
    await cardOf(page, 'Weigh 2').click()
    await expect(panelOf(page, 'Weigh 2').getByRole('textbox', { name: 'Value', exact: true })).toHaveText(
      "{{ $('Order arrives 2').item.json.body.grams / 1000 }}",
    )
  })
})
