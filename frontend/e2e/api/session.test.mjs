// Sessions as a browser has them: cookies, and what proves that a request comes from our own page.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import {
  client,
  cookiesIn,
  cookiesOf,
  demo,
  fetch,
  originOf,
  problem,
  signIn,
  signUp,
  socketOf,
  until,
} from './server.mjs'

const [tenant] = demo.tenants
const header = (...cookies) => cookies.map(({ name, value }) => `${name}=${value}`).join('; ')

const post = (path, cookies, more = {}) =>
  fetch(`${originOf(tenant)}${path}`, {
    method: 'POST',
    ...more,
    headers: { origin: originOf(tenant), cookie: header(...cookies), ...more.headers },
  })

test('without HTTPS the cookies are those of one port, and the page says what its own is called', async () => {
  const { session, csrf } = await cookiesOf(tenant)
  const { port } = new URL(originOf(tenant))
  assert.deepEqual([session.name, csrf.name], [`weft_session_${port}`, `weft_csrf_${port}`])
  for (const path of ['/', '/graphiql']) {
    const page = await (await fetch(`${originOf(tenant)}${path}`)).text()
    assert.ok(page.includes(`<meta name="weft-csrf-cookie" content="${csrf.name}">`), path)
  }
})

test('the console may execute its own script and those of its authors alone', async () => {
  const response = await fetch(`${originOf(tenant)}/graphiql`)
  const policy = response.headers.get('content-security-policy') ?? ''
  assert.match(policy, /script-src https:\/\/unpkg\.com 'sha256-[^']+';/)
  assert.match(await response.text(), /headers\.set\('x-weft-csrf', token\(\)\)/)
})

test('who signs out after the access token is over is signed out all the same', async () => {
  const { refresh, csrf } = await cookiesOf(tenant)
  const away = await post('/auth/sign-out', [refresh, csrf], { headers: { origin: 'https://evil.example' } })
  assert.equal(away.status, 403)
  const renewed = cookiesIn(await post('/auth/refresh', [refresh]))
  assert.equal((await post('/auth/sign-out', [renewed.refresh, renewed.csrf])).status, 204)
  assert.equal((await post('/auth/refresh', [renewed.refresh])).status, 401)
})

test('a new password needs the old one', async () => {
  const { session, csrf } = await cookiesOf(tenant)
  const change = (form, headers) =>
    post('/auth/password', [session, csrf], {
      body: JSON.stringify(form),
      headers: { 'content-type': 'application/json', ...headers },
    })
  const own = { 'x-weft-csrf': csrf.value }
  assert.equal((await change({ old: 'x', new: 'long enough a password' }, {})).status, 403)
  const wrong = await change({ old: 'not the old one', new: 'long enough a password' }, own)
  assert.equal((await wrong.json()).code, 'wrong_password')
  assert.equal((await change({ old: tenant.password, new: 'short' }, own)).status, 400)
})

