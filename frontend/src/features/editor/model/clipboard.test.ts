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
