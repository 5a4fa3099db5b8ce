// A workflow through its life: published, paused, published again, called at every point.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { client, createWorkflow, demo, fetch, originOf, publishWorkflow } from './server.mjs'

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
  const { deactivateWorkflow } = await ask(
    'mutation ($input: WorkflowInput!) { deactivateWorkflow(input: $input) { errors { message } } }',
    { input: { workflowId: workflow.id } },
  )
  assert.deepEqual(deactivateWorkflow.errors, [])
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
