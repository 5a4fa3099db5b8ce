// The command line, for people and scripts: what it prints, how it ends, with a server on the data folder and without.
import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { freshFolder, serve, weft, weftJson } from './program.mjs'
import { client, cookiesOf, demo, fetch, originOf, required, signIn, until } from './server.mjs'

const [tenant, other] = demo.tenants
const served = required('WEFT_DATA_DIR')
const files = freshFolder(after)

/** Writes a file of this test; its path. */
function file(name, content) {
  const path = join(files, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const unique = () => `t${Math.random().toString(36).slice(2, 12)}`

const greeting = {
  weft: 1,
  name: 'Greets',
  nodes: [
    {
      name: 'Hook',
      kind: 'webhook',
      parameters: { path: 'greet', httpMethod: 'POST', responseMode: 'lastNode' },
    },
    {
      name: 'Greeting',
      kind: 'set',
      parameters: {
        assignments: { assignments: [{ name: 'hello', type: 'string', value: '={{ $json.body.name }}' }] },
      },
    },
  ],
  edges: [{ from: 'Hook', to: 'Greeting' }],
}

const ofN8n = {
  name: 'Greets, from n8n',
  nodes: [
    {
      id: '1',
      name: 'Called',
      type: 'n8n-nodes-base.webhook',
      typeVersion: 2,
      position: [0, 0],
      parameters: { httpMethod: 'POST', path: 'called', responseMode: 'lastNode', options: {} },
    },
    {
      id: '2',
      name: 'Fields',
      type: 'n8n-nodes-base.set',
      typeVersion: 3.4,
      position: [200, 0],
      parameters: {
        assignments: {
          assignments: [{ id: 'a', name: 'hello', type: 'string', value: '={{ $json.body.name }}' }],
        },
        options: {},
      },
    },
  ],
  connections: { Called: { main: [[{ node: 'Fields', type: 'main', index: 0 }]] } },
}

const stopping = {
  weft: 1,
  name: 'Stops',
  nodes: [
    { name: 'Start', kind: 'manualTrigger' },
    { name: 'Stop', kind: 'stopAndError', parameters: { errorMessage: 'No more of this.' } },
  ],
  edges: [{ from: 'Start', to: 'Stop' }],
}

const unknownKind = {
  weft: 1,
  name: 'Holds what nobody knows',
  nodes: [
    { name: 'Start', kind: 'manualTrigger' },
    { name: 'Odd', kind: 'nonsense' },
  ],
  edges: [{ from: 'Start', to: 'Odd' }],
}

const good = file('greets.json', greeting)
const goodOfN8n = file('n8n.json', ofN8n)

/** Calls a printed webhook of a server, in that tenant. */
function call(address, url) {
  const { hostname, pathname } = new URL(url)
  return fetch(`http://${hostname}:${address.port}${pathname}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"Ada"}',
  })
}

/** A command that must be refused: its sentence, without the log of warnings before it. */
async function refused(folder, words, more) {
  const { status, stdout, stderr } = await weft(folder, words, more)
  assert.notEqual(status, 0, stdout)
  assert.equal(stdout, '')
  return stderr
}

describe('with a server on the data folder', () => {
  const running = new URL(originOf(tenant))

  for (const [format, path, node] of [
    ['weft', good, 'Hook'],
    ['n8n', goodOfN8n, 'Called'],
  ]) {
    test(`a file of ${format} is imported, published, and its webhook answers`, async () => {
      const words = ['import', path, '--format', format, '--tenant', tenant.slug, '--publish']
      const [{ workflowId, webhooks, report }] = await weftJson(served, words)
      assert.match(workflowId, uuid)
      assert.deepEqual(
        webhooks.map(({ node, method }) => ({ node, method })),
        [{ node, method: 'POST' }],
      )
      assert.equal(new URL(webhooks[0].url).host, running.host)
      assert.deepEqual(
        report.filter(({ node }) => node).map(({ node, outcome }) => [node, outcome]),
        format === 'n8n'
          ? [
              ['Called', 'mapped'],
              ['Fields', 'mapped'],
            ]
          : [],
      )
      const response = await call(running, webhooks[0].url)
      assert.equal(response.status, 200)
      assert.deepEqual(await response.json(), { hello: 'Ada' })
    })
  }

  test('what is not published does not answer', async () => {
    const [{ webhooks }] = await weftJson(served, ['import', good, '--tenant', tenant.slug])
    assert.equal((await call(running, webhooks[0].url)).status, 404)
  })

  test('what cannot be published is imported, and the command says what stands in the way', async () => {
    const name = unique()
    const path = file('odd.json', { ...unknownKind, name })
    const said = await refused(served, ['import', path, '--tenant', tenant.slug, '--publish'])
    assert.match(said, /Odd: There is no node kind “nonsense”/)
    const ask = await client(tenant)
    const { workflows } = await ask(
      'query ($name: String!) { workflows(first: 5, filter: { search: $name }) { nodes { name state } } }',
      { name },
    )
    assert.deepEqual(workflows.nodes, [{ name, state: 'DRAFT' }])
  })

  test('a new tenant is there at once, and its owner signs in', async () => {
    const slug = unique()
    const [made] = await weftJson(served, ['tenant', 'create', '--slug', slug, '--name', 'Command Line'])
    assert.match(made.tenant, uuid)
    assert.ok(await signIn(made))
    const tenants = await weftJson(served, ['tenant', 'list'])
    assert.deepEqual(
      tenants.find((one) => one.slug === slug),
      { tenant: made.tenant, slug, name: 'Command Line' },
    )
    const page = await (await fetch(originOf(made))).text()
    assert.match(page, /Command Line/)
  })

  test('a person who was made a member signs in, and with a forgotten password no more', async () => {
    const email = `${unique()}@example.com`
    const words = [
      'user',
      'create',
      '--tenant',
      tenant.slug,
      '--email',
      email,
      '--name',
      'New',
      '--role',
      'viewer',
    ]
    const [made] = await weftJson(served, words)
    assert.match(made.member, uuid)
    const first = { ...tenant, ...made }
    const ask = await client(first)
    const { members } = await until(
      () => ask('{ members(first: 100) { nodes { email role } } }'),
      ({ members }) => members.nodes.some((member) => member.email === email),
    )
    assert.deepEqual(
      members.nodes.find((member) => member.email === email),
      { email, role: 'VIEWER' },
    )
    const { refresh } = await cookiesOf(first)
    const [renewed] = await weftJson(served, ['user', 'password', '--email', email])
    assert.equal(renewed.email, email)
    const origin = originOf(tenant)
    const again = await fetch(`${origin}/auth/refresh`, {
      method: 'POST',
      headers: { origin, cookie: `${refresh.name}=${refresh.value}` },
    })
    assert.equal(again.status, 401, 'the session of before is over')
    await assert.rejects(signIn(first), /^Error: sign-in: 401/)
    assert.ok(await signIn({ ...tenant, ...renewed }))
  })

  test('the log is sound, has a head, and is told from its first event to its last', async () => {
    const [head] = await weftJson(served, ['log', 'head', '--tenant', tenant.slug])
    assert.match(head.hash, /^[0-9a-f]{64}$/)
    const events = await weftJson(served, ['log', 'tail', '--tenant', tenant.slug, '--all'])
    assert.deepEqual(
      events.map(({ position }) => position),
      events.map((_, place) => place + 1),
    )
    assert.equal(events[0].type, 'tenant.created')
    assert.ok(events.length >= head.position)
    const [last, ...more] = await weftJson(served, ['log', 'tail', '--tenant', tenant.slug, '-n', '1'])
    assert.deepEqual(more, [])
    assert.ok(last.position >= head.position)
    const reports = await weftJson(served, ['log', 'verify', '--all'])
    for (const { tenant, sound, findings } of reports) {
      assert.deepEqual({ tenant, sound, findings }, { tenant, sound: true, findings: [] })
    }
    const mine = reports.find((report) => report.tenant === tenant.slug)
    assert.ok(mine.events >= head.position)
  })

  test('a head that was kept proves that the log goes on from it, and no other head does', async () => {
    const [head] = await weftJson(served, ['log', 'head', '--tenant', tenant.slug])
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(head.publicKey, 'hex').toString('base64url') },
      format: 'jwk',
    })
    const signed = ['weft log head v1', head.tenantId, head.position, head.hash, ''].join('\n')
    assert.ok(verify(null, Buffer.from(signed), key, Buffer.from(head.signature, 'hex')))

    const against = (kept, slug = tenant.slug) =>
      weft(served, ['--json', 'log', 'verify', '--tenant', slug, '--head', file('head.json', kept)])
    const { status, stdout } = await against(head)
    assert.deepEqual([status, JSON.parse(stdout).sound], [0, true])
    for (const [kept, words] of [
      [{ ...head, position: head.position - 1 }, /changed after it was signed/],
      [{ ...head, publicKey: head.publicKey.replace(/../, '00') }, /another key|damaged/],
      [{ position: 1 }, /does not hold one line of `weft log head`/],
    ]) {
      const refused = await against(kept)
      assert.notEqual(refused.status, 0)
      assert.match(refused.stderr, words)
    }
    const stranger = await against(head, other.slug)
    assert.notEqual(stranger.status, 0)
    assert.match(stranger.stderr, /belongs to another tenant/)
  })

  test('the read side is rebuilt and equals a fold of the log', async () => {
    const [rebuilt] = await weftJson(served, ['projection', 'rebuild', '--tenant', tenant.slug])
    assert.equal(rebuilt.tenants, 1)
    assert.ok(rebuilt.events > 0)
    assert.ok(rebuilt.projections.includes('executions'))
    const verified = await weftJson(served, ['projection', 'verify', '--tenant', tenant.slug])
    assert.deepEqual(verified, [{ equal: true, different: [] }])
    const { workflows } = await (await client(tenant))('{ workflows(first: 1) { totalCount } }')
    assert.ok(workflows.totalCount >= tenant.workflows.length)
  })

  test('the doctor finds the database and the code runner in their places', async () => {
    const [{ database, codeRunner }] = await weftJson(served, ['doctor'])
    assert.equal(database.works, true)
    assert.equal(database.private, true)
    assert.equal(codeRunner.works, true)
    assert.ok(codeRunner.layers.some(({ active }) => active))
  })
})

describe('without a server', () => {
  const folder = freshFolder(after)

  test('a tenant, a member and a workflow are made, and the server that comes later has them', async (t) => {
    const [made] = await weftJson(folder, ['tenant', 'create', '--slug', 'alone', '--name', 'Alone'])
    const words = ['user', 'create', '--tenant', 'alone', '--email', 'eve@example.com', '--name', 'Eve']
    const [member] = await weftJson(folder, words)
    const [imported] = await weftJson(folder, ['import', good, '--tenant', 'alone', '--publish'])
    const [{ sound, events }] = await weftJson(folder, ['log', 'verify', '--tenant', 'alone'])
    const [{ position }] = await weftJson(folder, ['log', 'head', '--tenant', 'alone'])
    assert.deepEqual([sound, events], [true, position])

    const { address } = await serve(folder, (end) => t.after(end))
    for (const person of [made, { ...member, slug: 'alone' }]) {
      const response = await fetch(`http://alone.localhost:${address.port}/auth/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: `http://alone.localhost:${address.port}` },
        body: JSON.stringify({ email: person.email, password: person.password }),
      })
      assert.equal(response.status, 200, await response.text())
    }
    const response = await call(address, imported.webhooks[0].url)
    assert.deepEqual(await response.json(), { hello: 'Ada' })
  })

  test('the read side is verified, and the doctor starts the database to look at it', async () => {
    assert.deepEqual(await weftJson(folder, ['projection', 'verify', '--all']), [
      { equal: true, different: [] },
    ])
    const [{ database }] = await weftJson(folder, ['doctor'])
    assert.equal(database.works, true)
  })

  test('the doctor says which part does not work, and fails', async () => {
    const { status, stdout } = await weft(folder, ['--json', 'doctor'], {
      variables: {
        DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
        WEFT_CODE_RUNNER: join(files, 'none'),
      },
    })
    assert.equal(status, 1)
    const { database, codeRunner } = JSON.parse(stdout)
    assert.equal(database.works, false)
    assert.match(database.error, /DATABASE_URL/)
    assert.equal(codeRunner.works, false)
    assert.match(codeRunner.error, /weft-code-runner/)
  })
})

