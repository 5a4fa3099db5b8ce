// A draft, edited by several people at once: what is kept, what is refused, what is taken back, and what may be published.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import {
  addMember,
  client,
  command,
  createWorkflow,
  demo,
  fetch,
  originOf,
  publishWorkflow,
  succeed,
} from './server.mjs'

const [tenant] = demo.tenants
const ask = await client(tenant)
const colleague = await client(await addMember(ask, tenant, 'EDITOR'))

const assign = (value) => ({ assignments: [{ name: 'hello', type: 'string', value }] })
const set = (value) => ({ name: 'Greeting', kind: 'set', parameters: { assignments: assign(value) } })
const start = { name: 'Start', kind: 'manualTrigger' }
const toGreeting = [{ from: 'Start', to: 'Greeting' }]
const file = (nodes, edges) => ({ weft: 1, name: `Edited ${Math.random()}`, nodes, edges })
const create = (nodes, edges) => createWorkflow(ask, file(nodes, edges))

/** The draft as somebody sees it: its version, its nodes by their names, and what can be taken back. */
async function look({ id }, by = ask) {
  const { workflow } = await by(
    `query ($id: ID!) {
       workflow(id: $id) {
         state
         draft {
           version canUndo canRedo
           graph {
             nodes { id name kind parameters notes position { x y } }
             edges { from { nodeId port } to { nodeId port } }
           }
         }
       }
     }`,
    { id },
  )
  const { graph, ...draft } = workflow.draft
  const nodes = Object.fromEntries(graph.nodes.map((node) => [node.name, node]))
  return { ...draft, state: workflow.state, nodes, edges: graph.edges }
}

/** Makes edits on the draft as it was at `seen`, in one group. */
const edit = (by, { id }, seen, ...edits) =>
  command(by, 'editWorkflow', { workflowId: id, seen, groupId: randomUUID(), edits }, 'version')

/** The same of edits that must not be refused. */
async function edited(...asked) {
  const { version, errors } = await edit(...asked)
  assert.deepEqual(errors, [])
  return version
}

const setGreeting = ({ nodes }, value) => ({
  setParameter: { nodeId: nodes.Greeting.id, name: 'assignments', value: assign(value) },
})
const greetingOf = ({ nodes }) => nodes.Greeting.parameters.assignments.assignments[0].value

describe('a draft that cannot be published is kept, and the refusal says what and where', () => {
  for (const [what, nodes, edges, expected] of [
    [
      'an unknown node kind',
      [start, { name: 'Greeting', kind: 'nonsense' }],
      toGreeting,
      { code: 'unknown_kind', nodeName: 'Greeting', field: 'kind', says: /“nonsense”/ },
    ],
    [
      'an expression that cannot be read',
      [start, set('=Hello {{ 1 + }}')],
      toGreeting,
      {
        code: 'expression',
        nodeName: 'Greeting',
        field: 'assignments.assignments[0].value',
        line: 1,
        column: 13,
        says: /Unexpected/,
      },
    ],
    [
      'an edge from an output that is not there',
      [start, set('x')],
      [{ ...toGreeting[0], output: 7 }],
      { code: 'unknown_port', nodeName: 'Start', field: 'edges', says: /no output 7/ },
    ],
    [
      'a parameter that cannot be',
      [{ name: 'Start', kind: 'webhook', parameters: { path: '../up' } }, set('x')],
      toGreeting,
      { code: 'parameter_invalid', nodeName: 'Start', field: 'path', says: /path/ },
    ],
    ['no trigger', [set('x')], [], { code: 'no_trigger', nodeName: null, says: /trigger/ }],
  ]) {
    test(what, async () => {
      const workflow = await create(nodes, edges)
      const before = await look(workflow)
      const payload = await command(ask, 'publishWorkflow', {
        workflowId: workflow.id,
        draftVersion: before.version,
      })
      const [refused] = payload.errors
      assert.equal(refused.__typename, 'PublishRefused')
      const { says, ...exact } = expected
      const problem = refused.problems.find(({ code }) => code === exact.code)
      assert.equal(problem.severity, 'ERROR')
      for (const [name, value] of Object.entries(exact)) assert.equal(problem[name], value, name)
      assert.match(problem.message, says)
      if (exact.nodeName) assert.equal(problem.nodeId, before.nodes[exact.nodeName].id)
      assert.equal(before.state, 'DRAFT')
      assert.deepEqual(await look(workflow), before)
    })
  }

  test('a dangling edge and a duplicate name cannot even be drawn', async () => {
    const workflow = await create([start, set('x')], toGreeting)
    const before = await look(workflow)
    const nobody = randomUUID()
    const dangling = await edit(ask, workflow, before.version, {
      addEdge: { from: { nodeId: before.nodes.Greeting.id }, to: { nodeId: nobody } },
    })
    assert.equal(dangling.errors[0].__typename, 'Rejection')
    assert.match(dangling.errors[0].message, /node/)
    const twice = await edit(ask, workflow, before.version, {
      renameNode: { nodeId: before.nodes.Greeting.id, name: 'Start' },
    })
    assert.match(twice.errors[0].message, /“Start” already.*“Start 2”/)
    const added = await edit(ask, workflow, before.version, {
      addNode: { nodeId: nobody, name: 'Start', kind: 'noOp', position: { x: 0, y: 0 } },
    })
    assert.match(added.errors[0].message, /“Start” already/)
    assert.deepEqual(await look(workflow), before)
  })

  test('nor do they come in with a file', async () => {
    for (const [one, says] of [
      [file([start], [{ from: 'Start', to: 'Nobody' }]), /“Nobody”/],
      [file([start, start], []), /“Start” already/],
    ]) {
      const { workflow, errors } = await command(
        ask,
        'createWorkflow',
        { name: one.name, file: one },
        'workflow { id }',
      )
      assert.equal(workflow, null)
      assert.deepEqual([errors[0].code, errors[0].field], ['file_invalid', ['file']])
      assert.match(errors[0].message, says)
    }
  })

  test('a draft that moved since it was looked at is not published', async () => {
    const workflow = await create([start, set('x')], toGreeting)
    const before = await look(workflow)
    await edited(colleague, workflow, before.version, setGreeting(before, 'y'))
    const payload = await command(ask, 'publishWorkflow', {
      workflowId: workflow.id,
      draftVersion: before.version,
    })
    assert.equal(payload.errors[0].code, 'draft_changed')
  })
})

