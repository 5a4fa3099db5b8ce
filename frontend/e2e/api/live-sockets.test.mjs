// What arrives over a socket that is killed again and again, under load, is what the log holds.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import {
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
const kills = 1000
/** Clients that each go on from cursors of their own. */
const watchers = 8
const callers = 4
const ask = await client(tenant)
const token = await signIn(tenant)

const node = (name, kind, parameters, at) => ({ name, kind, parameters, position: [at * 260, 0] })

/** Goes round until it is cancelled, a few events each time. */
const endless = {
  weft: 1,
  name: 'Goes round',
  nodes: [
    node('Start', 'manualTrigger', {}, 0),
    node('Rest', 'wait', { resume: 'timeInterval', amount: 0.1, unit: 'seconds' }, 1),
    node('Again', 'noOp', {}, 2),
  ],
  edges: [
    { from: 'Start', to: 'Rest' },
    { from: 'Rest', to: 'Again' },
    { from: 'Again', to: 'Rest' },
  ],
}

const brief = {
  weft: 1,
  name: 'Answers',
  nodes: [
    node(
      'Called',
      'webhook',
      { httpMethod: 'POST', path: `live-${Date.now()}`, responseMode: 'lastNode' },
      0,
    ),
    node(
      'Answer',
      'set',
      { assignments: { assignments: [{ name: 'ok', type: 'boolean', value: true }] } },
      1,
    ),
  ],
  edges: [{ from: 'Called', to: 'Answer' }],
}

async function execute(workflowId) {
  const { executeWorkflow } = await ask(
    'mutation ($input: ExecuteWorkflowInput!) { executeWorkflow(input: $input) { execution { id position } errors { message } } }',
    { input: { workflowId } },
  )
  assert.deepEqual(executeWorkflow.errors, [])
  return executeWorkflow.execution
}

/** Ends an execution. What is refused is tried again and told, so that no failure leaves something behind that goes on. */
async function cancel(execution) {
  const refused = []
  for (let round = 0; round < 10; round += 1) {
    const { cancelExecution } = await ask(
      'mutation ($input: ExecutionInput!) { cancelExecution(input: $input) { position errors { code message } } }',
      { input: { executionId: execution.id } },
    )
    if (cancelExecution.errors.length === 0) return { position: cancelExecution.position, refused }
    refused.push(...cancelExecution.errors)
    await pause(200)
  }
  throw new Error(`the execution cannot be cancelled: ${JSON.stringify(refused)}`)
}

/** Calls the webhook until it is told to stop. What is refused or cut is somebody else's matter. */
async function load(url, signal) {
  while (!signal.aborted) {
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
      .then((response) => response.text())
      .catch(() => undefined)
    await pause(100)
  }
}

/** One subscription that goes on from its cursor over however many sockets. */
function resuming(field, variables, selection, { after, take }) {
  const types = { executionId: 'ID!', after: 'Position' }
  const names = Object.keys(variables)
  const declared = [...names, 'after'].map((name) => `$${name}: ${types[name]}`).join(', ')
  const given = [...names, 'after'].map((name) => `${name}: $${name}`).join(', ')
  const subscription = {
    after,
    interrupted: 0,
    payload: () => ({
      query: `subscription (${declared}) { ${field}(${given}) { position ${selection} } }`,
      variables: { ...variables, after: subscription.after },
    }),
    next: ({ data, errors }) => {
      if (errors) {
        assert.equal(errors[0].extensions?.code, 'UNAVAILABLE', JSON.stringify(errors))
        subscription.interrupted += 1
        return false
      }
      const message = data[field]
      const cursor = subscription.after ?? 0
      assert.ok(message.position > cursor, `${field}: ${message.position} came after ${cursor}`)
      subscription.after = message.position
      take(message)
      return true
    },
  }
  return subscription
}

