import { readFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import { expectAccessible } from './accessibility'
import { cardOf, choose, expectSaved, panelOf } from './editing'
import { signIn, tenants } from './tenant'
import { expect, test } from './test'

/** A dozen nodes as n8n exports them: branches that join again, code, a pinned call, and an app that has no counterpart here. */
const exported = JSON.parse(readFileSync(new URL('files/kitchen.json', import.meta.url), 'utf8'))
const name = `${exported.name} ${Date.now().toString(36)}`

/** What each step gives, at its first output. */
const given: [step: string, rows: string[][]][] = [
  ['Order', [['[{"dish":"Soup","price":6},{"dish":"Roast","price":18},{"dish":"Tart","price":7}]', '4']]],
  ['Extras', [['1.5']]],
  [
    'Each dish',
    [
      ['4', '{"dish":"Soup","price":6}'],
      ['4', '{"dish":"Roast","price":18}'],
      ['4', '{"dish":"Tart","price":7}'],
    ],
  ],
  ['Dear?', [['4', '{"dish":"Roast","price":18}']]],
  ['Reduce', [['Roast', '9', '4']]],
  ['By course', [['4', '{"dish":"Soup","price":6}']]],
  ['Sweet', [['Tart with cream', '8.5', '4']]],
  [
    'Put together',
    [
      ['Roast', '9', '4'],
      ['Tart with cream', '8.5', '4'],
    ],
  ],
  ['Bill', [['["Roast","Tart with cream"]', '[9,8.5]']]],
  ['Tell the kitchen', [['Table 4']]],
]

test('a larger workflow of n8n is imported, made whole, executed, and every step is looked at', async ({
  page,
}) => {
  const [acme] = tenants()
  await signIn(page, acme)

  await test.step('import it and read what became of it', async () => {
    await page.getByRole('button', { name: 'New workflow' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'New workflow' })
    await dialog.getByRole('radio', { name: /^A workflow file/ }).click()
    const text = JSON.stringify({ ...exported, name })
    const file = { name: 'kitchen.json', mimeType: 'application/json', buffer: Buffer.from(text) }
    await dialog.locator('input[type=file]').setInputFiles(file)
    await dialog.getByRole('button', { name: 'Create' }).click()
    const report = page.getByRole('dialog', { name: 'The workflow was imported' })
    await expect(report.getByText('Replaced · 1')).toBeVisible()
    await expect(report.getByText(/n8n-nodes-base\.mattermost has no counterpart/)).toBeVisible()
    await expect(report.getByText('Taken over · 11')).toBeVisible()
    await report.getByRole('button', { name: 'Open in the editor' }).click()
    await expect(page.getByRole('textbox', { name: 'Name of the workflow' })).toHaveValue(name)
  })

  await test.step('everything is on the canvas: edges of every output, the note, what was pinned', async () => {
    const edges = [
      'Dear? to Reduce',
      'Dear? to By course',
      'By course to Sweet',
      'Sweet to Put together',
      'Bill to Tell the kitchen',
    ]
    for (const edge of edges) {
      await expect(page.getByRole('group', { name: `Edge from ${edge}`, exact: true })).toBeAttached()
    }
    await expect(cardOf(page, 'By course')).toContainText('Desserts')
    await expect(page.getByText('One bill a table')).toBeVisible()
    await expect(cardOf(page, 'Extras')).toContainText('Its items are pinned')
  })

  await test.step('replace the placeholder and publish', async () => {
    await cardOf(page, 'Tell the kitchen').click()
    await panelOf(page, 'Tell the kitchen').getByRole('button', { name: 'Choose another node' }).click()
    const set = await choose(page, 'Set', 'Tell the kitchen')
    await set.getByRole('button', { name: 'Add a field' }).click()
    await set.getByRole('textbox', { name: 'Field name' }).fill('message')
    await set
      .getByRole('textbox', { name: 'Value', exact: true })
      .fill("Table {{ $('Order').first().json.table }}")
    await expectSaved(page)
    await page.getByRole('button', { name: /^Publish/ }).click()
    await page
      .getByRole('dialog', { name: 'Publish this workflow' })
      .getByRole('button', { name: 'Publish' })
      .click()
    await expect(page.getByText('Published as version 1')).toBeVisible()
  })

  const execution = await test.step('execute it', async () => {
    await page.getByRole('button', { name: 'Execute workflow' }).click()
    await expect(cardOf(page, 'Tell the kitchen')).toContainText('Succeeded')
    return new URL(page.url()).searchParams.get('execution')
  })

  await test.step('open the execution and look at what every step gave', async () => {
    await page.goto(`${acme.url}/executions/${execution}`)
    await expect(page.getByRole('region', { name: 'Facts' })).toContainText('Succeeded')
    for (const [step, rows] of given) {
      const shown = await openStep(page, step)
      await expect(shown.getByRole('row')).toHaveCount(rows.length + 1)
      for (const [at, cells] of rows.entries()) {
        await expect(
          shown
            .getByRole('row')
            .nth(at + 1)
            .getByRole('cell'),
        ).toHaveText(cells)
      }
    }
    await expectAccessible(page)
  })

  await test.step('look at the other output of a branch, and at what came in at a second input', async () => {
    const branch = await openStep(page, 'Dear?')
    await branch.getByRole('radiogroup', { name: 'Port' }).getByText('2 (2)').click()
    await expect(branch.getByRole('cell', { name: '{"dish":"Tart","price":7}', exact: true })).toBeVisible()
    const join = await openStep(page, 'Put together')
    await join.getByRole('tab', { name: 'Input' }).click()
    await join.getByRole('radiogroup', { name: 'Port' }).getByText('2 (1)').click()
    await expect(join.getByRole('cell', { name: 'Tart with cream', exact: true })).toBeVisible()
  })
})

/** Chooses a step in the timeline; gives the part of the page that shows it. */
async function openStep(page: Page, step: string): Promise<Locator> {
  const timeline = page.getByRole('region', { name: 'Timeline' })
  await timeline.getByRole('button').filter({ hasText: step }).click()
  const shown = page.getByRole('region', { name: `${step}, iteration 1, attempt 1`, exact: true })
  await expect(shown.getByRole('tablist')).toBeVisible()
  return shown
}
