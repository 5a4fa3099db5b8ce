// Subscriptions with the npm client graphql-ws.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from 'graphql-ws'
import { demo, fetch, originOf, signIn, socketOf } from './server.mjs'

const [tenant] = demo.tenants
const token = await signIn(tenant)
const hook = tenant.workflows
  .flatMap((workflow) => workflow.webhooks)
  .find((webhook) => webhook.method === 'POST')

function connect() {
  return createClient({
    url: `${originOf(tenant).replace('http', 'ws')}/graphql`,
    webSocketImpl: socketOf(tenant),
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  })
}

const call = () =>
  fetch(new URL(new URL(hook.url).pathname, originOf(tenant)), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"ada","items":[{"price":2,"qty":3}]}',
  })

const QUERY =
  'subscription($after: Position) { executionFeed(after: $after) { position execution { id status } } }'

test('an execution is seen live', async () => {
  const socket = connect()
  const feed = socket.iterate({ query: QUERY })
  let seen = false
  const first = feed.next().then((message) => {
    seen = true
    return message
  })
  // The subscription begins at some moment after it was sent: calls go on until one of them is seen.
  while (!seen) {
    const response = await call()
    assert.equal(response.status, 200, await response.text())
  }
  const { value } = await first
  assert.ok(value.data.executionFeed.execution.id)
  await feed.return()
  await socket.dispose()
})
