import type { WorkflowEdit } from '@/gql/graphql'
import { moveNodes } from './change'
import type { Graph, Point } from './graph'
import { isNote } from './note'
import { card } from './place'

/** Lays nodes out from left to right along their edges; the first node's corner stays where it is. */
export async function tidy(graph: Graph, nodeIds: readonly string[]): Promise<WorkflowEdit[]> {
  const { graphlib, layout } = await import('@dagrejs/dagre')
  const chosen = new Set(nodeIds.length > 1 ? nodeIds : graph.nodes.map((node) => node.id))
  const drawing = new graphlib.Graph()
  drawing.setGraph({ rankdir: 'LR', nodesep: 40, ranksep: 88 })
  drawing.setDefaultEdgeLabel(() => ({}))
  const nodes = graph.nodes.filter((node) => chosen.has(node.id) && !isNote(node))
  for (const node of nodes) drawing.setNode(node.id, { ...card })
  if (nodes.length === 0) return []
  for (const edge of graph.edges) {
    if (chosen.has(edge.from.nodeId) && chosen.has(edge.to.nodeId))
      drawing.setEdge(edge.from.nodeId, edge.to.nodeId)
  }
  layout(drawing)
  const corner = {
    x: Math.min(...nodes.map((n) => n.position.x)),
    y: Math.min(...nodes.map((n) => n.position.y)),
  }
  const laid = nodes.map((node) => {
    const { x, y } = drawing.node(node.id) as Point
    return { id: node.id, x: x - card.width / 2, y: y - card.height / 2 }
  })
  const shift = {
    x: corner.x - Math.min(...laid.map((one) => one.x)),
    y: corner.y - Math.min(...laid.map((one) => one.y)),
  }
  return moveNodes(graph, new Map(laid.map(({ id, x, y }) => [id, { x: x + shift.x, y: y + shift.y }])))
}
