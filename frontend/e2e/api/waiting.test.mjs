// Executions that wait for a call of their own address, and executions that wait for another one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { client, createWorkflow, demo, fetch, originOf, problem, publishWorkflow, until } from './server.mjs'

const [tenant, neighbour] = demo.tenants
const ask = await client(tenant)

const hook = {
  name: 'Hook',
  kind: 'webhook',
  parameters: { httpMethod: 'POST', responseMode: 'responseNode' },
}
const tell = {
  name: 'Tell',
  kind: 'respondToWebhook',
  parameters: { respondWith: 'text', responseBody: '={{ $execution.resumeUrl }}' },
}

const row = (...nodes) => ({
  weft: 1,
  name: `Waiting ${Math.random()}`,
  nodes,
  edges: nodes.slice(1).map(({ name }, place) => ({ from: nodes[place].name, to: name })),
})

async function published(definition) {
  const workflow = await createWorkflow(ask, definition)
  await publishWorkflow(ask, workflow)
  return workflow
}

const here = (url) => new URL(new URL(url).pathname, originOf(tenant))
const post = (url, json) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(json),
  })

/** Calls the webhook and gives the address that it tells. */
async function begin(workflow) {
  const response = await post(here(workflow.webhooks[0].productionUrl), {})
  assert.equal(response.status, 200)
  return here(await response.text())
}

const wait = (parameters) => ({
  name: 'Wait',
  kind: 'wait',
  parameters: { resume: 'webhook', httpMethod: 'POST', ...parameters },
})

test('a call of its address lets an execution go on, once', async () => {
  const workflow = await published(row(hook, tell, wait({ responseMode: 'lastNode' })))
  const address = await begin(workflow)
  // It may be called before the execution has come to its wait.
  const answer = await post(`${address}?who=ada`, { approved: true })
  assert.equal(answer.status, 200)
  const { body, query, webhookUrl } = await answer.json()
  assert.deepEqual([body, query], [{ approved: true }, { who: 'ada' }])
  assert.equal(new URL(webhookUrl).pathname, address.pathname)
  assert.equal((await problem(await post(address, {}), 410)).code, 'execution_ended')
})

test('the address answers to its method, its suffix and its tenant alone', async () => {
  const workflow = await published(row(hook, tell, wait({ options: { webhookSuffix: 'approve' } })))
  const address = await begin(workflow)
  await problem(await post(address, {}), 404)
  const refused = await fetch(`${address}/approve`)
  assert.equal(refused.headers.get('allow'), 'POST')
  await problem(refused, 405)
  await problem(await post(new URL(`${address.pathname}/approve`, originOf(neighbour)), {}), 404)
  const forged = address.pathname.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
  await problem(await post(new URL(`${forged}/approve`, originOf(tenant)), {}), 404)
  const answer = await post(`${address}/approve`, {})
  assert.deepEqual([answer.status, await answer.json()], [200, { message: 'Workflow was started' }])
})

test('a workflow executes another one, and both know of it', async () => {
  const called = await published({
    ...row(
      { name: 'Called', kind: 'executeWorkflowTrigger' },
      {
        name: 'Greet',
        kind: 'set',
        parameters: {
          assignments: {
            assignments: [{ name: 'greeting', type: 'string', value: '=Hello {{ $json.name }}' }],
          },
        },
      },
    ),
  })
  const { reference } = (await ask('query ($id: ID!) { workflow(id: $id) { reference } }', { id: called.id }))
    .workflow
  const caller = await published(
    row(
      { name: 'Hook', kind: 'webhook', parameters: { httpMethod: 'POST', responseMode: 'lastNode' } },
      {
        name: 'Call',
        kind: 'executeWorkflow',
        parameters: {
          workflowId: reference,
          workflowInputs: [{ name: 'name', value: '={{ $json.body.name }}' }],
        },
      },
    ),
  )
  const response = await post(here(caller.webhooks[0].productionUrl), { name: 'Ada' })
  assert.deepEqual([response.status, await response.json()], [200, { greeting: 'Hello Ada' }])
  const query = `query ($id: ID!) { workflow(id: $id) { executions(first: 1) { nodes {
    calls { itemIndex called { status workflow { id } caller { caller { workflow { id } } } } }
  } } } }`
  const found = await until(
    () => ask(query, { id: caller.id }),
    ({ workflow }) => workflow.executions.nodes[0]?.calls[0]?.called?.status === 'SUCCEEDED',
  )
  const [call] = found.workflow.executions.nodes[0].calls
  assert.equal(call.itemIndex, null)
  assert.equal(call.called.workflow.id, called.id)
  assert.equal(call.called.caller.caller.workflow.id, caller.id)
})
