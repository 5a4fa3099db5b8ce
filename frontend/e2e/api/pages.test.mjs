// The first page of the web app, in the brand of the tenant whose address was asked for; and what machines ask for instead.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { client, command, demo, fetch, installation, originOf, problem, signUp, succeed } from './server.mjs'

const [acme, globex] = demo.tenants
const pageOf = async (tenant, path = '/') => (await fetch(`${originOf(tenant)}${path}`)).text()

/** What the page says of its tenant before anything else, as the app reads it. */
function brandIn(page) {
  const [, json] = /<script type="application\/json" id="weft-brand">(.*?)<\/script>/.exec(page)
  return JSON.parse(json)
}

const brandOf = async (tenant) => {
  const query = '{ tenant { slug name branding { productName accentColor logoUrl } } }'
  const { slug, name, branding } = (await (await client(tenant))(query)).tenant
  return { tenant: slug, name, ...branding }
}

describe('the first page', async () => {
  const brands = [await brandOf(acme), await brandOf(globex)]

  for (const [place, tenant] of [acme, globex].entries()) {
    test(`of ${tenant.slug} has its brand in its first bytes and no other brand in any`, async () => {
      const [mine, other] = [brands[place], brands[1 - place]]
      for (const path of ['/', '/sign-in', '/workflows/somewhere/else']) {
        const page = await pageOf(tenant, path)
        const head = page.slice(0, 600)
        assert.ok(head.includes(`<title>${mine.productName}</title>`), head)
        assert.ok(head.includes(`--weft-accent:${mine.accentColor}`), head)
        assert.deepEqual(brandIn(head), mine)
        assert.equal(page.split('<title>').length, 2, 'there is one title')
        for (const value of Object.values(other).filter(Boolean)) assert.ok(!page.includes(value), value)
      }
    })
  }

  test('admits scripts and connections of its own origin alone, and no frame around it', async () => {
    const response = await fetch(originOf(acme))
    const policy = Object.fromEntries(
      response.headers
        .get('content-security-policy')
        .split(';')
        .map((directive) => directive.trim().split(' '))
        .map(([name, ...sources]) => [name, sources.join(' ')]),
    )
    for (const [name, sources] of [
      ['default-src', "'none'"],
      ['script-src', "'self'"],
      ['connect-src', "'self'"],
      ['form-action', "'self'"],
      ['base-uri', "'none'"],
      ['frame-ancestors', "'none'"],
    ]) {
      assert.equal(policy[name], sources, name)
    }
    assert.equal(response.headers.get('cache-control'), 'no-store')
  })

  test('admits the style elements of its own answer alone', async () => {
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const response = await fetch(originOf(acme))
        const policy = response.headers.get('content-security-policy')
        const [, nonce] = policy.match(/; style-src 'self' 'nonce-([\w-]{43})';/) ?? assert.fail(policy)
        const styles = (await response.text()).match(/<style[^>]*>/g)
        assert.deepEqual(styles, [`<style nonce="${nonce}">`])
        return nonce
      }),
    )
    assert.notEqual(...nonces)
  })

  test('holds no script but those that it names as files', async () => {
    const page = await pageOf(acme)
    const scripts = [...page.matchAll(/<script(?<attributes>[^>]*)>(?<text>[^<]*)/g)].map(
      ({ groups }) => groups,
    )
    assert.ok(scripts.length > 1)
    for (const { attributes, text } of scripts) {
      assert.ok(
        attributes.includes(' src="/') ? text === '' : attributes.includes('application/json'),
        attributes,
      )
    }
    const { pathname } = new URL(/ src="(?<src>[^"]+)"/.exec(page).groups.src, originOf(acme))
    const script = await fetch(`${originOf(acme)}${pathname}`)
    assert.equal(script.status, 200)
    assert.match(script.headers.get('content-type'), /javascript/)
  })

  test('shows a changed brand at once, and a name is never markup', async () => {
    const tenant = await signUp('Of a New Tenant')
    assert.deepEqual(brandIn(await pageOf(tenant)).productName, 'Of a New Tenant')
    const ask = await client(tenant)
    const branding = {
      productName: '</script><img src=x> & "Sons"',
      accentColor: '#123abc',
      logoUrl: 'https://cdn.example.com/logo.svg',
    }
    const { tenant: changed } = await succeed(
      ask,
      'changeBranding',
      branding,
      'tenant { branding { productName accentColor logoUrl } }',
    )
    assert.deepEqual(changed.branding, branding)
    const response = await fetch(originOf(tenant))
    assert.match(response.headers.get('content-security-policy'), /img-src [^;]*https:\/\/cdn\.example\.com/)
    const page = await response.text()
    assert.ok(!page.includes('<img'))
    const { productName, accentColor, logoUrl } = brandIn(page)
    assert.deepEqual({ productName, accentColor, logoUrl }, branding)
    for (const [field, value] of [
      ['accentColor', 'red;}'],
      ['logoUrl', 'javascript:alert(1)'],
      ['productName', ''],
    ]) {
      const { errors } = await command(ask, 'changeBranding', { ...branding, [field]: value })
      assert.equal(errors.length, 1, field)
      assert.ok(errors[0].field.includes(field), JSON.stringify(errors))
    }
  })
})

