import { describe, expect, it } from 'vitest'
import { changedSince, leadingTo } from './changed'
import type { Graph, GraphNode } from './graph'
import { chain, sampleNode } from './samples'

const before = chain('a', 'b', 'c')

function withNode(id: string, change: Partial<GraphNode>): Graph {
  return { ...before, nodes: before.nodes.map((node) => (node.id === id ? { ...node, ...change } : node)) }
}

const changed = (now: Graph) => [...changedSince(now, before)].toSorted()

describe('what changed since an execution', () => {
  it('is nothing where nothing was changed but what people see', () => {
    expect(changed(before)).toEqual([])
    expect(changed(withNode('a', { name: 'Other', position: { x: 9, y: 9 }, notes: 'Why' }))).toEqual([])
    expect(changed(withNode('a', { retry: { maxAttempts: 2, waitMs: 1 } }))).toEqual([])
  })

  it('is a node and every one after it', () => {
    expect(changed(withNode('b', { parameters: { x: 1 } }))).toEqual(['b', 'c'])
    expect(changed(withNode('c', { disabled: true }))).toEqual(['c'])
    expect(changed({ ...before, pinnedData: { b: [{ json: {} }] } })).toEqual(['b', 'c'])
  })

  it('does not depend on the order of what an object holds', () => {
    const old = withNode('b', { parameters: { x: 1, y: { z: [1], w: null } } })
    const now = withNode('b', { parameters: { y: { w: null, z: [1] }, x: 1 } })
    expect([...changedSince(now, old)]).toEqual([])
    expect([...changedSince(withNode('b', { parameters: { x: 1, y: [] } }), old)]).toEqual(['b', 'c'])
  })

  it('is what an edge leads to, and goes around a loop once', () => {
    expect(changed({ ...before, edges: before.edges.slice(0, 1) })).toEqual(['c'])
    const back = { from: { nodeId: 'c', port: 0 }, to: { nodeId: 'b', port: 0 } }
    expect(changed({ ...before, edges: [...before.edges, back] })).toEqual(['b', 'c'])
  })

  it('is a new node, and everything in another time zone', () => {
    expect(changed({ ...before, nodes: [...before.nodes, sampleNode('d')] })).toEqual(['d'])
    expect(changed({ ...before, settings: { timezone: 'Europe/Paris' } })).toEqual(['a', 'b', 'c'])
    expect(changed({ ...before, settings: { maxSteps: 3 } })).toEqual([])
  })
})

it('leads to a node what is before it, and the node itself', () => {
  const [, b] = before.nodes
  expect(leadingTo(before, b as GraphNode).map(({ id }) => id)).toEqual(['b', 'a'])
})