describe('execute', () => {
  const called = file('called.json', { node: 'Hook', items: [{ json: { body: { name: 'Ada' } } }] })
  const execute = (...words) => weftJson(files, ['execute', ...words])

  test('gives what every node gave, in the order of their execution', async () => {
    const [report] = await execute(good, '--trigger', called)
    assert.deepEqual([report.status, report.order, report.error], ['success', ['Hook', 'Greeting'], null])
    const [{ outputs, error }] = report.nodes.Greeting.runs
    assert.equal(error, null)
    assert.deepEqual(outputs[0][0].json, { hello: 'Ada' })
  })

  test('takes a file of n8n', async () => {
    const start = file('start.json', { node: 'Called', items: [{ json: { body: { name: 'Eve' } } }] })
    const [report] = await execute(goodOfN8n, '--format', 'n8n', '--trigger', start)
    assert.equal(report.status, 'success')
    assert.deepEqual(report.nodes.Fields.runs[0].outputs[0][0].json, { hello: 'Eve' })
  })

  test('shows expressions those variables of the server that its operator names', async () => {
    const value = "={{ [$env.REGION, $env.SECRET ?? 'hidden', Object.keys($env).length].join() }}"
    const parameters = { assignments: { assignments: [{ name: 'env', type: 'string', value }] } }
    const nodes = [greeting.nodes[0], { ...greeting.nodes[1], parameters }]
    const variables = { REGION: 'eu', SECRET: 'no', WEFT_EXPRESSION_ENV: 'REGION, NOT_SET' }
    const words = ['execute', file('env.json', { ...greeting, nodes }), '--trigger', called]
    const [report] = await weftJson(files, words, { variables })
    assert.deepEqual(report.nodes.Greeting.runs[0].outputs[0][0].json, { env: 'eu,hidden,1' })
  })

  test('tells of a workflow that fails which node said what', async () => {
    const [report] = await execute(file('stops.json', stopping))
    assert.equal(report.status, 'error')
    assert.equal(report.nodes.Stop.runs[0].error, 'No more of this.')
    assert.equal(report.error.message, 'No more of this.')
  })

  test('prints a line for each step to people', async () => {
    const { status, stdout } = await weft(files, ['execute', good, '--trigger', called, '--output', 'text'])
    assert.deepEqual([status, stdout], [0, 'Hook (webhook)\nGreeting (set)\nsuccess\n'])
  })

  const dangling = { ...greeting, edges: [{ from: 'Hook', to: 'Nowhere' }] }
  for (const [what, name, content, sentence] of [
    ['no JSON', 'cut.json', '{"weft":1,"name":"Cut","nodes":[', /The file is not JSON/],
    ['another format', 'other.json', ofN8n, /not a workflow file/],
    ['a dangling edge', 'dangling.json', dangling, /“Nowhere”, which is not in the file/],
    ['a misspelt field', 'typo.json', { ...greeting, edgse: [] }, /edgse/],
  ]) {
    test(`refuses a file with ${what} and says so`, async () => {
      assert.match(await refused(files, ['execute', file(name, content)]), sentence)
    })
  }

  test('refuses a file that is not there, and a trigger that the workflow does not have', async () => {
    assert.match(
      await refused(files, ['execute', join(files, 'nowhere.json')]),
      /nowhere\.json cannot be read/,
    )
    const start = file('nobody.json', { node: 'Nobody', items: [] })
    assert.match(await refused(files, ['execute', good, '--trigger', start]), /no node "Nobody"/)
  })
})

