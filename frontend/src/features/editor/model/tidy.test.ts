import { describe, expect, it } from 'vitest'
import { applyEdits } from './edit'
import { sampleNode } from './samples'
import { tidy } from './tidy'

describe('tidying up', () => {
  it('lays a heap out along its edges, on the grid, without overlap', async () => {
    const edge = (from: string, to: string) => ({
      from: { nodeId: from, port: 0 },
      to: { nodeId: to, port: 0 },
    })
    const heap = {
      nodes: ['a', 'b', 'c', 'd'].map((id) => sampleNode(id)),
      edges: [edge('a', 'b'), edge('a', 'c'), edge('c', 'd')],
      settings: {},
      pinnedData: {},
    }
    const laid = applyEdits(heap, await tidy(heap, []))
    const [a, b, c, d] = laid.nodes.map((node) => node.position)
    expect(a?.x).toBeLessThan(b?.x ?? 0)
    expect(b?.x).toBe(c?.x)
    expect(Math.abs((b?.y ?? 0) - (c?.y ?? 0))).toBeGreaterThanOrEqual(64)
    expect(c?.x).toBeLessThan(d?.x ?? 0)
    for (const node of laid.nodes)
      expect([node.position.x % 8, node.position.y % 8].map(Math.abs)).toEqual([0, 0])
  })
})
