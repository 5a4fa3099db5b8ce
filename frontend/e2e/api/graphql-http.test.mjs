// GraphQL over HTTP, as the audits of the npm package graphql-http see it: none may end in error or warn.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serverAudits } from 'graphql-http'
import { demo, fetch, originOf, signIn } from './server.mjs'

const [tenant] = demo.tenants
const token = await signIn(tenant)
const audits = serverAudits({
  url: `${originOf(tenant)}/graphql`,
  fetchFn: (input, init = {}) =>
    fetch(input, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } }),
})

test('there are audits to pass', () => assert.ok(audits.length > 50))

for (const audit of audits) {
  test(`${audit.id} ${audit.name}`, async () => {
    const result = await audit.fn()
    assert.ok(result.status === 'ok' || result.status === 'notice', `${result.status}: ${result.reason}`)
  })
}
