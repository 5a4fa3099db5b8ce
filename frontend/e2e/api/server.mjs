// What every test of the API needs: the server's address, a signed-in client, and names under localhost that resolve.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Agent, fetch as undiciFetch } from 'undici'
import WebSocket from 'ws'

const address = new URL(required('WEFT_E2E_ADDRESS'))

/** The demo as `weft --json demo` printed it: `{ tenants: [{ slug, email, password, workflows }] }`. */
export const demo = JSON.parse(readFileSync(required('WEFT_E2E_DEMO'), 'utf8'))

export function required(name) {
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

/** The address of a tenant: `http://acme.localhost:8080`; of a server of a test's own where the tenant names its `server`. */
export function originOf(tenant) {
  const { protocol, port } = tenant.server ?? address
  return `${protocol}//${tenant.slug}.localhost:${port}`
}

/** The address of the installation, below which tenants answer. */
export const installation = address.origin

/** Signs a new tenant up with its owner; a tenant as `signIn` and `client` take it. */
export async function signUp(name) {
  const slug = `t${Math.random().toString(36).slice(2, 12)}`
  const form = { email: `owner@${slug}.example`, password: 'long enough a password', name: 'New Owner', slug }
  const response = await fetch(`${installation}/auth/sign-up`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...form, tenantName: name }),
  })
  assert.equal(response.status, 201, await response.clone().text())
  assert.deepEqual(await response.json(), { slug })
  return { ...form, tenantName: name }
}

/** Signs in with a demo tenant's e-mail and password; the session token, to be sent as a bearer token. */
export async function signIn(tenant) {
  return (await cookiesOf(tenant)).session.value
}

/** Signs in; the cookies of the session by what they are for (`session`, `refresh`, `csrf`), each `{ name, value }`. */
export async function cookiesOf(tenant) {
  const response = await fetch(`${originOf(tenant)}/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: originOf(tenant) },
    body: JSON.stringify({ email: tenant.email, password: tenant.password }),
  })
  if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`)
  return cookiesIn(response)
}

/** The cookies that an answer sets; without HTTPS their names end in the server's port. */
export function cookiesIn(response) {
  const found = {}
  for (const line of response.headers.getSetCookie()) {
    const parts = /^((?:__Host-)?weft_([a-z]+)(?:_\d+)?)=([^;]*)/.exec(line)
    if (parts) found[parts[2]] = { name: parts[1], value: parts[3] }
  }
  if (!found.session) throw new Error('the answer set no session cookie')
  return found
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

// Mutations whose input is named after what they act on.
const INPUTS = {
  redoEdit: 'UndoEditInput',
  deactivateWorkflow: 'WorkflowInput',
  activateWorkflow: 'WorkflowInput',
  archiveWorkflow: 'WorkflowInput',
  cancelExecution: 'ExecutionInput',
  retryExecution: 'ExecutionInput',
}
const ERRORS = `errors {
  __typename message field code
  ... on EditConflict { nodeId currentVersion }
  ... on PublishRefused { problems { severity code message nodeId nodeName field line column hint } }
  ... on Overloaded { retryAfterMs }
}`

/** Sends a command as the client `ask`; its payload, refused or not: what `selection` names, and `errors`. */
export async function command(ask, name, input, selection = '') {
  const type = INPUTS[name] ?? `${name[0].toUpperCase()}${name.slice(1)}Input`
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} ${ERRORS} } }`
  return (await ask(query, { input }))[name]
}

/** The same of a command that must not be refused. */
export async function succeed(ask, name, input, selection) {
  return done(await command(ask, name, input, selection))
}

/** Makes another member of a tenant with a role, as the client `ask`; a tenant as `signIn` and `client` take it. */
export async function addMember(ask, tenant, role) {
  const email = `member-${Math.random().toString(36).slice(2)}@example.com`
  const password = `a long password ${Math.random()}`
  const input = { email, name: 'Another Member', role, password }
  const { member } = await succeed(ask, 'addMember', input, 'member { id }')
  return { ...tenant, email, password, id: member.id }
}

/** The WebSocket class for a tenant's socket: resolves names under localhost and sends the page's Origin. */
export function socketOf(tenant) {
  return class extends WebSocket {
    constructor(url, protocols, options) {
      super(url, protocols, { lookup, origin: originOf(tenant), ...options })
    }
  }
}

/** The problem document (RFC 9457) of an answer that must have this status. */
export async function problem(response, status) {
  const text = await response.text()
  assert.equal(response.status, status, text)
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/)
  const body = JSON.parse(text)
  assert.equal(body.status, status)
  assert.ok(body.title && body.detail && body.code, text)
  return body
}

/**
 * Asks again until the answer is as wanted: what another process appended, or what goes on in the background, is there a
 * moment later. Patience ends after twenty seconds.
 */
export async function until(ask, isWanted) {
  const end = Date.now() + 20_000
  for (;;) {
    const answer = await ask()
    if (isWanted(answer)) return answer
    if (Date.now() > end) throw new Error(`it did not come to be; the last answer: ${JSON.stringify(answer)}`)
  }
}

/** Makes a workflow of a file, as the client `ask`: `{ id, draft: { version }, webhooks: [{ nodeId, testUrl, productionUrl }] }`. */
export async function createWorkflow(ask, file) {
  const { createWorkflow } = await ask(
    `mutation ($input: CreateWorkflowInput!) {
       createWorkflow(input: $input) { workflow { id draft { version } webhooks { nodeId testUrl productionUrl } } errors { message } }
     }`,
    { input: { name: file.name, file } },
  )
  return done(createWorkflow).workflow
}

/** Publishes a workflow's draft: `{ publishedVersion }`. */
export async function publishWorkflow(ask, { id, draft }) {
  const { publishWorkflow } = await ask(
    `mutation ($input: PublishWorkflowInput!) {
       publishWorkflow(input: $input) { workflow { publishedVersion } errors { message } }
     }`,
    { input: { workflowId: id, draftVersion: draft.version } },
  )
  return done(publishWorkflow).workflow
}

function done(payload) {
  if (payload.errors.length > 0) throw new Error(payload.errors.map(({ message }) => message).join(' '))
  return payload
}
