// Webhooks as the outside world calls them: how a call is read, who is let through, and the three ways to answer.
import assert from 'node:assert/strict'
import { File } from 'node:buffer'
import { describe, test } from 'node:test'
import { FormData } from 'undici'
import { client, createWorkflow, demo, fetch, originOf, problem, publishWorkflow, until } from './server.mjs'

const [tenant] = demo.tenants
const ask = await client(tenant)
const passOn = { name: 'Pass on', kind: 'noOp' }

/** A draft of a webhook with these parameters and the nodes that follow it in a row. */
function draft(parameters, ...following) {
  const nodes = [{ name: 'Hook', kind: 'webhook', parameters }, ...following]
  const edges = following.map(({ name }, place) => ({ from: nodes[place].name, to: name }))
  return createWorkflow(ask, { weft: 1, name: `Webhook ${Math.random()}`, nodes, edges })
}

/** The same, published. */
async function published(parameters, ...following) {
  const workflow = await draft(parameters, ...following)
  await publishWorkflow(ask, workflow)
  return workflow
}

/** Calls below a webhook's own address: `at` is what follows it. */
function call({ webhooks: [{ productionUrl }] }, at, { json, ...init } = {}) {
  const [, , hook] = new URL(productionUrl).pathname.split('/')
  const sent = json === undefined ? {} : { method: 'POST', body: JSON.stringify(json), headers: jsonHeader }
  return fetch(`${originOf(tenant)}/hooks/${hook}${at}`, { redirect: 'manual', ...sent, ...init })
}

const jsonHeader = { 'content-type': 'application/json' }
const idOf = (response) => response.headers.get('weft-execution-id')

/** The newest execution of a workflow, as soon as it stands like this. */
async function executionOf(workflow, wanted) {
  const found = await until(
    () =>
      ask('query ($id: ID!) { workflow(id: $id) { executions(first: 1) { nodes { id status mode } } } }', {
        id: workflow.id,
      }),
    ({ workflow }) => workflow.executions.nodes[0]?.status === wanted,
  )
  return found.workflow.executions.nodes[0]
}

async function cancel(workflow, { id }) {
  const { cancelExecution } = await ask(
    'mutation ($input: ExecutionInput!) { cancelExecution(input: $input) { errors { message } } }',
    { input: { executionId: id } },
  )
  assert.deepEqual(cancelExecution.errors, [])
  await executionOf(workflow, 'CANCELLED')
}

describe('who is let through', () => {
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

  for (const method of methods) {
    test(`a webhook of ${method} takes it and refuses every other`, async () => {
      const workflow = await published({ httpMethod: method, path: 'only', responseMode: 'lastNode' }, passOn)
      for (const tried of methods) {
        const response = await call(workflow, '/only', { method: tried })
        if (tried === method) {
          assert.equal(response.status, 200)
          assert.ok(idOf(response))
          assert.equal((await response.text()) === '', tried === 'HEAD')
          continue
        }
        assert.equal(response.headers.get('allow'), method)
        if (tried === 'HEAD') assert.equal(response.status, 405)
        else assert.match((await problem(response, 405)).detail, new RegExp(`${method}, not with ${tried}`))
      }
    })
  }

  test('a webhook of any method takes all of them', async () => {
    const workflow = await published({ httpMethod: '*', path: 'any', responseMode: 'lastNode' }, passOn)
    for (const method of methods) assert.equal((await call(workflow, '/any', { method })).status, 200, method)
  })

  test('a path that nobody listens at is 404, above and below the right one and beside it', async () => {
    const workflow = await published({ httpMethod: 'GET', path: 'orders/:id/lines' }, passOn)
    assert.equal((await call(workflow, '/orders/7/lines')).status, 200)
    for (const at of [
      '',
      '/',
      '/orders',
      '/orders/7',
      '/orders//lines',
      '/orders/7/lines/1',
      '/Orders/7/lines',
    ]) {
      assert.equal((await problem(await call(workflow, at), 404)).code, 'unknown_webhook', at)
    }
  })

  test("another tenant's host does not answer", async () => {
    const workflow = await published({ httpMethod: 'GET', path: 'mine' }, passOn)
    const { pathname } = new URL(workflow.webhooks[0].productionUrl)
    await problem(await fetch(`${originOf(demo.tenants[1])}${pathname}`), 404)
  })
})

