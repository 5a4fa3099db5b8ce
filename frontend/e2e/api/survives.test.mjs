// What a server survives: being killed, its database going away, its database dying.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { freshFolder, serve, weftJson } from './program.mjs'
import {
  client,
  command,
  createWorkflow,
  fetch,
  originOf,
  problem,
  publishWorkflow,
  signIn,
  until,
} from './server.mjs'

const folder = freshFolder(after)
const owner = { slug: 'lasting' }
const jsonHeader = { 'content-type': 'application/json' }

before(async () => {
  const [made] = await weftJson(folder, ['tenant', 'create', '--slug', owner.slug, '--name', 'Lasting'])
  Object.assign(owner, made)
})

/** The owner as `signIn` and `client` take it, at a server. */
const at = ({ address }) => ({ ...owner, server: address })

const hook = (path, more) => ({
  name: 'Hook',
  kind: 'webhook',
  parameters: { httpMethod: 'POST', path, ...more },
})

/** Publishes a webhook with the nodes that follow it in a row. */
async function publish(ask, path, more, ...following) {
  const nodes = [hook(path, more), ...following]
  const edges = following.map(({ name }, place) => ({ from: nodes[place].name, to: name }))
  const workflow = await createWorkflow(ask, { weft: 1, name: `At ${path}`, nodes, edges })
  await publishWorkflow(ask, workflow)
  return workflow
}

/** Calls a workflow's webhook at a server. */
const call = (server, { webhooks: [{ productionUrl }] }) =>
  fetch(`${originOf(at(server))}${new URL(productionUrl).pathname}`, {
    method: 'POST',
    headers: jsonHeader,
    body: '{"name":"Ada"}',
  })

const newestStatus = async (ask, { id }) => {
  const query = 'query ($id: ID!) { workflow(id: $id) { executions(first: 1) { nodes { status } } } }'
  return (await ask(query, { id })).workflow.executions.nodes[0]?.status
}

const readiness = async ({ address }) => {
  const response = await fetch(`${address.origin}/readyz`)
  return { status: response.status, retry: response.headers.get('retry-after'), ...(await response.json()) }
}

/** What the doctor says of the database while a server runs. */
const database = async () => (await weftJson(folder, ['doctor']))[0].database

const postmaster = (data) => Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])

describe('a server that is killed', () => {
  test('leaves its PostgreSQL, which the next one adopts with all that was recorded', async (t) => {
    const end = (ending) => t.after(ending)
    const first = await serve(folder, end)
    const ask = await client(at(first))
    const greets = await publish(
      ask,
      'greet',
      { responseMode: 'lastNode' },
      { name: 'Pass on', kind: 'noOp' },
    )
    const waits = await publish(ask, 'wait', {}, { name: 'Wait', kind: 'wait', parameters: { amount: 2 } })
    const { folder: data } = await database()
    const pid = postmaster(data)
    assert.equal((await call(first, waits)).status, 200)
    await until(
      () => newestStatus(ask, waits),
      (status) => status === 'WAITING',
    )

    await first.kill('SIGKILL')
    assert.ok(process.kill(pid, 0), 'PostgreSQL outlives its server')
    const second = await serve(folder, end)
    assert.equal(postmaster(data), pid, 'the same PostgreSQL is used again')
    const again = await client(at(second))
    const { workflows } = await again('{ workflows(first: 5) { nodes { id } } }')
    assert.deepEqual(workflows.nodes.map(({ id }) => id).sort(), [greets.id, waits.id].sort())
    assert.equal((await (await call(second, greets)).json()).body.name, 'Ada')
    await until(
      () => newestStatus(again, waits),
      (status) => status === 'SUCCEEDED',
    )
    const [{ sound }] = await weftJson(folder, ['log', 'verify', '--tenant', owner.slug])
    assert.equal(sound, true)

    await second.kill('SIGTERM')
    assert.ok(!existsSync(join(data, 'postmaster.pid')), 'the last one to leave stops PostgreSQL')
  })
})

