import { describe, expect, it } from 'vitest'
import { applyEdits } from './edit'
import { nodeById } from './graph'
import { chain } from './samples'

describe('applying edits', () => {
  it('adds a node and joins it', () => {
    const graph = applyEdits(chain('a'), [
      { addNode: { nodeId: 'b', name: 'B', kind: 'set', position: { x: 8, y: 8 } } },
      { addEdge: { from: { nodeId: 'a', port: 0 }, to: { nodeId: 'b', port: 0 } } },
    ])
    expect(graph.nodes.map((node) => node.name)).toEqual(['Node a', 'B'])
    expect(graph.edges).toEqual([{ from: { nodeId: 'a', port: 0 }, to: { nodeId: 'b', port: 0 } }])
  })

  it('removes a node with its edges', () => {
    const graph = applyEdits(chain('a', 'b', 'c'), [{ removeNode: { nodeId: 'b' } }])
    expect(graph.nodes.map((node) => node.id)).toEqual(['a', 'c'])
    expect(graph.edges).toEqual([])
  })

  it('sets a parameter and takes it away with null', () => {
    const set = applyEdits(chain('a'), [{ setParameter: { nodeId: 'a', name: 'mode', value: 'raw' } }])
    expect(nodeById(set, 'a')?.parameters).toEqual({ mode: 'raw' })
    const unset = applyEdits(set, [{ setParameter: { nodeId: 'a', name: 'mode', value: null } }])
    expect(nodeById(unset, 'a')?.parameters).toEqual({})
  })

  it('changes only the settings that are named', () => {
    const graph = applyEdits(chain('a'), [
      { setNodeSettings: { nodeId: 'a', disabled: true, retry: { maxAttempts: 3, waitMs: 10 } } },
      { setNodeSettings: { nodeId: 'a', notes: 'why' } },
    ])
    expect(nodeById(graph, 'a')).toMatchObject({ disabled: true, notes: 'why', retry: { maxAttempts: 3 } })
  })

  it('joins two ports once', () => {
    const edge = { from: { nodeId: 'a', port: 0 }, to: { nodeId: 'b', port: 0 } }
    expect(applyEdits(chain('a', 'b'), [{ addEdge: edge }]).edges).toHaveLength(1)
  })

  it('leaves the graph alone when what is edited is gone', () => {
    const graph = chain('a')
    const edits = [
      { moveNode: { nodeId: 'x', position: { x: 1, y: 1 } } },
      { setParameter: { nodeId: 'x', name: 'mode', value: 1 } },
      { addEdge: { from: { nodeId: 'a', port: 0 }, to: { nodeId: 'x', port: 0 } } },
    ]
    expect(applyEdits(graph, edits)).toEqual(graph)
  })

  it('never changes a graph in place', () => {
    const graph = chain('a', 'b')
    const before = structuredClone(graph)
    applyEdits(graph, [
      { moveNode: { nodeId: 'a', position: { x: 80, y: 80 } } },
      { removeNode: { nodeId: 'b' } },
    ])
    expect(graph).toEqual(before)
  })
})
