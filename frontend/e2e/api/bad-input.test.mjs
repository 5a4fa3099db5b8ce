// Bad input gets a clear error: the status and a problem document (RFC 9457) that says what to do.
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { client, cookiesOf, demo, fetch, originOf, problem, signIn } from './server.mjs'

const [tenant, other] = demo.tenants
const hook = tenant.workflows
  .flatMap((workflow) => workflow.webhooks)
  .find((webhook) => webhook.method === 'POST')
const hookUrl = () => new URL(new URL(hook.url).pathname, originOf(tenant))

/** Announces a body of so many bytes and waits for the answer without sending it. */
function announce(bytes) {
  const { port, pathname } = hookUrl()
  const headers = {
    host: new URL(originOf(tenant)).host,
    'content-type': 'application/json',
    'content-length': bytes,
  }
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: pathname, method: 'POST', headers }
    const sent = request(options, (response) => {
      resolve({ status: response.statusCode, type: response.headers['content-type'] ?? '' })
      sent.destroy()
    })
    sent.on('error', reject)
    sent.flushHeaders()
  })
}

const post = (url, body, headers = {}) => fetch(url, { method: 'POST', body, headers })

test('a webhook answers a good call', async () => {
  const response = await post(hookUrl(), '{"name":"ada","items":[]}', { 'content-type': 'application/json' })
  assert.equal(response.status, 200, await response.text())
})

test('invalid JSON is 400 and names the place', async () => {
  const body = await problem(await post(hookUrl(), '{"a":', { 'content-type': 'application/json' }), 400)
  assert.match(body.detail, /line 1/)
})

test('an unknown webhook is 404', async () => {
  await problem(await post(`${originOf(tenant)}/hooks/01890000-0000-7000-8000-000000000000/x`, '{}'), 404)
})

test('a wrong method is 405 and names the right one', async () => {
  const response = await fetch(hookUrl(), { method: 'DELETE' })
  assert.match(response.headers.get('allow') ?? '', /POST/)
  await problem(response, 405)
})

test('a body above the limit is 413 before it is sent', async () => {
  const { status, type } = await announce(17 * 1024 * 1024)
  assert.equal(status, 413)
  assert.match(type, /^application\/problem\+json/)
})

test('a compressed body that we do not take is 415', async () => {
  await problem(
    await post(hookUrl(), '{}', { 'content-type': 'application/json', 'content-encoding': 'zstd' }),
    415,
  )
})

test('GraphQL without a session is 401', async () => {
  await problem(
    await post(`${originOf(tenant)}/graphql`, '{"query":"{__typename}"}', {
      'content-type': 'application/json',
    }),
    401,
  )
})

test('a forged token is 401', async () => {
  const token = await signIn(tenant)
  const forged = `${token.slice(0, -4)}${token.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`
  await problem(
    await post(`${originOf(tenant)}/graphql`, '{"query":"{__typename}"}', {
      'content-type': 'application/json',
      authorization: `Bearer ${forged}`,
    }),
    401,
  )
})

test("another tenant's token is refused", async () => {
  const token = await signIn(other)
  const response = await post(`${originOf(tenant)}/graphql`, '{"query":"{tenant{slug}}"}', {
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
  })
  assert.ok(response.status === 401 || response.status === 403, String(response.status))
})

test("an unknown tenant's host is 404", async () => {
  await problem(await fetch(`${originOf({ slug: 'nobody-here' })}/`), 404)
})

test('a cookie without the CSRF header is 403', async () => {
  const { session } = await cookiesOf(tenant)
  await problem(
    await post(`${originOf(tenant)}/graphql`, '{"query":"{__typename}"}', {
      'content-type': 'application/json',
      cookie: `${session.name}=${session.value}`,
    }),
    403,
  )
})

test('a query that is too deep is refused with the limit named', async () => {
  const token = await signIn(tenant)
  const deep = `${'workflow{executions(first:1){nodes{'.repeat(12)}id${'}}}'.repeat(12)}`
  const response = await post(
    `${originOf(tenant)}/graphql`,
    JSON.stringify({ query: `{ executions(first:1) { nodes { ${deep} } } }` }),
    { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  )
  const { errors } = await response.json()
  assert.match(errors[0].message, /deep|depth|complex/i)
  assert.match(errors[0].message, /\d+/)
})

test("a foreign tenant's id is not found", async () => {
  const mine = await (await client(tenant))('{ workflows(first: 1) { nodes { id } } }')
  const { workflow, node } = await (await client(other))(
    'query($id: ID!) { workflow(id: $id) { id } node(id: $id) { id } }',
    { id: mine.workflows.nodes[0].id },
  )
  assert.equal(workflow, null)
  assert.equal(node, null)
})

test('a form above the limit is 413 and names it', async () => {
  const form = JSON.stringify({ email: 'a'.repeat(20_000), password: 'x' })
  const body = await problem(
    await post(`${originOf(tenant)}/auth/sign-in`, form, { 'content-type': 'application/json' }),
    413,
  )
  assert.match(body.detail, /16384 bytes/)
})

test('a GraphQL request above the limit is 413 and names it, and 401 for whoever is not signed in', async () => {
  const asked = JSON.stringify({ query: `#${'x'.repeat(2 * 1024 * 1024)}` })
  const ask = (headers) =>
    post(`${originOf(tenant)}/graphql`, asked, { 'content-type': 'application/json', ...headers })
  const body = await problem(await ask({ authorization: `Bearer ${await signIn(tenant)}` }), 413)
  assert.match(body.detail, /2097152 bytes/)
  await problem(await ask({}), 401)
})

const signUp = (change) =>
  post(
    `${originOf(tenant)}/auth/sign-up`,
    JSON.stringify({
      email: 'new@example.com',
      password: 'long enough a password',
      name: 'New',
      tenantName: 'New',
      slug: 'brand-new',
      ...change,
    }),
    { 'content-type': 'application/json' },
  )

test('a sign-up that cannot be is 400 and says why, whatever the characters', async () => {
  assert.match((await problem(await signUp({ slug: 'brand\0new' }), 400)).detail, /web address/)
  assert.match((await problem(await signUp({ name: 'N\0ew' }), 400)).detail, /name/)
  await problem(await signUp({ tenantName: '' }), 400)
})

test('signing up with the password of somebody else is refused, and soon not even looked at', async () => {
  const wrong = () => signUp({ email: other.email, password: 'one of many guesses' })
  for (let count = 0; count < 10; count += 1) await problem(await wrong(), 400)
  const last = await wrong()
  assert.ok(Number(last.headers.get('retry-after')) > 0)
  await problem(last, 429)
})

test("a variable's name that cannot be stored is refused by its field", async () => {
  const token = await signIn(tenant)
  const query =
    'mutation($name: String!) { setVariable(input: { name: $name, value: "1" }) { __typename errors { field code } } }'
  const response = await post(
    `${originOf(tenant)}/graphql`,
    JSON.stringify({ query, variables: { name: 'a\0b' } }),
    { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  )
  const text = await response.text()
  assert.equal(response.status, 200, text)
  assert.match(text, /name_invalid/)
})
