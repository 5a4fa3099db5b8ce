// A workflow through its life: published, paused, published again, called at every point.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import {
  client,
  command,
  createWorkflow,
  demo,
  fetch,
  originOf,
  publishWorkflow,
  succeed,
  until,
} from './server.mjs'

const [tenant] = demo.tenants
const ask = await client(tenant)

const page = {
  weft: 1,
  name: 'A page',
  nodes: [
    {
      name: 'Hook',
      kind: 'webhook',
      position: [0, 0],
      parameters: { httpMethod: 'POST', path: 'page', responseMode: 'responseNode' },
    },
    {
      name: 'Answer',
      kind: 'respondToWebhook',
      position: [260, 0],
      parameters: { respondWith: 'text', responseBody: '=<p>{{ $json.body.name }}</p>' },
    },
  ],
  edges: [{ from: 'Hook', to: 'Answer' }],
}

const call = (url) =>
  fetch(new URL(new URL(url).pathname, originOf(tenant)), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"Ada"}',
  })

test('an unchanged workflow that was paused answers again when it is published', async () => {
  const workflow = await createWorkflow(ask, page)
  const [{ productionUrl }] = workflow.webhooks
  assert.equal((await call(productionUrl)).status, 404)
  const first = await publishWorkflow(ask, workflow)
  assert.equal((await call(productionUrl)).status, 200)
  await succeed(ask, 'deactivateWorkflow', { workflowId: workflow.id })
  assert.equal((await call(productionUrl)).status, 404)
  const again = await publishWorkflow(ask, workflow)
  assert.equal(again.publishedVersion, first.publishedVersion)
  assert.equal((await call(productionUrl)).status, 200)
})

test('a page that a workflow answers with has no part in the web app’s origin', async () => {
  const workflow = await createWorkflow(ask, { ...page, name: 'Another page' })
  await publishWorkflow(ask, workflow)
  const response = await call(workflow.webhooks[0].productionUrl)
  assert.equal(await response.text(), '<p>Ada</p>')
  const policy = response.headers.get('content-security-policy')
  assert.match(policy, /^sandbox /)
  assert.doesNotMatch(policy, /allow-same-origin/)
})

test('a paused workflow answers again when it is activated, and an archived one never more', async () => {
  const workflow = await createWorkflow(ask, { ...page, name: `Paused ${Math.random()}` })
  const { id, webhooks } = workflow
  const input = { workflowId: id }
  const never = await command(ask, 'activateWorkflow', input)
  assert.equal(never.errors[0].code, 'not_published')
  await publishWorkflow(ask, workflow)
  const state = async (name) => (await succeed(ask, name, input, 'workflow { state }')).workflow?.state
  const status = async () => (await call(webhooks[0].productionUrl)).status
  assert.deepEqual([await state('deactivateWorkflow'), await status()], ['PAUSED', 404])
  assert.deepEqual([await state('activateWorkflow'), await status()], ['PUBLISHED', 200])
  await succeed(ask, 'archiveWorkflow', input)
  assert.equal(await status(), 404)
  const edit = {
    seen: workflow.draft.version,
    groupId: randomUUID(),
    edits: [{ renameWorkflow: { name: 'Again' } }],
  }
  for (const [name, more] of [
    ['activateWorkflow', {}],
    ['publishWorkflow', { draftVersion: workflow.draft.version }],
    ['editWorkflow', edit],
  ]) {
    const { errors } = await command(ask, name, { ...input, ...more })
    assert.equal(errors[0].code, 'workflow_archived', name)
  }
})

test('a published version stays as it is while its draft is edited', async () => {
  const workflow = await createWorkflow(ask, { ...page, name: `Kept ${Math.random()}` })
  const { id, webhooks } = workflow
  await publishWorkflow(ask, workflow)
  const { workflow: seen } = await ask(
    'query ($id: ID!) { workflow(id: $id) { draft { graph { nodes { id name } } } } }',
    { id },
  )
  const answer = seen.draft.graph.nodes.find(({ name }) => name === 'Answer')
  const setParameter = { nodeId: answer.id, name: 'responseBody', value: 'another page' }
  const { version } = await succeed(
    ask,
    'editWorkflow',
    { workflowId: id, seen: workflow.draft.version, groupId: randomUUID(), edits: [{ setParameter }] },
    'version',
  )
  const text = async () => (await call(webhooks[0].productionUrl)).text()
  assert.equal(await text(), '<p>Ada</p>')
  const { publishedVersion } = await publishWorkflow(ask, { id, draft: { version } })
  assert.equal(publishedVersion, 2)
  assert.equal(await text(), 'another page')
})