describe('how a call is read', async () => {
  const workflow = await published(
    { httpMethod: '*', path: 'a/:first/:second', responseMode: 'lastNode' },
    passOn,
  )
  const read = async (at, init) => {
    const response = await call(workflow, at, init)
    assert.equal(response.status, 200)
    return response.json()
  }
  const post = (body, contentType) =>
    call(workflow, '/a/1/2', {
      method: 'POST',
      body,
      headers: contentType ? { 'content-type': contentType } : {},
    })
  const bodyOf = async (body, contentType) => {
    const response = await post(body, contentType)
    assert.equal(response.status, 200)
    return (await response.json()).body
  }

  test('the address is told as it was called', async () => {
    const { webhookUrl } = await read('/a/7/x%20y')
    assert.ok(webhookUrl.endsWith('/a/7/x%20y'), webhookUrl)
  })

  test('the parameters of the path are its segments, decoded once', async () => {
    assert.deepEqual((await read('/a/7/x%20y')).params, { first: '7', second: 'x y' })
    assert.deepEqual((await read('/a/50%2525/caf%C3%A9')).params, { first: '50%25', second: 'café' })
    assert.deepEqual((await read('/a/1%2B1/a+b')).params, { first: '1+1', second: 'a+b' })
    assert.deepEqual((await read('/a/in%2Fside/.b')).params, { first: 'in/side', second: '.b' })
  })

  test('the query is an object of texts, and a name that comes twice has a list', async () => {
    const { query } = await read('/a/1/2?one=1&many=a&many=b&many=c&space=x+y&%C3%A9=%26&empty=&bare')
    assert.deepEqual(query, { one: '1', many: ['a', 'b', 'c'], space: 'x y', é: '&', empty: '', bare: '' })
  })

  test('headers have small letters, and what proves a session of ours is not among them', async () => {
    const { headers } = await read('/a/1/2', {
      headers: { 'X-Own': 'Kept', cookie: 'weft_session=a; theirs=1' },
    })
    assert.equal(headers['x-own'], 'Kept')
    assert.equal(headers.cookie, 'theirs=1')
  })

  test('the body is read by its content type', async () => {
    assert.deepEqual(await bodyOf('{"a":[1,null]}', 'application/json'), { a: [1, null] })
    assert.deepEqual(await bodyOf('{"a":1}', 'application/vnd.api+json; charset=UTF-8'), { a: 1 })
    assert.deepEqual(await bodyOf('a=1&b=x+y&a=%C3%A9', 'application/x-www-form-urlencoded'), {
      a: ['1', 'é'],
      b: 'x y',
    })
    assert.equal(await bodyOf('{"a":1} é', 'text/plain'), '{"a":1} é')
    assert.equal(await bodyOf('<a/>', 'application/xml'), '<a/>')
    assert.deepEqual((await read('/a/1/2')).body, {})
  })

  test('what cannot be read is refused with the reason', async () => {
    assert.match((await problem(await post('x', 'text/plain; charset=latin1'), 415)).detail, /latin1/)
    assert.match((await problem(await post('{"a":', 'application/json'), 400)).detail, /line 1/)
    assert.equal((await problem(await post(Buffer.from([0xff]), 'text/plain'), 400)).code, 'invalid_utf8')
  })

  test('files come and go: in forms, as bodies, and as answers', async () => {
    const parameters = {
      httpMethod: 'POST',
      path: 'files',
      responseMode: 'lastNode',
      responseData: 'firstEntryBinary',
      options: { responseBinaryPropertyName: 'photo' },
    }
    const answers = await published(parameters, passOn)
    const shows = await published({ ...parameters, responseData: 'firstEntryJson' }, passOn)
    const bytes = Buffer.alloc(3 << 20, 'weft')
    const upload = () => {
      const form = new FormData()
      form.set('name', 'Zoë')
      form.set('photo', new File([bytes], 'a.png', { type: 'image/png' }))
      return { method: 'POST', body: form }
    }
    const answered = await call(answers, '/files', upload())
    assert.equal(answered.headers.get('content-type'), 'image/png')
    assert.ok(Buffer.from(await answered.arrayBuffer()).equals(bytes))
    assert.deepEqual((await (await call(shows, '/files', upload())).json()).body, { name: 'Zoë' })
    const image = { method: 'POST', body: 'png', headers: { 'content-type': 'image/png' } }
    assert.deepEqual((await (await call(shows, '/files', image)).json()).body, {})
    assert.equal((await call(answers, '/files', image)).status, 500)
    const broken = { 'content-type': 'multipart/form-data' }
    const refused = await call(answers, '/files', { method: 'POST', body: 'x', headers: broken })
    assert.equal((await problem(refused, 400)).code, 'invalid_form')
  })

  test('a raw body stays as it was sent', async () => {
    const raw = { httpMethod: 'POST', path: 'raw', responseMode: 'lastNode', options: { rawBody: true } }
    const workflow = await published(raw, passOn)
    for (const [body, contentType] of [
      ['{"a": 1 }', 'application/json'],
      ['{"a":', 'application/json'],
      ['a=1&a=2', 'application/x-www-form-urlencoded'],
    ]) {
      const response = await call(workflow, '/raw', {
        method: 'POST',
        body,
        headers: { 'content-type': contentType },
      })
      assert.equal((await response.json()).body, body)
    }
  })
})

