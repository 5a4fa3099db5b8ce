// A tenant of one's own: signing up, its members and what their roles allow, its variables.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  addMember,
  client,
  command,
  createWorkflow,
  demo,
  fetch,
  installation,
  originOf,
  problem,
  signIn,
  signUp,
  succeed,
  until,
} from './server.mjs'

test('who signs up has a tenant, owns it, and sees nothing of another', async () => {
  const tenant = await signUp('A Tenant of My Own')
  const ask = await client(tenant)
  const {
    tenant: mine,
    viewer,
    workflows,
    members,
  } = await ask(
    `{
       tenant { slug name branding { productName } }
       viewer { member { email name role } permissions }
       workflows(first: 1) { totalCount }
       members(first: 5) { totalCount }
     }`,
  )
  assert.deepEqual(mine, {
    slug: tenant.slug,
    name: 'A Tenant of My Own',
    branding: { productName: 'A Tenant of My Own' },
  })
  assert.deepEqual(viewer.member, { email: tenant.email, name: tenant.name, role: 'OWNER' })
  assert.ok(viewer.permissions.includes('workflow:publish'))
  assert.deepEqual([workflows.totalCount, members.totalCount], [0, 1])
  // The same person is nobody elsewhere.
  await assert.rejects(signIn({ ...demo.tenants[0], ...tenant, slug: demo.tenants[0].slug }), /401/)
})

test('a web address belongs to whoever has it first', async () => {
  const { slug } = await signUp('The First')
  const response = await fetch(`${installation}/auth/sign-up`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      email: `second@${slug}.example`,
      password: 'long enough a password',
      name: 'Second',
      tenantName: 'The Second',
      slug,
    }),
  })
  assert.match((await problem(response, 400)).detail, /taken/)
  assert.match(await (await fetch(originOf({ slug }))).text(), /<title>The First<\/title>/)
})

describe('a role', async () => {
  const tenant = await signUp('Roles')
  const owner = await client(tenant)
  const { id: workflowId, draft } = await createWorkflow(owner, {
    weft: 1,
    name: 'Of many hands',
    nodes: [{ name: 'Start', kind: 'manualTrigger' }],
    edges: [],
  })
  const by = { OWNER: owner }
  for (const role of ['ADMIN', 'EDITOR', 'OPERATOR', 'VIEWER']) {
    by[role] = await client(await addMember(owner, tenant, role))
  }

  // Each command, and the roles that may send it.
  for (const [name, input, allowed] of [
    ['createWorkflow', { name: 'Another' }, ['OWNER', 'ADMIN', 'EDITOR']],
    ['publishWorkflow', { workflowId, draftVersion: draft.version }, ['OWNER', 'ADMIN', 'EDITOR']],
    ['executeWorkflow', { workflowId }, ['OWNER', 'ADMIN', 'EDITOR', 'OPERATOR']],
    ['setVariable', { name: 'shared', value: 'x' }, ['OWNER', 'ADMIN', 'EDITOR']],
    ['changeBranding', { productName: 'Roles', accentColor: '#123456' }, ['OWNER', 'ADMIN']],
  ]) {
    for (const [role, ask] of Object.entries(by)) {
      const may = allowed.includes(role)
      test(`${role.toLowerCase()} ${may ? 'may' : 'may not'} send ${name}`, async () => {
        if (may) assert.deepEqual((await command(ask, name, input)).errors, [])
        else await assert.rejects(command(ask, name, input), /Your role does not allow this.*FORBIDDEN/)
      })
    }
  }

  test('that may only look sees workflows and not the audit log', async () => {
    const { workflows } = await by.VIEWER('{ workflows(first: 5) { nodes { name } } }')
    assert.ok(workflows.nodes.some(({ name }) => name === 'Of many hands'))
    await assert.rejects(by.VIEWER('{ auditLog(first: 1) { nodes { action } } }'), /FORBIDDEN/)
  })

  test('of an owner is given by owners, and a tenant keeps one', async () => {
    const { viewer } = await owner('{ viewer { member { id } } }')
    const last = await command(owner, 'changeMemberRole', { memberId: viewer.member.id, role: 'ADMIN' })
    assert.equal(last.errors.length, 1)
    const input = {
      email: 'one.more@example.com',
      name: 'One More',
      role: 'OWNER',
      password: 'long enough a password',
    }
    const { errors } = await command(by.ADMIN, 'addMember', input)
    assert.equal(errors.length, 1)
    assert.equal((await owner('{ viewer { member { role } } }')).viewer.member.role, 'OWNER')
  })
})

test('a variable is set, changed and deleted', async () => {
  const ask = await client(await signUp('Variables'))
  const all = async () => (await ask('{ variables(first: 10) { nodes { id name value } } }')).variables.nodes
  const set = (value) => succeed(ask, 'setVariable', { name: 'region', value }, 'variable { id name value }')
  const { variable } = await set('eu')
  assert.deepEqual(await all(), [{ id: variable.id, name: 'region', value: 'eu' }])
  await set('us')
  assert.deepEqual(await all(), [{ id: variable.id, name: 'region', value: 'us' }])
  await succeed(ask, 'deleteVariable', { variableId: variable.id })
  await until(all, (variables) => variables.length === 0)
  const again = await command(ask, 'deleteVariable', { variableId: variable.id })
  assert.equal(again.errors.length, 1)
})
