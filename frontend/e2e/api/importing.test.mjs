import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { client, command, demo } from './server.mjs'

const [tenant] = demo.tenants
const unique = () => `Imported ${crypto.randomUUID()}`

/** As n8n exports it. */
const exported = (name) => ({
  name,
  nodes: [
    { name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0], parameters: {} },
    {
      name: 'Tell',
      type: 'n8n-nodes-base.mattermost',
      typeVersion: 1,
      position: [240, 0],
      parameters: { message: 'hi' },
    },
  ],
  connections: { Start: { main: [[{ node: 'Tell', type: 'main', index: 0 }]] } },
})

const imported = 'imported { workflow { id name file } report { node outcome message } }'

describe('importing workflow files', () => {
  let ask
  before(async () => {
    ask = await client(tenant)
  })

  const run = (text, name) => command(ask, 'importWorkflow', { text, name }, imported)

  test('an n8n workflow is imported with a report, exported, and imported again as it was', async () => {
    const name = unique()
    const [first] = (await run(JSON.stringify(exported(name)))).imported
    assert.equal(first.workflow.name, name)
    const replaced = first.report.find(({ node }) => node === 'Tell')
    assert.equal(replaced.outcome, 'REPLACED')
    assert.match(replaced.message, /n8n-nodes-base\.mattermost/)
    const [tell] = first.workflow.file.nodes.filter((node) => node.name === 'Tell')
    assert.deepEqual(tell.parameters.parameters, { message: 'hi' }, 'a placeholder keeps every parameter')

    const [second] = (await run(JSON.stringify(first.workflow.file))).imported
    assert.deepEqual(second.workflow.file, first.workflow.file)
    assert.notEqual(second.workflow.id, first.workflow.id)
  })

  test('a file of several workflows makes several, and a name is for one alone', async () => {
    const names = [unique(), unique()]
    const both = await run(JSON.stringify(names.map(exported)), 'Ignored')
    assert.deepEqual(
      both.imported.map(({ workflow }) => workflow.name),
      names,
    )
    const [renamed] = (await run(JSON.stringify(exported(unique())), 'Renamed')).imported
    assert.equal(renamed.workflow.name, 'Renamed')
  })

  for (const [text, sentence] of [
    ['', /not JSON/],
    ['{"nodes": 1}', /no list “nodes”/],
    ['{"hello": "world"}', /no list “nodes”/],
    ['{"weft": 99, "name": "x", "nodes": []}', /version 99/],
    ['[{"nodes": []}, {"nodes": [{"type": "x"}]}]', /Workflow 2 of 2: .*has no name/],
  ]) {
    test(`${JSON.stringify(text)} is refused with a sentence`, async () => {
      const { imported, errors } = await run(text)
      assert.deepEqual(imported, [])
      assert.equal(errors[0].code, 'file_invalid')
      assert.match(errors[0].message, sentence)
    })
  }

  test('a text is read for the canvas without anything being kept', async () => {
    const before = await ask('{ workflows { totalCount } }')
    const { convertWorkflow } = await ask(
      'query ($text: String!) { convertWorkflow(text: $text) { name graph { nodes { name kind } edges { from { port } } } report { outcome } errors { code } } }',
      { text: JSON.stringify(exported('Copied')) },
    )
    assert.deepEqual(convertWorkflow.graph.nodes, [
      { name: 'Start', kind: 'manualTrigger' },
      { name: 'Tell', kind: 'placeholder' },
    ])
    assert.equal(convertWorkflow.graph.edges.length, 1)
    assert.deepEqual(await ask('{ workflows { totalCount } }'), before)
  })
})