describe('how a call is answered', () => {
  const longWait = { name: 'Wait', kind: 'wait', parameters: { amount: 1, unit: 'hours' } }
  const two = {
    name: 'Two',
    kind: 'code',
    parameters: { jsCode: 'return [{ json: { n: 1 } }, { json: { n: 2 } }]' },
  }
  const stop = { name: 'Stop', kind: 'stopAndError', parameters: { errorMessage: 'not for strangers' } }
  const respond = (parameters) => ({ name: 'Respond', kind: 'respondToWebhook', parameters })
  const headers = { entries: [{ name: 'x-own', value: 'kept' }] }

  test('the first of two Respond nodes is the one that answers', async () => {
    const first = respond({ respondWith: 'text', responseBody: 'first' })
    const second = { ...respond({ respondWith: 'text', responseBody: 'second' }), name: 'Again' }
    const workflow = await published(
      { httpMethod: 'POST', path: 'own', responseMode: 'responseNode' },
      first,
      second,
    )
    const response = await call(workflow, '/own', { json: {} })
    assert.equal(await response.text(), 'first')
    await executionOf(workflow, 'SUCCEEDED')
  })

  test('at once, while the workflow goes on', async () => {
    const workflow = await published({ httpMethod: 'GET', path: 'now' }, longWait)
    const response = await call(workflow, '/now')
    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), { message: 'Workflow was started' })
    const execution = await executionOf(workflow, 'WAITING')
    assert.equal(execution.mode, 'PRODUCTION')
    await cancel(workflow, execution)
  })

  test('at once, with the status, the text and the headers that the node names', async () => {
    const options = { responseData: 'Thanks', responseHeaders: headers }
    const workflow = await published({ httpMethod: 'GET', path: 'now', responseCode: 202, options }, passOn)
    const response = await call(workflow, '/now')
    assert.deepEqual([response.status, await response.text()], [202, 'Thanks'])
    assert.match(response.headers.get('content-type'), /^text\/plain/)
    assert.equal(response.headers.get('x-own'), 'kept')
  })

  for (const [responseData, expected] of [
    [undefined, '{"n":1}'],
    ['allEntries', '[{"n":1},{"n":2}]'],
    ['noData', ''],
  ]) {
    test(`with what the last node gave: ${responseData ?? 'by default its first item'}`, async () => {
      const last = {
        httpMethod: 'GET',
        path: 'last',
        responseMode: 'lastNode',
        responseCode: 201,
        responseData,
      }
      const response = await call(await published(last, two), '/last')
      assert.deepEqual([response.status, await response.text()], [201, expected])
    })
  }

  test('a workflow that fails is 500, without its message', async () => {
    const last = { httpMethod: 'GET', path: 'last', responseMode: 'lastNode' }
    const workflow = await published(last, stop)
    const response = await call(workflow, '/last')
    assert.equal(response.status, 500)
    assert.doesNotMatch(await response.text(), /strangers/)
    await executionOf(workflow, 'FAILED')
  })

  const own = { httpMethod: 'POST', path: 'own', responseMode: 'responseNode' }

  test('by a Respond node, with its status, headers and body, while the workflow goes on', async () => {
    const says = respond({
      respondWith: 'json',
      responseBody: '={{ { hello: $json.body.name } }}',
      options: { responseCode: 201, responseHeaders: headers },
    })
    const workflow = await published(own, says, longWait)
    const response = await call(workflow, '/own', { json: { name: 'Ada' } })
    assert.equal(response.status, 201)
    assert.deepEqual(await response.json(), { hello: 'Ada' })
    assert.equal(response.headers.get('x-own'), 'kept')
    await cancel(workflow, await executionOf(workflow, 'WAITING'))
  })

  test('by a Respond node: text, a redirect, nothing, all items', async () => {
    const answer = async (...nodes) => call(await published(own, ...nodes), '/own', { json: { name: 'Ada' } })
    const text = await answer(respond({ respondWith: 'text', responseBody: '=Hello {{ $json.body.name }}' }))
    assert.equal(await text.text(), 'Hello Ada')
    const elsewhere = respond({ respondWith: 'redirect', redirectURL: 'https://example.com/there' })
    const redirect = await answer(elsewhere)
    assert.deepEqual([redirect.status, redirect.headers.get('location')], [307, 'https://example.com/there'])
    const nothing = await answer(respond({ respondWith: 'noData', options: { responseCode: 204 } }))
    assert.deepEqual([nothing.status, await nothing.text()], [204, ''])
    const all = respond({ respondWith: 'allIncomingItems', options: { responseKey: 'items' } })
    assert.deepEqual(await (await answer(two, all)).json(), { items: [{ n: 1 }, { n: 2 }] })
  })

  test('an answer sets neither cookies nor another policy for its page', async () => {
    const evil = {
      entries: [
        { name: 'Set-Cookie', value: 'weft_session=stolen' },
        { name: 'Content-Security-Policy', value: 'default-src *' },
        { name: 'Clear-Site-Data', value: '"*"' },
      ],
    }
    const says = respond({ respondWith: 'text', responseBody: 'x', options: { responseHeaders: evil } })
    const response = await call(await published(own, says), '/own', { json: {} })
    assert.equal(await response.text(), 'x')
    assert.deepEqual(response.headers.getSetCookie(), [])
    assert.equal(response.headers.get('clear-site-data'), null)
    assert.match(response.headers.get('content-security-policy'), /^sandbox /)
  })
})

