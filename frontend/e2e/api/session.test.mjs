// Sessions as a browser has them: cookies, and what proves that a request comes from our own page.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cookiesIn, cookiesOf, demo, fetch, originOf } from './server.mjs'

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