describe('two people edit one workflow', () => {
  test('at once, different things: both edits are kept', async () => {
    const workflow = await create([start, set('x')], toGreeting)
    const before = await look(workflow)
    const greeting = before.nodes.Greeting.id
    const edits = [
      [ask, setGreeting(before, 'mine')],
      [colleague, { moveNode: { nodeId: greeting, position: { x: 700, y: 70 } } }],
      [ask, { setNodeSettings: { nodeId: before.nodes.Start.id, notes: 'begins here' } }],
      [
        colleague,
        { addNode: { nodeId: randomUUID(), name: 'More', kind: 'noOp', position: { x: 1, y: 2 } } },
      ],
    ]
    await Promise.all(edits.map(([by, one]) => edited(by, workflow, before.version, one)))
    const now = await look(workflow)
    assert.equal(greetingOf(now), 'mine')
    assert.deepEqual(now.nodes.Greeting.position, { x: 700, y: 70 })
    assert.equal(now.nodes.Start.notes, 'begins here')
    assert.equal(now.nodes.More.kind, 'noOp')
  })

  test('the same field: the second is refused, is told where, and may do it on what there is now', async () => {
    const workflow = await create([start, set('x')], toGreeting)
    const before = await look(workflow)
    const version = await edited(ask, workflow, before.version, setGreeting(before, 'mine'))
    const theirs = await edit(colleague, workflow, before.version, setGreeting(before, 'theirs'))
    assert.equal(theirs.version, null)
    const [conflict] = theirs.errors
    assert.equal(conflict.__typename, 'EditConflict')
    assert.equal(conflict.code, 'edit_conflict')
    assert.equal(conflict.nodeId, before.nodes.Greeting.id)
    assert.equal(conflict.currentVersion, version)
    assert.equal(greetingOf(await look(workflow)), 'mine')
    await edited(colleague, workflow, conflict.currentVersion, setGreeting(before, 'theirs'))
    assert.equal(greetingOf(await look(workflow)), 'theirs')
  })

  test('the same field in the same moment: one of them is kept', async () => {
    const workflow = await create([start, set('x')], toGreeting)
    const before = await look(workflow)
    const answers = await Promise.all([
      edit(ask, workflow, before.version, setGreeting(before, 'mine')),
      edit(colleague, workflow, before.version, setGreeting(before, 'theirs')),
    ])
    assert.deepEqual(answers.map(({ errors }) => errors.length).sort(), [0, 1])
    const kept = answers[0].errors.length === 0 ? 'mine' : 'theirs'
    assert.equal(greetingOf(await look(workflow)), kept)
  })

  test('what one wrote into a node is not lost when the other removes it', async () => {
    const workflow = await create([start, set('x')], toGreeting)
    const before = await look(workflow)
    await edited(ask, workflow, before.version, setGreeting(before, 'mine'))
    const remove = { removeNode: { nodeId: before.nodes.Greeting.id } }
    const refused = await edit(colleague, workflow, before.version, remove)
    assert.equal(refused.errors[0].__typename, 'EditConflict')
    const now = await look(workflow)
    assert.equal(greetingOf(now), 'mine')
    await edited(colleague, workflow, now.version, remove)
    const after = await look(workflow)
    assert.deepEqual([Object.keys(after.nodes), after.edges], [['Start'], []])
  })
})

