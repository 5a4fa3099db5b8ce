// What every test of the API needs: the server's address, a signed-in client, and names under localhost that resolve.
import { readFileSync } from 'node:fs'
import { Agent, fetch as undiciFetch } from 'undici'
import WebSocket from 'ws'

const address = new URL(required('WEFT_E2E_ADDRESS'))

/** The demo as `weft --json demo` printed it: `{ tenants: [{ slug, email, password, workflows }] }`. */
export const demo = JSON.parse(readFileSync(required('WEFT_E2E_DEMO'), 'utf8'))

function required(name) {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set. Run: make test, or infra/scripts/e2e.sh`)
  return value
}

// Not every resolver knows `<slug>.localhost`; every one of them is this machine (RFC 6761, section 6.3).
const lookup = (_host, options, done) =>
  options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)
const dispatcher = new Agent({ connect: { lookup } })

/** `fetch` that resolves names under localhost. */
export const fetch = (input, init = {}) => undiciFetch(input, { ...init, dispatcher })

/** The address of a tenant: `http://acme.localhost:8080`. */
export function originOf(tenant) {
  return `${address.protocol}//${tenant.slug}.localhost:${address.port}`
}

/** Signs in with a demo tenant's e-mail and password; the session token, to be sent as a bearer token. */
export async function signIn(tenant) {
  const response = await fetch(`${originOf(tenant)}/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: originOf(tenant) },
    body: JSON.stringify({ email: tenant.email, password: tenant.password }),
  })
  if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`)
  const cookie = response.headers.getSetCookie().find((line) => /^(__Host-)?weft_session=/.test(line))
  if (!cookie) throw new Error('sign-in set no session cookie')
  return cookie.split(';')[0].split('=').slice(1).join('=')
}

/** A function that sends GraphQL as the signed-in person and gives back `data`. */
export async function client(tenant) {
  const token = await signIn(tenant)
  return async (query, variables) => {
    const response = await fetch(`${originOf(tenant)}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    })
    const body = await response.json()
    if (body.errors) throw new Error(JSON.stringify(body.errors))
    return body.data
  }
}

/** The WebSocket class for a tenant's socket: resolves names under localhost and sends the page's Origin. */
export function socketOf(tenant) {
  return class extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols, { lookup, origin: originOf(tenant) })
    }
  }
}