describe('what machines ask for', () => {
  test('the process is alive and ready, and says so in JSON', async () => {
    const alive = await fetch(`${installation}/healthz`)
    assert.deepEqual([alive.status, await alive.json()], [200, { status: 'alive' }])
    const ready = await fetch(`${installation}/readyz`)
    assert.equal(ready.status, 200)
    assert.deepEqual(await ready.json(), { ready: true, database: true, admitting: true })
  })

  test('metrics are in the text format of Prometheus', async () => {
    const response = await fetch(`${installation}/metrics`)
    assert.equal(response.status, 200)
    assert.match(response.headers.get('content-type'), /^text\/plain; version=0\.0\.4/)
    const lines = (await response.text()).split('\n').filter((line) => line !== '')
    for (const line of lines) {
      assert.match(line, /^(# (TYPE|HELP) weft_\w+ .+|weft_\w+(\{[^}]*\})? [-+0-9.eE]+(NaN|Inf)?)$/)
    }
    const value = (name) => Number(lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1])
    assert.ok(value('weft_log_events_total') > 0)
    assert.ok(value('weft_executions_admitted') >= 0)
    const ofType = lines.filter((line) => line.startsWith('weft_events_total{type="'))
    assert.ok(ofType.length > 0)
    assert.match(
      lines.join('\n'),
      /^weft_http_request_seconds_bucket\{surface="web app",status="[2-5]xx",le="0\.001"\} \d+$/m,
    )
  })

  test('an address or headers that are too long are refused, with the limit', async () => {
    const long = await problem(await fetch(`${originOf(acme)}/?q=${'a'.repeat(9000)}`), 414)
    assert.match(long.detail, /8192/)
    const large = await fetch(`${originOf(acme)}/`, {
      headers: { 'x-one': 'a'.repeat(12_000), 'x-two': 'b'.repeat(12_000), 'x-three': 'c'.repeat(12_000) },
    })
    assert.match((await problem(large, 431)).detail, /32768/)
  })

  test('a person at an address of nobody reads a page that says where to go, in their language', async () => {
    for (const [language, words] of [
      ['en', /Nothing answers at this address/],
      ['fr', /Rien ne répond à cette adresse/],
    ]) {
      const response = await fetch(`${installation}/`, {
        headers: { accept: 'text/html', 'accept-language': language },
      })
      assert.equal(response.status, 404)
      assert.match(response.headers.get('content-type'), /^text\/html/)
      assert.match(await response.text(), words)
    }
  })

  test('an address that is no file, no route and no page of a tenant is a problem', async () => {
    assert.equal((await problem(await fetch(`${installation}/`), 404)).code, 'unknown_tenant')
    assert.equal((await problem(await fetch(`${originOf(acme)}/assets/gone.js`), 404)).code, 'no_such_file')
    assert.equal((await fetch(`${originOf(acme)}/`, { method: 'DELETE' })).status, 405)
  })
})