/** A way to a PostgreSQL's socket that can be cut and mended: `{ port, cut(), mend() }`. */
async function wayTo(socket, end) {
  const open = new Set()
  let isCut = false
  const way = createServer((near) => {
    if (isCut) return near.destroy()
    const far = connect(socket)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      open.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  way.listen(0, '127.0.0.1')
  await once(way, 'listening')
  const cut = () => {
    isCut = true
    for (const one of open) one.destroy()
  }
  end(() => {
    cut()
    way.close()
  })
  return {
    port: way.address().port,
    cut,
    mend: () => {
      isCut = false
    },
  }
}

describe('a server whose database', () => {
  let keeper
  let data
  let leave
  after(() => leave?.())
  before(async () => {
    keeper = await serve(folder, (ending) => {
      leave = ending
    })
    data = await database()
  })

  test('is fine and whose queue is full refuses more, with the time to come again', async (t) => {
    const end = (ending) => t.after(ending)
    // Somebody whom the workflow asks, and who takes the time that the test needs.
    const held = []
    let asked = () => {}
    const slow = createHttpServer((_, response) => {
      held.push(response)
      asked()
    })
    slow.listen(0, '127.0.0.1')
    await once(slow, 'listening')
    const release = () => {
      for (const response of held.splice(0)) response.end('{}')
    }
    end(() => {
      release()
      slow.close()
    })
    const settings = join(folder, 'one-at-a-time.env')
    writeFileSync(
      settings,
      'WEFT_MAX_EXECUTIONS=1\nWEFT_MAX_WAITING_EXECUTIONS=0\nWEFT_EGRESS_ALLOW=127.0.0.1\n',
    )
    const server = await serve(folder, end, { words: ['--settings', settings] })
    const ask = await client(at(server))
    const url = `http://127.0.0.1:${slow.address().port}/`
    const asks = { name: 'Ask', kind: 'httpRequest', parameters: { method: 'GET', url } }
    const workflow = await publish(ask, 'busy', { responseMode: 'lastNode', responseData: 'noData' }, asks)

    const isAsked = new Promise((resolve) => {
      asked = resolve
    })
    const first = call(server, workflow)
    await Promise.race([isAsked, first.then(async (early) => assert.fail(await early.text()))])
    const refused = await call(server, workflow)
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    assert.equal((await problem(refused, 429)).code, 'overloaded')
    const { errors } = await command(ask, 'executeWorkflow', { workflowId: workflow.id })
    assert.equal(errors[0].__typename, 'Overloaded')
    assert.ok(errors[0].retryAfterMs > 0)
    const { address } = server
    const metrics = await (await fetch(`${address.origin}/metrics`)).text()
    assert.match(metrics, /^weft_executions_admitted 1$/m)

    release()
    assert.equal((await first).status, 200)
    asked = release
    const next = await until(
      () => call(server, workflow),
      ({ status }) => status !== 429,
    )
    assert.equal(next.status, 200)
    const query =
      'query ($id: ID!) { workflow(id: $id) { executions(first: 5) { totalCount nodes { status } } } }'
    const { workflow: seen } = await until(
      () => ask(query, { id: workflow.id }),
      ({ workflow }) =>
        workflow.executions.totalCount >= 2 &&
        workflow.executions.nodes.every(({ status }) => status === 'SUCCEEDED'),
    )
    assert.equal(seen.executions.totalCount, 2, 'what was refused was not begun')
  })

  test('goes away says so and asks to come again, and goes on without a restart when it is back', async (t) => {
    const ends = []
    const end = (ending) => ends.unshift(ending)
    t.after(async () => {
      for (const ending of ends) await ending()
    })
    const { searchParams } = new URL(data.address)
    const way = await wayTo(join(searchParams.get('host'), '.s.PGSQL.5432'), end)
    const DATABASE_URL = `postgres://weft_admin@127.0.0.1:${way.port}/weft?sslmode=disable`
    const server = await serve(folder, end, { variables: { DATABASE_URL } })
    const ask = await client(at(server))
    const workflow = await publish(
      ask,
      'away',
      { responseMode: 'lastNode' },
      { name: 'Pass on', kind: 'noOp' },
    )
    const authorization = `Bearer ${await signIn(at(server))}`
    const graphql = (query) =>
      fetch(`${originOf(at(server))}/graphql`, {
        method: 'POST',
        headers: { ...jsonHeader, authorization },
        body: JSON.stringify({ query }),
      })
    const create =
      'mutation { createWorkflow(input: { name: "While away" }) { workflow { id } errors { message } } }'
    const signingIn = () =>
      fetch(`${originOf(at(server))}/auth/sign-in`, {
        method: 'POST',
        headers: jsonHeader,
        body: JSON.stringify({ email: owner.email, password: owner.password }),
      })
    assert.deepEqual(await readiness(server), {
      status: 200,
      retry: null,
      ready: true,
      database: true,
      admitting: true,
    })

    // Its route is believed for a moment, so that the next call gets as far as the log.
    assert.equal((await call(server, workflow)).status, 200)
    way.cut()
    const cut = await call(server, workflow)
    assert.equal(cut.status, 503)
    assert.ok(Number(cut.headers.get('retry-after')) > 0)
    const away = await readiness(server)
    assert.deepEqual([away.status, away.ready, away.database], [503, false, false])
    assert.ok(Number(away.retry) > 0)
    assert.equal((await fetch(`${server.address.origin}/healthz`)).status, 200)
    for (const [what, send] of [
      ['a webhook', () => call(server, workflow)],
      ['a query', () => graphql('{ workflows(first: 1) { nodes { name } } }')],
      ['a command', () => graphql(create)],
      ['a sign-in', signingIn],
    ]) {
      const response = await send()
      assert.ok(Number(response.headers.get('retry-after')) > 0, `${what}: ${response.status}`)
      assert.equal((await problem(response, 503)).code, 'unavailable', what)
    }

    way.mend()
    await until(
      () => readiness(server),
      ({ ready }) => ready,
    )
    const back = await until(
      () => call(server, workflow),
      ({ status }) => status !== 503,
    )
    assert.equal((await back.json()).body.name, 'Ada')
    const { workflows } = await ask(
      '{ workflows(first: 1, filter: { search: "While away" }) { totalCount } }',
    )
    assert.equal(workflows.totalCount, 0, 'what was refused was not done')
    assert.equal((await signingIn()).status, 200)
  })

  test('is killed starts it again, and meanwhile asks to come again', async () => {
    const ask = await client(at(keeper))
    const workflow = await publish(
      ask,
      'revived',
      { responseMode: 'lastNode' },
      { name: 'Pass on', kind: 'noOp' },
    )
    assert.equal((await call(keeper, workflow)).status, 200)
    const pid = postmaster(data.folder)
    process.kill(pid, 'SIGKILL')
    const isRevived = () => existsSync(join(data.folder, 'postmaster.pid')) && postmaster(data.folder) !== pid
    const answer = await until(
      async () => {
        const response = await call(keeper, workflow)
        const body = await response.json()
        if (response.status !== 200) {
          assert.equal(response.status, 503, JSON.stringify(body))
          assert.ok(Number(response.headers.get('retry-after')) > 0)
        }
        return { status: response.status, revived: isRevived(), name: body.body?.name }
      },
      ({ status, revived }) => revived && status === 200,
    )
    assert.equal(answer.name, 'Ada')
    const [{ sound }] = await weftJson(folder, ['log', 'verify', '--tenant', owner.slug])
    assert.equal(sound, true)
  })
})