describe('eval', () => {
  test('answers every line in its order, and a line that is none with an error', async () => {
    const lines = [
      { id: 1, expression: '={{ $json.price * 2 }}', items: [{ price: 21 }] },
      { id: 'two', expression: '={{ $json.nothing }}', items: [{}] },
      { id: 3, expression: '={{ 1 + }}' },
      'this is no line',
      { id: 5, expression: '={{ $now.zoneName }}', timezone: 'Europe/Paris' },
      { id: 6, expression: '=so {{ 1 }} and {{ "two" }}' },
    ]
    const input = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
    for (const format of ['weft', 'n8n']) {
      const answers = await weftJson(files, ['eval', '--format', format], { input: `${input}\n\n` })
      const [price, nothing, unfinished, none, zone, text] = answers
      assert.equal(answers.length, lines.length)
      assert.deepEqual(price, { id: 1, value: 42 })
      assert.deepEqual(nothing, { id: 'two', undefined: true })
      assert.equal(unfinished.id, 3)
      assert.match(unfinished.error, /line 1, column \d+/)
      assert.equal(none.id, null)
      assert.match(none.error, /not understood/)
      assert.deepEqual(zone, { id: 5, value: 'Europe/Paris' })
      assert.deepEqual(text, { id: 6, value: 'so 1 and two' })
    }
  })
})