test('an execution that failed is retried with what it began with, and one that succeeded is not', async () => {
  const variable = `healed${Math.floor(Math.random() * 1e9)}`
  const workflow = await createWorkflow(ask, {
    weft: 1,
    name: `Retried ${Math.random()}`,
    nodes: [
      {
        name: 'Hook',
        kind: 'webhook',
        parameters: { httpMethod: 'POST', path: 'retry', responseMode: 'lastNode' },
      },
      {
        name: 'Fragile',
        kind: 'code',
        parameters: {
          jsCode: `if ($vars.${variable} !== 'yes') throw new Error('not yet')\nreturn [{ json: { name: $json.body.name } }]`,
        },
      },
    ],
    edges: [{ from: 'Hook', to: 'Fragile' }],
  })
  await publishWorkflow(ask, workflow)
  assert.equal((await call(workflow.webhooks[0].productionUrl)).status, 500)
  const newest = async (status) => {
    const { workflow: seen } = await until(
      () =>
        ask(
          `query ($id: ID!) {
             workflow(id: $id) {
               executions(first: 1) {
                 nodes { id status mode error { message nodeName } steps { nodeName output { items { json } } } }
               }
             }
           }`,
          { id: workflow.id },
        ),
      ({ workflow }) => workflow.executions.nodes[0]?.status === status,
    )
    return seen.executions.nodes[0]
  }
  const failed = await newest('FAILED')
  assert.equal(failed.error.nodeName, 'Fragile')
  assert.match(failed.error.message, /not yet/)

  await succeed(ask, 'setVariable', { name: variable, value: 'yes' })
  const retry = { executionId: failed.id }
  const { execution } = await succeed(ask, 'retryExecution', retry, 'execution { id }')
  assert.notEqual(execution.id, failed.id)
  const succeeded = await newest('SUCCEEDED')
  assert.deepEqual([succeeded.id, succeeded.mode], [execution.id, 'PRODUCTION'])
  const fragile = succeeded.steps.find(({ nodeName }) => nodeName === 'Fragile')
  assert.deepEqual(fragile.output.items, [{ json: { name: 'Ada' } }])
  const { errors } = await command(ask, 'retryExecution', { executionId: succeeded.id })
  assert.equal(errors[0].code, 'not_retryable')
})

test('a .env file sets its variables, once and all or none', async () => {
  const mine = `ENV_${Math.floor(Math.random() * 1e9)}`
  const send = (file) => command(ask, 'importVariables', { file }, 'variables { name value } unchanged')
  const wrong = await send(`${mine}_A=1\n${mine}-B=2\n`)
  assert.deepEqual(wrong.variables, [])
  assert.equal(wrong.errors[0].code, 'env_name_invalid')
  assert.match(wrong.errors[0].message, /line 2/)
  const file = `# of the test\n${mine}_A=1\nexport ${mine}_B="two\nlines"\n`
  const first = await send(file)
  assert.deepEqual(first, {
    variables: [
      { name: `${mine}_A`, value: '1' },
      { name: `${mine}_B`, value: 'two\nlines' },
    ],
    unchanged: 0,
    errors: [],
  })
  const again = await send(`${file}${mine}_A='3'`)
  assert.deepEqual(again, { variables: [{ name: `${mine}_A`, value: '3' }], unchanged: 1, errors: [] })
})

test('the code runner executes what is beyond the language of expressions, and begins nothing in turn', async () => {
  const value = (name, expression) => ({ name, type: 'any', value: expression })
  const block = '(() => { class Tax { static of(n) { return n * 2 } } return Tax.of($json.n) })()'
  const workflow = await createWorkflow(ask, {
    weft: 1,
    name: `Beyond ${randomUUID()}`,
    nodes: [
      {
        name: 'Hook',
        kind: 'webhook',
        parameters: {
          httpMethod: 'POST',
          path: 'beyond',
          responseMode: 'lastNode',
          responseData: 'allEntries',
        },
      },
      {
        name: 'Three',
        kind: 'code',
        parameters: {
          jsCode: `let nested
try { nested = $evaluateExpression('{{ ${block} }}') } catch (error) { nested = error.message }
return [1, 2, 3].map((n) => ({ json: { n, nested } }))`,
        },
      },
      {
        name: 'Tax',
        kind: 'set',
        parameters: {
          includeOtherFields: true,
          assignments: { assignments: [value('tax', `={{ ${block} }}`), value('text', `=<{{ ${block} }}>`)] },
        },
      },
    ],
    edges: [
      { from: 'Hook', to: 'Three' },
      { from: 'Three', to: 'Tax' },
    ],
  })
  await publishWorkflow(ask, workflow)
  const answer = await (await call(workflow.webhooks[0].productionUrl)).json()
  assert.deepEqual(
    answer.map(({ n, tax, text }) => [n, tax, text]),
    [
      [1, 2, '<2>'],
      [2, 4, '<4>'],
      [3, 6, '<6>'],
    ],
  )
  assert.match(answer[0].nested, /needs? the code runner/)
})
