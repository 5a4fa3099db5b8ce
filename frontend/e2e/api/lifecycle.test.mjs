// A workflow through its life: published, paused, published again, called at every point.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { client, demo, fetch, originOf } from './server.mjs'

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

const fields =
  'workflow { id draft { version } publishedVersion state webhooks { productionUrl } } errors { __typename }'

async function change(mutation, type, input) {
  const data = await ask(`mutation($input: ${type}!) { ${mutation}(input: $input) { ${fields} } }`, { input })
  assert.deepEqual(data[mutation].errors, [])
  return data[mutation].workflow
}

const call = (url) =>
  fetch(new URL(new URL(url).pathname, originOf(tenant)), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"Ada"}',
  })

test('an unchanged workflow that was paused answers again when it is published', async () => {
  const { id, draft, webhooks } = await change('createWorkflow', 'CreateWorkflowInput', {
    name: page.name,
    file: page,
  })
  const publish = { workflowId: id, draftVersion: draft.version }
  const [{ productionUrl }] = webhooks
  assert.equal((await call(productionUrl)).status, 404)
  const first = await change('publishWorkflow', 'PublishWorkflowInput', publish)
  assert.equal((await call(productionUrl)).status, 200)
  await change('deactivateWorkflow', 'WorkflowInput', { workflowId: id })
  assert.equal((await call(productionUrl)).status, 404)
  const again = await change('publishWorkflow', 'PublishWorkflowInput', publish)
  assert.equal(again.publishedVersion, first.publishedVersion)
  assert.equal((await call(productionUrl)).status, 200)
})

test('a page that a workflow answers with has no part in the web app’s origin', async () => {
  const { id, draft, webhooks } = await change('createWorkflow', 'CreateWorkflowInput', {
    name: 'Another page',
    file: page,
  })
  await change('publishWorkflow', 'PublishWorkflowInput', { workflowId: id, draftVersion: draft.version })
  const response = await call(webhooks[0].productionUrl)
  assert.equal(await response.text(), '<p>Ada</p>')
  const policy = response.headers.get('content-security-policy')
  assert.match(policy, /^sandbox /)
  assert.doesNotMatch(policy, /allow-same-origin/)
})