describe('what is asked wrongly gets a sentence', () => {
  test('a web address that cannot be is refused as that', async () => {
    const words = ['tenant', 'create', '--slug', 'no address', '--name', 'Other']
    assert.match(await refused(served, words), /address/)
  })

  test('a flag that does not exist is named', async () => {
    const { status, stderr } = await weft(files, ['tenant', 'list', '--wrong'])
    assert.equal(status, 2)
    assert.match(stderr, /'--wrong'/)
  })

  test('a flag that is missing is named', async () => {
    const { status, stderr } = await weft(files, ['log', 'head'])
    assert.equal(status, 2)
    assert.match(stderr, /--tenant/)
  })

  for (const words of [
    ['log', 'verify', '--tenant', 'nobody'],
    ['log', 'tail', '--tenant', 'nobody'],
    ['import', good, '--tenant', 'nobody'],
    ['projection', 'rebuild', '--tenant', 'nobody'],
    ['user', 'create', '--tenant', 'nobody', '--email', 'new@example.com', '--name', 'New'],
  ]) {
    test(`${words
      .slice(0, words.indexOf('--tenant'))
      .map((word) => basename(word))
      .join(' ')} for a tenant that is not there names it`, async () => {
      assert.match(await refused(served, words), /there is no tenant "nobody"/)
    })
  }

  test('who is a member already, and who is nobody, is named', async () => {
    const words = ['user', 'create', '--tenant', tenant.slug, '--email', tenant.email, '--name', 'Again']
    assert.match(
      await refused(served, words),
      new RegExp(`${tenant.email} is a member of ${tenant.slug} already`),
    )
    const nobody = 'nobody@nowhere.example'
    assert.match(await refused(served, ['user', 'password', '--email', nobody]), new RegExp(nobody))
  })

  test('a web address that is taken is refused as that', async () => {
    const words = ['tenant', 'create', '--slug', tenant.slug, '--name', 'Other']
    assert.match(await refused(served, words), /web address is taken/)
  })

  test('a projection that does not exist is named', async () => {
    const words = ['projection', 'rebuild', 'nonsense', '--tenant', tenant.slug]
    assert.match(await refused(served, words), /no projection "nonsense"/)
  })
})

