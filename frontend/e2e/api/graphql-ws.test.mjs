// Subscriptions with the npm client graphql-ws: the socket is killed again and again while executions arrive, and what
// arrived equals the log.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from 'graphql-ws'
import { client, demo, fetch, originOf, signIn, socketOf } from './server.mjs'

const KILLS = Number(process.env.WEFT_E2E_SOCKET_KILLS ?? 1000)
const [tenant] = demo.tenants
const token = await signIn(tenant)
const graphql = await client(tenant)
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
  const first = feed.next()
  const response = await call()
  assert.equal(response.status, 200, await response.text())
  const { value } = await first
  assert.ok(value.data.executionFeed.execution.id)
  await feed.return()
  await socket.dispose()
})

test(`a socket that is killed ${KILLS} times under load misses nothing and repeats nothing`, async () => {
  const start = await graphql('{ executions(first: 1) { nodes { position } } }')
  const from = start.executions.nodes[0].position
  let stop = false
  let called = 0
  const load = Promise.all(
    Array.from({ length: 2 }, async () => {
      while (!stop) {
        const response = await call()
        await response.arrayBuffer()
        assert.equal(response.status, 200)
        called += 1
      }
    }),
  )

  const seen = []
  let cursor = from
  for (let kill = 0; kill < KILLS; kill += 1) {
    const socket = connect()
    const wanted = 1 + (kill % 3)
    let got = 0
    for await (const { data, errors } of socket.iterate({ query: QUERY, variables: { after: cursor } })) {
      assert.equal(errors, undefined)
      cursor = data.executionFeed.position
      seen.push(cursor)
      got += 1
      if (got === wanted) break
    }
    socket.terminate()
  }
  stop = true
  await load

  const expected = []
  const socket = connect()
  for await (const { data } of socket.iterate({ query: QUERY, variables: { after: from } })) {
    if (BigInt(data.executionFeed.position) > BigInt(cursor)) break
    expected.push(data.executionFeed.position)
    if (data.executionFeed.position === cursor) break
  }
  await socket.dispose()
  assert.ok(called > 0)
  assert.ok(seen.length >= KILLS)
  assert.deepEqual(seen, expected)
})