/** Asks a tenant for its own name, with these headers. */
const askName = (asked, headers) =>
  fetch(`${originOf(asked)}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: originOf(asked), ...headers },
    body: '{"query":"{ tenant { slug } }"}',
  })

/** What the audit log of a tenant says of refusals, as soon as it holds so many. */
async function refusals(asked, count) {
  const ask = await client(asked)
  const found = await until(
    async () => {
      const { auditLog } = await ask('{ auditLog(first: 50) { nodes { actor action detail } } }')
      return auditLog.nodes.filter(({ action }) => action === 'access.refused')
    },
    (refused) => refused.length >= count,
  )
  return found.map(({ actor, detail }) => [actor, detail.reason, detail.action])
}

test("another tenant's cookies open nothing, and that they were tried stands in the audit log", async () => {
  const visited = await signUp('Visited')
  const { session, refresh, csrf } = await cookiesOf(tenant)
  const own = { cookie: header(session, csrf), 'x-weft-csrf': csrf.value }
  assert.equal((await problem(await askName(visited, own), 403)).code, 'foreign_tenant')
  assert.equal((await askName(tenant, own)).status, 200, 'at home they are good')
  const renew = (asked) =>
    fetch(`${originOf(asked)}/auth/refresh`, {
      method: 'POST',
      headers: { origin: originOf(asked), cookie: header(refresh) },
    })
  await problem(await renew(visited), 401)
  // Who it was is not for the visited tenant to know.
  assert.deepEqual((await refusals(visited, 2)).sort(), [
    ['System', 'foreign_tenant', 'session:refresh'],
    ['System', 'foreign_tenant', 'session:use'],
  ])
  // A refresh token never leaves its host by itself: one that is shown elsewhere was stolen.
  await problem(await askName(tenant, own), 401)
})

describe('a token', () => {
  const bearer = (asked, token) => askName(asked, { authorization: `Bearer ${token}` })
  const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const decoded = (part) => JSON.parse(Buffer.from(part, 'base64url'))

  test('that somebody made or changed is refused, and that stands in the audit log', async () => {
    const visited = await signUp('Knocked at')
    const token = await signIn(visited)
    const [head, claims, signature] = token.split('.')
    const later = encoded({ ...decoded(claims), exp: decoded(claims).exp + 3600 })
    const signed = (input) => createHmac('sha256', 'secret').update(input).digest('base64url')
    const unsigned = encoded({ ...decoded(head), alg: 'none' })
    for (const [what, forged] of [
      ['none', `${unsigned}.${claims}.`],
      ['no algorithm but a signature', `${unsigned}.${claims}.${signature}`],
      ['later claims', `${head}.${later}.${signature}`],
      ['another key', `${head}.${claims}.${signed(`${head}.${claims}`)}`],
      ['nothing at all', 'nonsense'],
    ]) {
      const response = await bearer(visited, forged)
      assert.equal(response.status, 401, what)
      assert.equal((await problem(response, 401)).code, 'unauthenticated')
    }
    assert.deepEqual(await refusals(visited, 1), [['System', 'forged', 'session:use']])
    assert.equal((await bearer(visited, token)).status, 200)
  })

  test('of a session that has ended is refused', async () => {
    const token = await signIn(tenant)
    assert.equal((await bearer(tenant, token)).status, 200)
    const authorization = `Bearer ${token}`
    const left = await fetch(`${originOf(tenant)}/auth/sign-out`, {
      method: 'POST',
      headers: { authorization },
    })
    assert.equal(left.status, 204)
    await problem(await bearer(tenant, token), 401)
  })

  test('is over after minutes, and says so', async () => {
    const { iat, exp } = decoded((await signIn(tenant)).split('.')[1])
    assert.ok(exp - iat > 0 && exp - iat <= 15 * 60, String(exp - iat))
  })
})

describe('a socket of a page', () => {
  /** Tries to open one with the session's cookies from that origin: what the server says first. */
  async function opened(origin) {
    const { session, csrf } = await cookiesOf(tenant)
    const Socket = socketOf(tenant)
    const socket = new Socket(`${originOf(tenant).replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      origin,
      headers: { cookie: header(session, csrf) },
    })
    try {
      return await new Promise((resolve, reject) => {
        socket.on('unexpected-response', (_, response) => resolve(response.statusCode))
        socket.on('open', () => socket.send('{"type":"connection_init"}'))
        socket.on('message', (message) => resolve(JSON.parse(message).type))
        socket.on('close', reject)
        socket.on('error', reject)
      })
    } finally {
      socket.on('error', () => {})
      socket.terminate()
    }
  }

  test('is opened for our own page, and not for a stranger who makes the browser send its cookies', async () => {
    assert.equal(await opened(originOf(tenant)), 'connection_ack')
    const { port } = new URL(originOf(tenant))
    for (const origin of [
      'https://evil.example',
      originOf(demo.tenants[1]),
      `http://localhost:${port}`,
      originOf(tenant).replace(port, String(Number(port) + 1)),
      'null',
    ]) {
      assert.equal(await opened(origin), 403, origin)
    }
  })
})