describe('a settings file', () => {
  const other = freshFolder(after)
  const folderOf = async (variable, words) => {
    const [{ database }] = await weftJson(variable, ['doctor', ...words])
    return database.folder
  }

  test('is asked after the variables, and those after the flags', async () => {
    const settings = file('weft.env', `# where things are\nWEFT_DATA_DIR = "${other}"\n`)
    const [here, there] = [await folderOf(served, []), await folderOf(other, [])]
    assert.notEqual(here, there)
    assert.equal(await folderOf(undefined, ['--settings', settings]), there)
    assert.equal(await folderOf(served, ['--settings', settings]), here)
    assert.equal(await folderOf(served, ['--settings', settings, '--data-dir', other]), there)
  })

  test('with a name that is no setting is refused, and so is a line that sets nothing', async () => {
    const misspelt = file('misspelt.env', 'WEFT_PROT=8080\n')
    assert.match(await refused(files, ['tenant', 'list', '--settings', misspelt]), /WEFT_PROT/)
    const unfinished = file('unfinished.env', '\nWEFT_PORT\n')
    assert.match(await refused(files, ['tenant', 'list', '--settings', unfinished]), /unfinished\.env:2/)
    const missing = join(files, 'missing.env')
    assert.match(
      await refused(files, ['tenant', 'list', '--settings', missing]),
      /missing\.env cannot be read/,
    )
  })
})
