import type { Locator, Page } from '@playwright/test'
import { cardOf, choose, createWorkflow, expectSaved, panelOf, pick } from './editing'
import { signIn, tenants } from './tenant'
import { expect, test } from './test'

const name = `Editing ${Date.now().toString(36)}`

test('someone draws with the keyboard and the mouse, changes their mind, and tries it out', async ({
  page,
}) => {
  const [acme] = tenants()
  await signIn(page, acme)
  await createWorkflow(page, name)

  await test.step('add nodes with the keyboard', async () => {
    await page.keyboard.press('Tab')
    await choose(page, 'Manual trigger')
    await page.keyboard.press('Escape')
    await expect(panelOf(page, 'Manual trigger')).toBeHidden()
    await page.keyboard.press('Tab')
    const set = await choose(page, 'Set')
    await set.getByRole('button', { name: 'Add a field' }).click()
    await set.getByRole('textbox', { name: 'Field name' }).fill('name')
    await set.getByRole('textbox', { name: 'Value', exact: true }).fill('Ada')
    await expect(edge(page, 'Manual trigger', 'Set')).toBeAttached()
  })

  await test.step('add one by the plus of another, with an expression', async () => {
    await page.getByRole('button', { name: 'Add a node after Set' }).click()
    const set = await choose(page, 'Set', 'Set 2')
    await set.getByRole('button', { name: 'Add a field' }).click()
    await set.getByRole('textbox', { name: 'Field name' }).fill('greeting')
    await set.getByRole('button', { name: 'fx: use an expression for Value' }).click()
    await set.getByRole('textbox', { name: 'Value', exact: true }).click()
    await page.keyboard.insertText('Hello {{ 6 * 7')
    const live = set.getByRole('status', { name: 'Value for the current item' })
    await expect(live).toContainText('This {{ is never closed.')
    await page.keyboard.insertText(' }}')
    await expect(live).toHaveText('Hello 42')
    await expectSaved(page)
  })

  await test.step('add one that nothing leads to, and connect it', async () => {
    await page.keyboard.press('Escape')
    await clearSelection(page)
    await page
      .getByRole('toolbar', { name: 'Canvas tools' })
      .getByRole('button', { name: 'Add a node' })
      .click()
    await choose(page, 'No operation')
    await expect(page.getByRole('button', { name: 'Add a node after Set 2' })).toBeVisible()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Show the whole workflow' }).click()
    await drag(
      page,
      await port(cardOf(page, 'Set 2'), 'output'),
      await port(cardOf(page, 'No operation'), 'input'),
    )
    await expect(edge(page, 'Set 2', 'No operation')).toBeAttached()
    await expect(page.getByRole('button', { name: 'Add a node after Set 2' })).toBeHidden()
  })

  await test.step('take it back and make it again', async () => {
    await page.keyboard.press('Control+z')
    await expect(edge(page, 'Set 2', 'No operation')).not.toBeAttached()
    await page.keyboard.press('Control+Shift+z')
    await expect(edge(page, 'Set 2', 'No operation')).toBeAttached()
  })

  await test.step('delete a node, and have it back', async () => {
    await cardOf(page, 'No operation').click()
    await page.keyboard.press('Delete')
    await expect(cardOf(page, 'No operation')).toBeHidden()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(cardOf(page, 'No operation')).toBeVisible()
    await expect(edge(page, 'Set 2', 'No operation')).toBeAttached()
  })

  await test.step('have it back from so far away that nothing can be read', async () => {
    const zoomOut = page.getByRole('button', { name: 'Zoom out' })
    for (let times = 0; times < 8; times++) await zoomOut.click()
    await cardOf(page, 'No operation').click()
    await page.keyboard.press('Delete')
    await expect(cardOf(page, 'No operation')).toBeHidden()
    await page.getByRole('button', { name: 'Undo' }).click()
    const card = await boxOf(cardOf(page, 'No operation'))
    const wire = await edge(page, 'Set 2', 'No operation').locator('path').first().boundingBox()
    expect(wire).not.toBeNull()
    if (wire) expect(Math.abs(wire.x + wire.width - card.x)).toBeLessThan(4)
    await page.getByRole('button', { name: 'Show the whole workflow' }).click()
  })

  const places = await test.step('move with the mouse and with the keyboard', async () => {
    const moved = cardOf(page, 'No operation')
    const before = await place(moved)
    const box = await boxOf(moved)
    const grip = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    await drag(page, grip, { x: grip.x, y: grip.y + 120 })
    await expect.poll(async () => (await place(moved)).y).toBeGreaterThan(before.y + 60)
    await expectSaved(page)
    const dropped = await place(moved)
    await moved.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await expect.poll(async () => (await place(moved)).y).toBeGreaterThan(dropped.y)
    await expectSaved(page)
    return place(moved)
  })

  await test.step('execute it and see where the items went', async () => {
    // The canvas draws only what is in view, and moving a node may have taken the view along.
    await page.getByRole('button', { name: 'Show the whole workflow' }).click()
    await page.getByRole('button', { name: 'Execute workflow' }).click()
    for (const one of ['Manual trigger', 'Set', 'Set 2', 'No operation']) {
      await expect(cardOf(page, one)).toContainText('Succeeded')
    }
    await expect(page.getByText('1 item', { exact: true }).first()).toBeVisible()
    await cardOf(page, 'Set 2').click()
    const set = panelOf(page, 'Set 2')
    await expect(set.getByRole('cell', { name: 'Ada', exact: true })).toBeVisible()
    await set.getByRole('radio', { name: 'Output' }).press(' ')
    await expect(set.getByRole('cell', { name: 'Hello 42', exact: true })).toBeVisible()
  })

  await test.step('the value below an expression is that of a real item', async () => {
    const set = panelOf(page, 'Set 2')
    await set.getByRole('textbox', { name: 'Value', exact: true }).click()
    await page.keyboard.press('Control+A')
    await page.keyboard.insertText('Hello {{ $json.name }}')
    await expect(set.getByRole('status', { name: 'Value for the current item' })).toHaveText('Hello Ada')
    await expectSaved(page)
    await set.getByRole('textbox', { name: 'Value', exact: true }).getByText('$json').hover()
    const help = page.locator('.cm-tooltip-hover')
    await expect(help).toContainText('The data of the current item')
    await page.mouse.move(0, 0)
    await expect(help).toHaveCount(0)
  })

  await test.step('execute to a node, and then the node alone', async () => {
    const mark = 'Changed since it was executed'
    await expect(cardOf(page, 'Set 2')).toContainText(mark)
    await expect(cardOf(page, 'No operation')).toContainText(mark)
    await expect(cardOf(page, 'Set')).not.toContainText(mark)
    const set = panelOf(page, 'Set 2')
    await set.getByRole('button', { name: 'Execute this node' }).click()
    await expect(cardOf(page, 'No operation')).not.toContainText('Succeeded')
    await expect(cardOf(page, 'Set 2')).toContainText('Succeeded')
    await expect(cardOf(page, 'Set 2')).not.toContainText(mark)
    await set.getByRole('button', { name: 'Execute to here' }).click()
    await expect(cardOf(page, 'Set 2')).toContainText('Succeeded')
    await expect(cardOf(page, 'No operation')).not.toContainText('Succeeded')
    await page.getByRole('button', { name: 'Execute workflow' }).click()
    await expect(cardOf(page, 'No operation')).toContainText('Succeeded')
  })

  await test.step('everything is there after a reload', async () => {
    await page.reload()
    await expect(page.getByRole('textbox', { name: 'Name of the workflow' })).toHaveValue(name)
    const set = panelOf(page, 'Set 2')
    await expect(set.getByRole('textbox', { name: 'Field name' })).toHaveValue('greeting')
    await expect(set.getByRole('textbox', { name: 'Value', exact: true })).toHaveText(
      'Hello {{ $json.name }}',
    )
    await page.getByRole('button', { name: 'Show the whole workflow' }).click()
    expect(await place(cardOf(page, 'No operation'))).toEqual(places)
    await expect(edge(page, 'Set 2', 'No operation')).toBeAttached()
    await expect(cardOf(page, 'Set 2')).toContainText('Succeeded')
  })

  await test.step('a node between two others, which the server gave, can be deleted and had back', async () => {
    await page.keyboard.press('Escape')
    await cardOf(page, 'Set 2').focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('Delete')
    await expect(edge(page, 'Set', 'No operation')).toBeAttached()
    await expectSaved(page)
    await expect(page.getByText('That change was not kept')).toHaveCount(0)
    await page.keyboard.press('Control+z')
    await expect(edge(page, 'Set 2', 'No operation')).toBeAttached()
    await page.getByRole('button', { name: 'Show the whole workflow' }).click()
  })

  await test.step('stop an execution that takes long', async () => {
    await page.getByRole('button', { name: 'Add a node after No operation' }).click()
    const wait = await choose(page, 'Wait')
    await wait.getByRole('textbox', { name: 'Amount' }).fill('2')
    await pick(page, 'Unit', 'Hours')
    await page.getByRole('button', { name: 'Execute workflow' }).click()
    await expect(cardOf(page, 'Wait')).toContainText('Waiting')
    await page.getByRole('button', { name: 'Stop' }).click()
    await expect(page.getByRole('status').filter({ hasText: 'Cancelled' })).toBeVisible()
    await expect(cardOf(page, 'Wait')).toContainText('Cancelled')
    await expect(page.getByRole('button', { name: 'Execute workflow' })).toBeVisible()
  })
})

