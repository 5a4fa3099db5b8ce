// Who may hold a socket open, for how long, and how much may be asked over it.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  addMember,
  client,
  createWorkflow,
  demo,
  fetch,
  originOf,
  publishWorkflow,
  signIn,
  socketOf,
} from './server.mjs'

const [tenant] = demo.tenants
const ask = await client(tenant)

/** A socket that was opened; its messages and its end can be waited for. */
async function open({ token, options } = {}) {
  const Socket = socketOf(tenant)
  const socket = new Socket(
    `${originOf(tenant).replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
    options,
  )
  const messages = []
  let told = () => {}
  socket.on('message', (text) => {
    messages.push(JSON.parse(text))
    told()
  })
  const closed = new Promise((resolve) => socket.on('close', resolve))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const say = (message) => socket.send(JSON.stringify(message))
  const message = async (is) => {
    for (;;) {
      const found = messages.find(is)
      if (found) return found
      await new Promise((resolve) => {
        told = resolve
      })
    }
  }
  if (token) {
    say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
    await message(({ type }) => type === 'connection_ack')
  }
  return { socket, say, message, closed, messages }
}

const subscribe = (id, query) => ({ type: 'subscribe', id, payload: { query } })
const feed = 'subscription { executionFeed { position } }'

describe('a socket', { concurrency: true }, () => {
  test('of a client that does not introduce itself is closed', async () => {
    assert.equal(await (await open()).closed, 4408)
  })

  test('with a token that is none is closed as unauthorised', async () => {
    const { say, closed } = await open()
    say({ type: 'connection_init', payload: { authorization: 'Bearer nonsense' } })
    assert.equal(await closed, 4401)
  })

  test('ends with the session', async () => {
    const token = await signIn(tenant)
    const { say, closed } = await open({ token })
    say(subscribe('1', feed))
    const authorization = `Bearer ${token}`
    const left = await fetch(`${originOf(tenant)}/auth/sign-out`, {
      method: 'POST',
      headers: { authorization },
    })
    assert.equal(left.status, 204)
    assert.equal(await closed, 4401)
  })

  test('ends when the role changes, and when the member is removed', async () => {
    const member = await addMember(ask, tenant, 'EDITOR')
    const change = await open({ token: await signIn(member) })
    change.say(subscribe('1', feed))
    await ask(
      'mutation ($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { errors { message } } }',
      { input: { memberId: member.id, role: 'VIEWER' } },
    )
    assert.equal(await change.closed, 4403)
    const removal = await open({ token: await signIn(member) })
    await ask(
      'mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { errors { message } } }',
      {
        input: { memberId: member.id },
      },
    )
    assert.equal(await removal.closed, 4401)
  })

  test('carries a hundred operations and refuses the next', async () => {
    const { socket, say, message, messages } = await open({ token: await signIn(tenant) })
    for (let id = 0; id < 101; id += 1) say(subscribe(String(id), feed))
    const refused = await message(({ payload }) => payload?.errors)
    assert.equal(refused.id, '100')
    assert.equal(refused.payload.errors[0].extensions.code, 'TOO_MANY_OPERATIONS')
    assert.equal(messages.filter(({ payload }) => payload?.errors).length, 1)
    socket.terminate()
  })

  test('takes a message of 200 KiB in one frame and none of 300', async () => {
    const { say, message, closed } = await open({ token: await signIn(tenant) })
    // Too large for a document, so that the answer shows that it was read.
    say(subscribe('1', `{ __typename } # ${'x'.repeat(200 * 1024)}`))
    const answer = await message(({ id }) => id === '1')
    assert.equal(answer.payload.errors[0].extensions.code, 'DOCUMENT_TOO_LARGE')
    say(subscribe('2', `{ __typename } # ${'x'.repeat(300 * 1024)}`))
    assert.equal(await closed, 1009)
  })

  test('of a client that answers no ping is given up', async () => {
    const { closed } = await open({ token: await signIn(tenant), options: { autoPong: false } })
    assert.equal(await closed, 3008)
  })
})

describe('what was done a moment ago', () => {
  const node = (name, kind, parameters, at) => ({ name, kind, parameters, position: [at * 260, 0] })

  test('a variable that was set is what the next execution sees', async () => {
    const answer = {
      assignments: { assignments: [{ name: 'value', type: 'string', value: '={{ $vars.fresh }}' }] },
    }
    const called = { httpMethod: 'POST', path: `fresh-${Date.now()}`, responseMode: 'lastNode' }
    const workflow = await createWorkflow(ask, {
      weft: 1,
      name: 'Tells a variable',
      nodes: [node('Called', 'webhook', called, 0), node('Answer', 'set', answer, 1)],
      edges: [{ from: 'Called', to: 'Answer' }],
    })
    await publishWorkflow(ask, workflow)
    const hook = new URL(new URL(workflow.webhooks[0].productionUrl).pathname, originOf(tenant))
    for (let round = 0; round < 25; round += 1) {
      const value = `round ${round}`
      // Only what the command itself gives is asked for: an answer with the variable would wait for the read side.
      await ask(
        'mutation ($input: SetVariableInput!) { setVariable(input: $input) { position errors { message } } }',
        {
          input: { name: 'fresh', value },
        },
      )
      const response = await fetch(hook, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      })
      const body = await response.text()
      assert.ok(body.includes(`"${value}"`), `${value}: ${response.status} ${body}`)
    }
  })

  test('a workflow that was created can be watched at once', async () => {
    const { socket, say, message } = await open({ token: await signIn(tenant) })
    for (let round = 0; round < 10; round += 1) {
      const { id } = await createWorkflow(ask, { weft: 1, name: `New ${round}`, nodes: [], edges: [] })
      say(
        subscribe(String(round), `subscription { workflowChanges(workflowId: "${id}", after: 0) { type } }`),
      )
      const { payload } = await message((one) => one.id === String(round))
      assert.deepEqual(payload, { data: { workflowChanges: { type: 'workflow.created' } } })
    }
    socket.terminate()
  })
})
