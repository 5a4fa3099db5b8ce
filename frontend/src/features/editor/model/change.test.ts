import { describe, expect, it } from 'vitest'
import { addNode, connect, joinable, moveNodes, remove } from './change'
import { applyEdits } from './edit'
import { nodeById } from './graph'
import { catalogueOf } from './kind'
import { chain, sampleKind, sampleNode } from './samples'

const set = sampleKind('set', { label: 'Set' })
const edge = (from: string, to: string) => ({ from: { nodeId: from, port: 0 }, to: { nodeId: to, port: 0 } })

describe('adding a node', () => {
  it('puts it to the right of the output it follows, and joins it', () => {
    const graph = chain('a')
    const next = applyEdits(graph, addNode(graph, set, { after: { nodeId: 'a', port: 0 } }, 'new'))
    expect(nodeById(next, 'new')?.position).toEqual({ x: 288, y: 0 })
    expect(next.edges).toEqual([edge('a', 'new')])
  })

  it('puts a second follower below the first', () => {
    const graph = chain('a', 'b')
    const next = applyEdits(graph, addNode(graph, set, { after: { nodeId: 'a', port: 0 } }, 'new'))
    expect(nodeById(next, 'new')?.position).toEqual({ x: 288, y: 96 })
  })

  it('goes into an edge and makes room', () => {
    const graph = chain('a', 'b')
    const next = applyEdits(graph, addNode(graph, set, { into: edge('a', 'b') }, 'new'))
    expect(next.edges).toEqual([edge('a', 'new'), edge('new', 'b')])
    expect(next.nodes.map(({ id, position }) => [id, position.x])).toEqual([
      ['a', 0],
      ['b', 576],
      ['new', 288],
    ])
  })

  it('takes the place of another, with its name and the edges that fit', () => {
    const graph = chain('a', 'b', 'c')
    const next = applyEdits(graph, addNode(graph, set, { instead: 'b' }, 'new'))
    expect(nodeById(next, 'b')).toBeUndefined()
    expect(nodeById(next, 'new')).toMatchObject({ name: 'Node b', kind: 'set', position: { x: 288, y: 0 } })
    expect(next.edges).toEqual([edge('a', 'new'), edge('new', 'c')])
    const ending = sampleKind('end', { outputs: [] })
    expect(applyEdits(graph, addNode(graph, ending, { instead: 'b' }, 'new')).edges).toEqual([
      edge('a', 'new'),
    ])
  })

  it('takes the place of another with what was said of it, and keeps a loop to itself', () => {
    const graph = chain('a', 'b')
    const settings = {
      disabled: true,
      notes: 'why',
      retry: { maxAttempts: 3, waitMs: 10 },
      timeoutSeconds: 5,
    }
    const nodes = graph.nodes.map((node) => (node.id === 'b' ? { ...node, ...settings } : node))
    const looped = { ...graph, nodes, edges: [...graph.edges, edge('b', 'b')] }
    const next = applyEdits(looped, addNode(looped, set, { instead: 'b' }, 'new'))
    expect(nodeById(next, 'new')).toMatchObject(settings)
    expect(next.edges).toEqual([edge('a', 'new'), edge('new', 'new')])
  })

  it('keeps the edge of the output for errors', () => {
    const graph = chain('a', 'b')
    const nodes = graph.nodes.map((node) => ({ ...node, onError: 'ERROR_OUTPUT' as const }))
    const failing = { from: { nodeId: 'a', port: 1 }, to: { nodeId: 'b', port: 0 } }
    const branched = { ...graph, nodes, edges: [failing] }
    const next = applyEdits(branched, addNode(branched, set, { instead: 'a' }, 'new'))
    expect(next.edges).toEqual([{ ...failing, from: { nodeId: 'new', port: 1 } }])
  })

  it('takes the next free name', () => {
    const graph = {
      ...chain('a'),
      nodes: [sampleNode('a', { name: 'Set' }), sampleNode('b', { name: 'Set 2' })],
    }
    const next = applyEdits(graph, addNode(graph, set, null, 'new'))
    expect(nodeById(next, 'new')?.name).toBe('Set 3')
  })

  it('does not join a trigger to what comes before', () => {
    const graph = chain('a')
    const trigger = sampleKind('webhook', { inputs: [], isTrigger: true })
    expect(
      applyEdits(graph, addNode(graph, trigger, { after: { nodeId: 'a', port: 0 } }, 'new')).edges,
    ).toEqual([])
  })
})

describe('connecting', () => {
  const catalogue = catalogueOf([set, sampleKind('webhook', { inputs: [] })])

  it('joins an output to an input', () => {
    expect(connect(chain('a', 'b'), catalogue, edge('a', 'b'))).toEqual([{ addEdge: edge('a', 'b') }])
  })

  it('refuses a node to itself and a port that is not there', () => {
    const graph = { ...chain('a'), nodes: [sampleNode('a'), sampleNode('t', { kind: 'webhook' })] }
    expect(connect(graph, catalogue, edge('a', 'a'))).toEqual([])
    expect(connect(graph, catalogue, edge('a', 't'))).toEqual([])
  })
})

describe('connecting two that are selected', () => {
  const catalogue = catalogueOf([
    sampleKind('noOp'),
    sampleKind('if', { outputs: [{ name: 'true' }, { name: 'false' }] }),
  ])
  const place = (id: string, x: number, kind: string) => sampleNode(id, { kind, position: { x, y: 0 } })
  const graph = {
    ...chain(),
    nodes: [place('right', 400, 'noOp'), place('left', 0, 'if'), place('far', 800, 'noOp')],
  }

  it('goes from the left to the right, and then from the next free output', () => {
    const once = applyEdits(graph, joinable(graph, catalogue, ['right', 'left']))
    expect(once.edges).toEqual([edge('left', 'right')])
    const twice = applyEdits(once, joinable(once, catalogue, ['left', 'far']))
    expect(twice.edges.at(-1)).toEqual({ from: { nodeId: 'left', port: 1 }, to: { nodeId: 'far', port: 0 } })
  })

  it('is nothing where they are joined already, or are not two', () => {
    const joined = applyEdits(graph, joinable(graph, catalogue, ['right', 'far']))
    expect(joinable(joined, catalogue, ['right', 'far'])).toEqual([])
    expect(joinable(graph, catalogue, ['left'])).toEqual([])
    expect(joinable(graph, catalogue, ['left', 'right', 'far'])).toEqual([])
  })
})

describe('removing', () => {
  it('leaves the neighbours of a node in a chain joined', () => {
    const graph = chain('a', 'b', 'c')
    expect(applyEdits(graph, remove(graph, ['b'], [])).edges).toEqual([edge('a', 'c')])
  })

  it('joins nothing when several nodes go', () => {
    const graph = chain('a', 'b', 'c')
    expect(applyEdits(graph, remove(graph, ['a', 'b'], [])).edges).toEqual([])
  })
})

describe('moving', () => {
  it('snaps to the grid and leaves out what did not move', () => {
    const graph = chain('a', 'b')
    const places = new Map([
      ['a', { x: 13, y: 3 }],
      ['b', { x: 288, y: 0 }],
    ])
    expect(moveNodes(graph, places)).toEqual([{ moveNode: { nodeId: 'a', position: { x: 16, y: 0 } } }])
  })
})
