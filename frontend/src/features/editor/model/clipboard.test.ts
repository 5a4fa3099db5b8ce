import { describe, expect, it } from 'vitest'
import { copyText, mayBeForeign, pasteEdits, pasteGraph } from './clipboard'
import { applyEdits } from './edit'
import { chain, sampleNode } from './samples'

function ids() {
  let count = 0
  return () => {
    count += 1
    return `new ${count}`
  }
}

describe('copying and pasting', () => {
  it('brings nodes and the edges among them, under free names and new ids', () => {
    const graph = chain('a', 'b', 'c')
    const pasted = pasteEdits(graph, copyText(graph, ['a', 'b']), { x: 800, y: 160 }, ids())
    const next = applyEdits(graph, pasted?.edits ?? [])
    expect(next.nodes.slice(3).map(({ id, name, position }) => [id, name, position.x, position.y])).toEqual([
      ['new 1', 'Node a 2', 800, 160],
      ['new 2', 'Node b 2', 1088, 160],
    ])
    expect(next.edges.at(-1)).toEqual({
      from: { nodeId: 'new 1', port: 0 },
      to: { nodeId: 'new 2', port: 0 },
    })
    expect(next.edges).toHaveLength(3)
  })

  it('keeps a node’s settings', () => {
    const graph = { ...chain(), nodes: [sampleNode('a', { disabled: true, notes: 'why' })] }
    const pasted = pasteEdits(graph, copyText(graph, ['a']), { x: 0, y: 0 }, ids())
    expect(applyEdits(graph, pasted?.edits ?? []).nodes[1]).toMatchObject({ disabled: true, notes: 'why' })
  })

  it('names the nodes that came with it by their new names, and those outside by their own', () => {
    const nodes = [
      sampleNode('a', { name: 'A', position: { x: 0, y: 0 } }),
      sampleNode('b', {
        name: 'A 2',
        parameters: { value: "={{ $('A').item.json.x + $('Outside').first() }}" },
      }),
      sampleNode('c', {
        kind: 'code',
        name: 'Own',
        parameters: { jsCode: 'return [$node["A 2"].json, $(\'Outside\')]', list: ['={{ $node.A.json }}'] },
      }),
      sampleNode('d', { name: 'Outside', parameters: { value: "={{ $('Own').item }}" } }),
    ]
    const graph = { ...chain(), nodes }
    const pasted = pasteEdits(graph, copyText(graph, ['a', 'b', 'c']), { x: 0, y: 400 }, ids())
    const next = applyEdits(graph, pasted?.edits ?? [])
    expect(next.nodes.slice(0, 4)).toEqual(nodes)
    expect(next.nodes.slice(4).map(({ name, parameters }) => [name, parameters])).toEqual([
      ['A 3', {}],
      ['A 4', { value: "={{ $('A 3').item.json.x + $('Outside').first() }}" }],
      ['Own 2', { jsCode: 'return [$node["A 4"].json, $(\'Outside\')]', list: ['={{ $node["A 3"].json }}'] }],
    ])
  })

  it('keeps names that are free, and does not mix up those that follow each other', () => {
    const from = {
      ...chain(),
      nodes: [
        sampleNode('a', { name: 'A' }),
        sampleNode('b', { name: 'A 2', parameters: { value: "={{ $('A') }}" } }),
        sampleNode('c', { name: 'Own', parameters: { value: "={{ $('A 2').x + $('Own') }}" } }),
      ],
    }
    const graph = { ...chain(), nodes: [sampleNode('z', { name: 'A' })] }
    const next = applyEdits(graph, pasteGraph(graph, from, { x: 0, y: 0 }, ids()).edits)
    expect(next.nodes.slice(1).map(({ name, parameters }) => [name, parameters])).toEqual([
      ['A 2', {}],
      ['A 3', { value: "={{ $('A 2') }}" }],
      ['Own', { value: "={{ $('A 3').x + $('Own') }}" }],
    ])
  })

  it('brings what is pinned to the nodes of another graph', () => {
    const other = { ...chain('x'), pinnedData: { x: [{ json: { n: 1 } }], gone: [] } }
    const pasted = pasteGraph(chain('a'), other, { x: 0, y: 0 }, ids())
    expect(pasted.edits.at(-1)).toEqual({ setPinnedData: { nodeId: 'new 1', items: [{ json: { n: 1 } }] } })
    expect(pasted.edits.filter((edit) => edit.setPinnedData)).toHaveLength(1)
  })

  it.each([
    ['{"nodes":[{"type":"n8n-nodes-base.set"}]}', true],
    [' [{"nodes":[]}]', true],
    ['nodes', false],
    ['{"a":1}', false],
  ])('knows that %j may be another format: %j', (text, expected) => {
    expect(mayBeForeign(text)).toBe(expected)
  })

  it.each(['', 'hello', '{}', '{"nodes":[]}', '{"nodes":[{"id":1}]}', '[1]', 'null'])(
    'takes nothing from %j',
    (text) => {
      expect(pasteEdits(chain('a'), text, { x: 0, y: 0 }, ids())).toBeNull()
    },
  )
})