/** Opens a socket with these subscriptions, until `enough` says so of the number of messages or the time is over; then kills it. */
function socketWith(subscriptions, { enough, ms }) {
  return new Promise((resolve, reject) => {
    const Socket = socketOf(tenant)
    const socket = new Socket(`${originOf(tenant).replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    let messages = 0
    let timer = null
    const end = (fault) => {
      clearTimeout(timer)
      socket.removeAllListeners()
      // A socket that is killed while it opens says so.
      socket.on('error', () => undefined)
      socket.terminate()
      if (fault) reject(fault)
      else resolve(messages)
    }
    const say = (message) => socket.send(JSON.stringify(message))
    socket.on('open', () => say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }))
    socket.on('error', end)
    socket.on('close', (code, reason) => end(new Error(`closed by the server: ${code} ${reason}`)))
    socket.on('message', (text) => {
      try {
        const { type, id, payload } = JSON.parse(text)
        if (type === 'connection_ack') {
          for (const [at, one] of subscriptions.entries()) {
            say({ type: 'subscribe', id: String(at), payload: one.payload() })
          }
          timer = setTimeout(end, ms)
        } else if (type === 'next') {
          if (!subscriptions[Number(id)].next(payload)) end()
          messages += 1
          if (enough(messages)) end()
        }
      } catch (fault) {
        end(fault)
      }
    })
  })
}

/** Every execution that was queued at this moment or later, by id, as the list shows it. */
async function listed(startedAfter, atLeast) {
  const found = new Map()
  let cursor = null
  for (;;) {
    const { executions } = await ask(
      `query ($after: String, $startedAfter: DateTime!, $atLeast: Position) {
         executions(first: 200, after: $after, filter: { startedAfter: $startedAfter }, atLeast: $atLeast) {
           nodes { id status position } pageInfo { hasNextPage endCursor }
         }
       }`,
      { after: cursor, startedAfter, atLeast },
    )
    for (const { id, status, position } of executions.nodes) found.set(id, { status, position })
    if (!executions.pageInfo.hasNextPage) return found
    cursor = executions.pageInfo.endCursor
  }
}

/** When a socket is killed. On a slow machine little comes in a given time, so that some wait for what comes instead. */
const patience = 5000
const lives = [
  () => ({ enough: () => false, ms: 0 }),
  () => ({ enough: () => true, ms: patience }),
  () => {
    const wanted = 2 + Math.floor(6 * Math.random())
    return { enough: (messages) => messages >= wanted, ms: patience }
  },
  () => ({ enough: () => false, ms: 500 * Math.random() }),
]

/** What one client saw of an execution's events and of the feed, over all of its sockets. */
function watcher(execution, queuedAt) {
  const seen = []
  const fed = new Map()
  const events = resuming('executionEvents', { executionId: execution.id }, 'type', {
    after: null,
    take: ({ position, type }) => seen.push({ position, type }),
  })
  const feed = resuming('executionFeed', {}, 'execution { id status queuedAt }', {
    after: execution.position,
    // Other tests may have left something that goes on.
    take: ({ execution: one }) => one.queuedAt >= queuedAt && fed.set(one.id, one.status),
  })
  const isOver = () => seen.at(-1)?.type === 'execution.cancelled'
  let idle = 0
  return {
    seen,
    fed,
    counts: () => ({ idle, interrupted: feed.interrupted }),
    /** Some sockets are killed before anything came, some at the first message, some in the middle of a burst, some at rest. */
    async killed(times) {
      for (let round = 0; round < times; round += 1) {
        if ((await socketWith([events, feed], lives[round % lives.length]())) === 0) idle += 1
      }
    },
    /** The rest comes over sockets that live longer. */
    async rest(newest) {
      const enough = () => isOver() && feed.after >= newest
      for (let round = 0; round < 6 && !enough(); round += 1) {
        await socketWith([events, feed], { enough, ms: 5000 })
      }
    },
  }
}

/** The events of an execution over one socket that nobody kills. */
async function replay(execution) {
  const seen = []
  const isOver = () => seen.at(-1)?.type === 'execution.cancelled'
  const take = ({ position, type }) => seen.push({ position, type })
  const whole = resuming('executionEvents', { executionId: execution.id }, 'type', { after: null, take })
  await socketWith([whole], { enough: isOver, ms: 30_000 })
  return seen
}

/** What is in one and not in the other, so that a failure can be read. */
const differences = (one, other) =>
  [...new Set([...one.keys(), ...other.keys()])]
    .filter((id) => one.get(id) !== other.get(id))
    .map((id) => ({ id, fed: one.get(id), listed: other.get(id) }))

test('sockets that are killed a thousand times under load miss and repeat nothing', async (t) => {
  const [long, short] = [await createWorkflow(ask, endless), await createWorkflow(ask, brief)]
  await publishWorkflow(ask, short)
  const execution = await execute(long.id)
  const { execution: row } = await ask(
    'query ($id: ID!, $atLeast: Position) { execution(id: $id, atLeast: $atLeast) { queuedAt } }',
    { id: execution.id, atLeast: execution.position },
  )
  const hook = new URL(new URL(short.webhooks[0].productionUrl).pathname, originOf(tenant))

  const all = Array.from({ length: watchers }, () => watcher(execution, row.queuedAt))
  const loading = new AbortController()
  const calls = Array.from({ length: callers }, () => load(hook, loading.signal))
  const began = performance.now()
  await Promise.all(all.map((one) => one.killed(kills / watchers)))
  const took = performance.now() - began
  loading.abort()
  await Promise.all(calls)
  const over = await cancel(execution)

  // Calls that were cut may go on for a moment: the log is at rest when all that began is over.
  let list = new Map()
  do list = await listed(row.queuedAt, over.position)
  while ([...list.values()].some(({ status }) => ['QUEUED', 'RUNNING', 'WAITING'].includes(status)))
  const newest = Math.max(...[...list.values()].map(({ position }) => position))
  await Promise.all(all.map((one) => one.rest(newest)))

  const log = await replay(execution)
  const expected = new Map([...list].map(([id, { status }]) => [id, status]))
  const counts = all.map((one) => JSON.stringify(one.counts())).join(' ')
  t.diagnostic(
    `${kills} kills in ${Math.round(took)} ms, ${log.length} events, ${list.size} executions, ${counts}, refused: ${JSON.stringify(over.refused)}`,
  )
  assert.ok(log.length > 100 && list.size > 50, 'there was no load')
  const busy = kills - all.reduce((sum, one) => sum + one.counts().idle, 0)
  assert.ok(busy > kills / 10, `only ${busy} sockets were killed after something came`)
  for (const { seen, fed } of all) {
    assert.deepEqual(seen, log)
    assert.deepEqual(differences(fed, expected), [])
  }
})