interface Point {
  x: number
  y: number
}

test('someone draws, fills in, executes and reads the outcome with nothing but the keyboard', async ({
  page,
}) => {
  const [acme] = tenants()
  await signIn(page, acme)
  await createWorkflow(page, `Keys ${name}`)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('toolbar').getByRole('button', { name: 'Add a node' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(await choose(page, 'Manual trigger')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(cardOf(page, 'Manual trigger')).toBeFocused()
  await page.keyboard.press('Tab')
  const panel = await choose(page, 'Code')
  await expect(panel).toBeFocused()
  await tabTo(page, panel.getByRole('textbox', { name: 'JavaScript' }))
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText('return [{ json: { hello: "world" } }]')
  await page.keyboard.press('Control+Enter')
  await expect(cardOf(page, 'Code')).toContainText('Succeeded')
  // Tab writes in code; after Escape, which may have a list of completions to close first, it leads on.
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Escape')
  await expect(cardOf(page, 'Code')).toBeFocused()
  await page.keyboard.press('Enter')
  await tabTo(page, panel.getByRole('radio', { name: 'Input' }))
  await page.keyboard.press('ArrowRight')
  await expect(panel.getByRole('cell', { name: 'world', exact: true })).toBeVisible()
  // Two cards that nothing joins, once the edge between them is gone.
  await page.keyboard.press('Escape')
  await edge(page, 'Manual trigger', 'Code').focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Delete')
  await expect(edge(page, 'Manual trigger', 'Code')).not.toBeAttached()
  await cardOf(page, 'Code').focus()
  await page.keyboard.press('Space')
  await cardOf(page, 'Manual trigger').focus()
  await page.keyboard.press('Control+Space')
  await page.keyboard.press('c')
  await expect(edge(page, 'Manual trigger', 'Code')).toBeAttached()
})

/** Goes on with Tab until it has the focus. */
async function tabTo(page: Page, wanted: Locator) {
  await expect(async () => {
    await page.keyboard.press('Tab')
    await expect(wanted).toBeFocused({ timeout: 200 })
  }).toPass({ timeout: 10_000, intervals: [0] })
}

function edge(page: Page, from: string, to: string): Locator {
  return page.getByRole('group', { name: `Edge from ${from} to ${to}`, exact: true })
}

/** Where a card is on the page, once the canvas rests. */
async function boxOf(card: Locator) {
  await card.hover()
  const box = await card.boundingBox()
  if (!box) throw new Error('The card is not in sight.')
  return box
}

/** Where a card's only port of this side is. */
async function port(card: Locator, side: 'input' | 'output'): Promise<Point> {
  const box = await boxOf(card)
  return { x: side === 'input' ? box.x : box.x + box.width, y: box.y + box.height / 2 }
}

async function drag(page: Page, from: Point, to: Point) {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 5 })
  await page.mouse.move(to.x, to.y, { steps: 5 })
  await page.mouse.up()
}

/** Where a card is in the drawing, however much of it is in sight. */
function place(card: Locator): Promise<Point> {
  return card.evaluate((element: HTMLElement) => {
    const { m41: x, m42: y } = new DOMMatrix(getComputedStyle(element).transform)
    return { x, y }
  })
}

/** A click beside the cards. */
async function clearSelection(page: Page) {
  await page.mouse.click(640, 200)
}
