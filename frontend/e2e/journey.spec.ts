import { expectAccessible } from './accessibility'
import { post } from './call'
import { choose, createWorkflow, expectSaved, panelOf, pick } from './editing'
import { signIn, tenants } from './tenant'
import { expect, test, watched } from './test'

const stamp = Date.now().toString(36)
const name = `Greetings ${stamp}`

test('a new user draws a workflow, publishes it, calls it and looks into its execution', async ({
  page,
  browser,
}) => {
  const [acme, other] = tenants()

  await test.step('sign in', async () => {
    await page.goto(acme.url)
    await expect(page.getByRole('heading', { name: /^Sign in to / })).toBeVisible()
    await expectAccessible(page)
    await signIn(page, acme)
  })
  const brand = await page.title()
  expect(brand).not.toBe('')

  await test.step('create a workflow', () => createWorkflow(page, name))

  await test.step('draw webhook → Set → Code → Respond', async () => {
    await page.getByRole('button', { name: 'Add a trigger' }).click()
    const webhook = await choose(page, 'Webhook')
    await pick(page, 'HTTP method', 'POST')
    await webhook.getByRole('textbox', { name: 'Path' }).fill(`greet-${stamp}`)
    await pick(page, 'Respond', 'With a Respond to webhook node')

    await page.getByRole('button', { name: 'Add a node after Webhook' }).click()
    const set = await choose(page, 'Set')
    await set.getByRole('button', { name: 'Add a field' }).click()
    await set.getByRole('textbox', { name: 'Field name' }).fill('greeting')
    await set
      .getByRole('textbox', { name: 'Value', exact: true })
      .fill('Hello {{ $json.body.name.toUpperCase() }}')

    await page.getByRole('button', { name: 'Add a node after Set' }).click()
    const code = await choose(page, 'Code')
    await code.getByRole('textbox', { name: 'JavaScript' }).click()
    await page.keyboard.press('Control+A')
    await page.keyboard.insertText(
      'return $input.all().map((item) => ({ json: { ...item.json, shout: item.json.greeting + "!" } }))',
    )

    await page.getByRole('button', { name: 'Add a node after Code' }).click()
    await choose(page, 'Respond to webhook')
    await expectSaved(page)
  })

  const address = await test.step('publish it and take its address', async () => {
    await page.getByRole('button', { name: /^Publish/ }).click()
    const sheet = page.getByRole('dialog', { name: 'Publish this workflow' })
    await expect(sheet.getByText('Nothing stands in the way.')).toBeVisible()
    await sheet.getByRole('button', { name: 'Publish' }).click()
    await expect(page.getByText('Published as version 1')).toBeVisible()
    await page.getByRole('button', { name: 'Show the whole workflow' }).click()
    await page.getByRole('group', { name: 'Webhook', exact: true }).click()
    const shown = panelOf(page, 'Webhook').getByText(/\/hooks\/(?!test)/)
    return (await shown.getAttribute('title')) ?? ''
  })

  await test.step('call it and see it live', async () => {
    await page.getByRole('link', { name: 'Executions', exact: true }).click()
    await expect(page.getByRole('status', { name: /^Live/ })).toBeVisible()
    const answer = await post(address, { name: 'ada' })
    expect(answer).toMatchObject({ status: 200, body: { greeting: 'Hello ADA', shout: 'Hello ADA!' } })
    const news = page.getByRole('button', { name: /^\d+ new$/ })
    const row = page.getByRole('row').filter({ hasText: name })
    await expect(news.or(row).first()).toBeVisible()
    if (await news.isVisible()) await news.click()
    await expect(row.first()).toContainText('Succeeded')
    await row.first().getByRole('link', { name }).click()
  })

  const execution = await test.step('look into its items', async () => {
    await expect(page.getByRole('region', { name: 'Facts' })).toContainText('Succeeded')
    const timeline = page.getByRole('region', { name: 'Timeline' })
    await timeline.getByRole('button', { name: /Set/ }).click()
    await expect(page.getByRole('cell', { name: 'Hello ADA', exact: true })).toBeVisible()
    await timeline.getByRole('button', { name: /Code/ }).click()
    await expect(page.getByRole('cell', { name: 'Hello ADA!', exact: true })).toBeVisible()
    await page.getByRole('radio', { name: 'JSON' }).press(' ')
    await expect(page.getByText('"Hello ADA!"')).toBeVisible()
    await expectAccessible(page)
    return new URL(page.url()).pathname
  })

  await test.step('another tenant has its own brand and none of this', async () => {
    const context = await browser.newContext()
    const stranger = await context.newPage()
    const faults = watched(stranger)
    await signIn(stranger, other)
    const theirs = await stranger.title()
    expect(theirs).not.toBe('')
    expect(theirs).not.toBe(brand)
    await expect(stranger.getByText(theirs).first()).toBeVisible()
    await expect(stranger.getByText(name)).toHaveCount(0)
    await stranger.getByRole('link', { name: 'Executions', exact: true }).click()
    await expect(stranger.getByText('Nothing has been executed yet')).toBeVisible()
    await expect(stranger.getByRole('group', { name: 'Status' })).toHaveCount(0)
    await stranger.getByRole('link', { name: 'Credentials', exact: true }).click()
    await expect(stranger.getByRole('button', { name: 'Add a credential' })).toHaveCount(1)
    await stranger.goto(other.url + execution)
    await expect(stranger.getByText('This execution is not here')).toBeVisible()
    expect(faults).toEqual([])
    await context.close()
  })
})