describe('an Idempotency-Key', () => {
  const workflow = published({ httpMethod: 'POST', path: 'once', responseMode: 'lastNode' }, passOn)
  const send = async (key) =>
    call(await workflow, '/once', {
      method: 'POST',
      body: '{}',
      headers: { ...jsonHeader, 'idempotency-key': key },
    })

  test('that is sent by several at once starts one execution, which all of them learn of', async () => {
    const key = `order ${Math.random()}`
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(key)))
    for (const answer of answers) assert.equal(answer.status, 200)
    const [id, ...others] = new Set(answers.map(idOf))
    assert.deepEqual(others, [])
    const later = await send(key)
    assert.deepEqual(await later.json(), { executionId: id })
    const other = idOf(await send(`${key} more`))
    assert.notEqual(other, id)
    // The other execution was started last: whoever knows of it knows of all before it.
    const { id: workflowId } = await workflow
    const started = await until(
      async () => {
        const query = 'query ($id: ID!) { workflow(id: $id) { executions(first: 20) { nodes { id } } } }'
        const seen = await ask(query, { id: workflowId })
        return seen.workflow.executions.nodes.map(({ id }) => Buffer.from(id, 'base64').toString())
      },
      (ids) => ids.some((id) => id.endsWith(other)),
    )
    assert.deepEqual(started.sort(), [`Execution:${id}`, `Execution:${other}`].sort())
  })

  test('that is none is refused', async () => {
    for (const key of ['', 'x'.repeat(256)]) {
      assert.equal((await problem(await send(key), 400)).code, 'invalid_idempotency_key')
    }
    assert.equal((await send('x'.repeat(255))).status, 200)
  })
})

describe('the test address', () => {
  test('answers once, while somebody listens, from the draft', async () => {
    const workflow = await draft({ httpMethod: 'POST', path: 'try/:id', responseMode: 'lastNode' }, passOn)
    const [{ nodeId, testUrl }] = workflow.webhooks
    const { pathname } = new URL(testUrl)
    assert.match(pathname, /^\/hooks\/test\//)
    const send = (init) =>
      fetch(`${originOf(tenant)}${pathname.replace(':id', '7')}`, {
        method: 'POST',
        headers: jsonHeader,
        body: '{"a":1}',
        ...init,
      })

    assert.equal((await problem(await send(), 404)).code, 'not_listening')
    const { listenForWebhook } = await ask(
      `mutation ($input: ListenForWebhookInput!) {
         listenForWebhook(input: $input) { testUrl until errors { message } }
       }`,
      { input: { workflowId: workflow.id, nodeId } },
    )
    assert.deepEqual(listenForWebhook.errors, [])
    assert.equal(listenForWebhook.testUrl, testUrl)
    assert.ok(Date.parse(listenForWebhook.until) > Date.now())

    // Calls that cannot be read leave the wait as it is.
    await problem(await send({ method: 'PUT' }), 405)
    await problem(await send({ body: '{"a":' }), 400)
    const response = await send()
    assert.equal(response.status, 200)
    const { params, body, executionMode } = await response.json()
    assert.deepEqual(
      { params, body, executionMode },
      { params: { id: '7' }, body: { a: 1 }, executionMode: 'test' },
    )
    assert.equal((await executionOf(workflow, 'SUCCEEDED')).mode, 'TEST')

    assert.equal((await problem(await send(), 404)).code, 'not_listening')
    assert.equal((await call(workflow, '/try/7', { json: {} })).status, 404, 'nothing was published')
  })
})