describe('undo and redo', () => {
  const undo = (by, { id }) => command(by, 'undoEdit', { workflowId: id }, 'version')
  const redo = (by, { id }) => command(by, 'redoEdit', { workflowId: id }, 'version')

  test('go by groups, back to the beginning and forth again', async () => {
    const workflow = await create([start, set('x')], toGreeting)
    const first = await look(workflow)
    assert.deepEqual([first.canUndo, first.canRedo], [false, false])
    const position = { x: 5, y: 6 }
    await edited(ask, workflow, first.version, setGreeting(first, 'one'), {
      moveNode: { nodeId: first.nodes.Greeting.id, position },
    })
    const second = await look(workflow)
    await edited(ask, workflow, second.version, { removeNode: { nodeId: first.nodes.Greeting.id } })
    const third = await look(workflow)
    assert.deepEqual(third.edges, [])

    const states = []
    for (const step of [undo, undo, redo, redo]) {
      assert.deepEqual((await step(ask, workflow)).errors, [])
      states.push(await look(workflow))
    }
    const shapes = states.map(({ nodes, edges }) => ({ nodes, edges }))
    const shape = ({ nodes, edges }) => ({ nodes, edges })
    assert.deepEqual(shapes, [second, first, second, third].map(shape))
    assert.deepEqual(
      states.map(({ canUndo, canRedo }) => [canUndo, canRedo]),
      [
        [true, true],
        [false, true],
        [true, true],
        [true, false],
      ],
    )
    assert.equal((await redo(ask, workflow)).errors[0].code, 'nothing_to_redo')
  })

  test('take back what oneself did, and never what another did', async () => {
    const workflow = await create([start, set('x')], toGreeting)
    const before = await look(workflow)
    await edited(ask, workflow, before.version, setGreeting(before, 'mine'))
    assert.equal((await look(workflow, colleague)).canUndo, false)
    assert.equal((await undo(colleague, workflow)).errors[0].code, 'nothing_to_undo')
    await edited(colleague, workflow, before.version, {
      moveNode: { nodeId: before.nodes.Start.id, position: { x: 9, y: 9 } },
    })
    assert.deepEqual((await undo(ask, workflow)).errors, [])
    const now = await look(workflow)
    assert.equal(greetingOf(now), 'x')
    assert.deepEqual(now.nodes.Start.position, { x: 9, y: 9 })
  })
})

test('a new name reaches the expressions that use the old one, and the workflow still answers', async () => {
  const hook = {
    name: 'Called',
    kind: 'webhook',
    parameters: { httpMethod: 'POST', path: 'renamed', responseMode: 'lastNode' },
  }
  const value = "={{ $('Called').first().json.body.name }} of {{ $node['Called'].json.body.town }}"
  const workflow = await create([hook, set(value)], [{ from: 'Called', to: 'Greeting' }])
  const before = await look(workflow)
  const version = await edited(ask, workflow, before.version, {
    renameNode: { nodeId: before.nodes.Called.id, name: "The caller's" },
  })
  // Who still saw the old name may use it: it is understood.
  await edited(colleague, workflow, before.version, {
    addNode: {
      nodeId: randomUUID(),
      name: 'Later',
      kind: 'set',
      position: { x: 0, y: 0 },
      parameters: { assignments: assign("={{ $('Called').first().json.body.name }}") },
    },
  })
  const now = await look(workflow)
  assert.ok(now.version > version)
  assert.equal(now.nodes.Called, undefined)
  for (const { parameters } of [now.nodes.Greeting, now.nodes.Later]) {
    assert.doesNotMatch(JSON.stringify(parameters), /'Called'/)
    assert.match(JSON.stringify(parameters), /The caller/)
  }
  await publishWorkflow(ask, { id: workflow.id, draft: now })
  const response = await fetch(`${originOf(tenant)}${new URL(workflow.webhooks[0].productionUrl).pathname}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"Ada","town":"London"}',
  })
  assert.deepEqual(await response.json(), { hello: 'Ada of London' })
  await succeed(ask, 'archiveWorkflow', { workflowId: workflow.id })
})
