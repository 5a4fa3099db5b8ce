// One installation in three processes, each with one role, on one database.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { freshFolder, serve, weft, weftJson } from './program.mjs'
import { client, createWorkflow, fetch, originOf, publishWorkflow, until } from './server.mjs'

const folder = freshFolder(after)
const owner = { slug: 'divided' }

before(async () => {
  const [made] = await weftJson(folder, ['tenant', 'create', '--slug', owner.slug, '--name', 'Divided'])
  Object.assign(owner, made)
})

const statusOf = async (ask, { id }) => {
  const query = 'query ($id: ID!) { workflow(id: $id) { executions(first: 1) { nodes { status } } } }'
  return (await ask(query, { id })).workflow.executions.nodes[0]?.status
}

test('a webhook is answered by one process, listed by a second, and its wait is ended by a third', async (t) => {
  const end = (ending) => t.after(ending)
  const as = (role) => serve(folder, end, { words: ['--role', role] })
  const api = await as('api')
  const projector = await as('projector')
  const at = { ...owner, server: api.address }
  const ask = await client(at)
  const nodes = [
    { name: 'Hook', kind: 'webhook', parameters: { httpMethod: 'POST', path: 'divided' } },
    { name: 'Wait', kind: 'wait', parameters: { amount: 3 } },
  ]
  const edges = [{ from: 'Hook', to: 'Wait' }]
  const workflow = await createWorkflow(ask, { weft: 1, name: 'Divided', nodes, edges })
  await publishWorkflow(ask, workflow)
  const { pathname } = new URL(workflow.webhooks[0].productionUrl)
  const called = await fetch(`${originOf(at)}${pathname}`, { method: 'POST', body: '{}' })
  assert.equal(called.status, 200)
  await until(
    () => statusOf(ask, workflow),
    (status) => status === 'WAITING',
  )

  const worker = await as('worker')
  await until(
    () => statusOf(ask, workflow),
    (status) => status === 'SUCCEEDED',
  )
  for (const { address } of [worker, projector]) {
    assert.equal((await fetch(`${address.origin}/readyz`)).status, 200)
    assert.equal((await fetch(`${address.origin}/metrics`)).status, 200)
    assert.equal((await fetch(`${address.origin}/graphql`, { method: 'POST' })).status, 404)
  }
  const [{ sound }] = await weftJson(folder, ['log', 'verify', '--tenant', owner.slug])
  assert.equal(sound, true)
})

test('a role that does not exist is refused with those that do', async () => {
  const { status, stderr } = await weft(folder, ['serve', '--role', 'api,postman'])
  assert.equal(status, 2)
  assert.match(stderr, /postman[\s\S]*api, worker, projector/)
})
